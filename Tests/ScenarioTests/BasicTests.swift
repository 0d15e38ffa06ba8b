import Plan
import Scenario
import Testing

/// `basic`: who sends a request.
@Suite struct BasicTests {
    private static let users = "name,password,both,odd,line\nann,a:b,ann:x,a:n,\"1\n2\"\nbob,c,bob:y,bob,3\n"

    private static func parse(_ request: String) -> Reading<Plan> {
        let text = """
            scenario "Who"

            load
                hold 1/s for 1m

            data
                users from "users.csv"

            requests
                100%  \(request)

            expect
                error rate  < 1%

            """
        return Scenario.parse(text: text, file: "a.scn") { _ in .success(Array(users.utf8)) }
    }

    @Test(
        arguments: [
            ("ann:secret", [.literal("ann:secret")]), (":", [.literal(":")]),
            ("ann:s:cret ü", [.literal("ann:s:cret ü")]),
            (
                "{users.name}:{users.password}",
                [.field(table: 0, column: 0, .plain), .literal(":"), .field(table: 0, column: 1, .plain)]
            ),
            ("{users.both}", [.field(table: 0, column: 2, .plain)]),
            ("{one of ann:a, bob:b}", [.oneOf(["ann:a", "bob:b"])]),
            ("user{int 1..9}:{seq}", [.literal("user"), .int(low: 1, high: 9), .literal(":"), .seq]),
        ] as [(String, [Template.Part])])
    func `user and password are a template`(_ text: String, _ parts: [Template.Part]) throws {
        let reading = Self.parse("GET /  basic \"\(text)\"  expect 200")
        for finding in reading.findings { Issue.record("\(finding)") }
        #expect(try #require(reading.value).requests[0].basic == Template(parts))
    }

    @Test(arguments: [
        (
            "basic \"ann\"",
            #"""
            a.scn:10:25: error: no colon divides user and password
                100%  GET /a  basic "ann"
                                    ^~~~~
            help: write both with a colon between them: basic "ann:secret"
            """#
        ),
        (
            "basic \"{users.odd}\"",
            #"""
            a.scn:10:25: error: no colon divides user and password
                100%  GET /a  basic "{users.odd}"
                                    ^~~~~~~~~~~~~
            help: write both with a colon between them: basic "ann:secret"
            """#
        ),
        (
            "basic \"{users.odd}:x\"",
            #"""
            a.scn:10:25: error: a value of `users.odd` has a colon, and stands for the user
                100%  GET /a  basic "{users.odd}:x"
                                    ^~~~~~~~~~~~~~~
            note: the first colon ends the user's name (RFC 7617)
            help: only a password may have one
            """#
        ),
        (
            #"basic "ann:sec\nret""#,
            #"""
            a.scn:10:25: error: user or password hold a line end or another control character
                100%  GET /a  basic "ann:sec\nret"
                                    ^~~~~~~~~~~~~~
            help: leave it out
            """#
        ),
        (
            "basic \"ann:{users.line}\"",
            #"""
            a.scn:10:25: error: a value of `users.line` has a line end or another control character
                100%  GET /a  basic "ann:{users.line}"
                                    ^~~~~~~~~~~~~~~~~~
            help: a header's value is one line
            """#
        ),
        (
            "header \"authorization: Bearer x\"  basic \"ann:secret\"",
            #"""
            a.scn:10:53: error: `basic` beside a header `Authorization`
                100%  GET /a  header "authorization: Bearer x"  basic "ann:secret"
                                                                ^~~~~
            note: it is that header which `basic` writes
            help: leave one of them
            """#
        ),
        (
            "basic \"ann:secret\"  basic \"bob:secret\"",
            #"""
            a.scn:10:39: error: a second `basic` in one statement
                100%  GET /a  basic "ann:secret"  basic "bob:secret"
                                                  ^~~~~
            help: leave one of them
            """#
        ),
        (
            "basic ann:secret",
            #"""
            a.scn:10:25: error: expected a user and a password such as "ann:secret" in quotes, found `ann:secret`
                100%  GET /a  basic ann:secret
                                    ^~~~~~~~~~
            help: "ann:secret"
            """#
        ),
        (
            "basic \"{users.nam}:x\"",
            #"""
            a.scn:10:26: error: the data `users` have no column `nam`
                100%  GET /a  basic "{users.nam}:x"
                                     ^~~~~~~~~~~
            help: did you mean `name`?
            """#
        ),
    ])
    func `a finding says what, where and how to put it right`(_ clauses: String, _ expected: String) {
        let found = Self.parse("GET /a  \(clauses)").findings.map(\.description).joined(separator: "\n")
        #expect(found == expected)
    }
}
