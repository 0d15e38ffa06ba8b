import Testing

/// Every finding about a journey and the values it takes, quoted in full.
@Suite struct JourneyDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    /// The sample with users in the place of rates, and these steps in the place of its mix.
    private static func journey(_ steps: String..., head: String = "requests in order") -> [Edit] {
        [
            Edit("warm up at 20/s", to: "warm up with 2 users"), Edit("hold 80/s", to: "hold 5 users"),
            Edit("requests\n    60%  GET  /api/items/{int 1..500}\n", to: head + "\n"),
            Edit(
                "40%  POST /api/items  json {\"id\": \"{uuid}\"}  expect 201  tracked",
                to: steps.joined(separator: "\n    ")),
            Edit("lost writes  = 0\n    ", to: ""),
        ]
    }

    private static let login = "POST /login  take token from json \"$.token\""

    static let cases: [Diagnostic] = [
        Diagnostic(
            "a journey without users",
            edits: [
                Edit("hold 5 users", to: "hold 80/s"), Edit("warm up with 2 users", to: "warm up at 20/s"),
            ]
            .reduce(into: journey(login)) { $0.append($1) },
            says: #"""
                a.scn:9:10: error: a journey in a load that has rates
                requests in order
                         ^~
                note: a user waits for each answer before it goes on; with a rate, requests are due whatever the answers do
                help: say users instead of rates, for example: hold 50 users for 9m
                """#),
        Diagnostic(
            "a share in a journey",
            edits: journey("50%  GET /a", login),
            says: #"""
                a.scn:10:5: error: the share `50%` of a request that stands in order
                    50%  GET /a
                    ^~~
                note: each user sends all requests of a journey, one after the other
                help: leave it out; or leave out `in order`, for a mix
                """#),
        Diagnostic(
            "no share in a mix",
            edits: journey("GET /a", head: "requests"),
            says: #"""
                a.scn:10:5: error: the request has no weight before `GET`
                    GET /a
                    ^~~
                help: begin with its share of the requests: 100%  GET …
                """#),
        Diagnostic(
            "another word after in",
            edits: journey(login, head: "requests in oder"),
            says: #"""
                a.scn:9:13: error: expected `order`, found `oder`
                requests in oder
                            ^~~~
                help: did you mean `order`?
                """#),
        Diagnostic(
            "a word too many",
            edits: journey(login, head: "requests in order twice"),
            says: #"""
                a.scn:9:19: error: `twice` is one word too many
                requests in order twice
                                  ^~~~~
                help: it reads: requests in order
                """#),
        Diagnostic(
            "an empty journey",
            edits: journey("# nothing"),
            says: #"""
                a.scn:9:1: error: `requests` is empty
                requests in order
                ^~~~~~~~
                help: for example: GET /
                """#),
        Diagnostic(
            "a tracked write in a journey",
            edits: journey("POST /a  json {\"id\": \"{uuid}\"}  tracked"),
            says: #"""
                a.scn:10:37: error: a tracked write in a journey
                    POST /a  json {"id": "{uuid}"}  tracked
                                                    ^~~~~~~
                note: it is written down ahead, by its number alone; in a journey that does not say yet who sends what
                help: leave it out, or track the write in a mix, in a scenario of its own
                """#),
        Diagnostic(
            "a value taken in a mix",
            edits: journey("50%  \(login)", "50%  GET /a/{token}", head: "requests"),
            says: #"""
                a.scn:10:23: error: `take` in a mix of requests
                    50%  POST /login  take token from json "$.token"
                                      ^~~~
                note: the requests of a mix have no order: which of them comes before another is drawn
                help: write `requests in order`, and leave the percentages out
                """#),
        Diagnostic(
            "a value that comes too late",
            edits: journey("GET /a/{token}", login),
            says: #"""
                a.scn:10:12: error: the value `token` has not been taken yet
                    GET /a/{token}
                           ^~~~~~~
                help: it is taken on line 11, from an answer: move this request behind that one
                """#),
        Diagnostic(
            "a value in the request that takes it",
            edits: journey("POST /login  header \"X: {token}\"  take token from json \"$.token\""),
            says: #"""
                a.scn:10:29: error: the value `token` has not been taken yet
                    POST /login  header "X: {token}"  take token from json "$.token"
                                            ^~~~~~~
                help: it is taken on line 10, from an answer: move this request behind that one
                """#),
        Diagnostic(
            "a misspelt value",
            edits: journey(login, "GET /a/{tokn}", "POST /a  json {\"t\": \"{tken}\"}"),
            says: #"""
                a.scn:11:12: error: `{tokn}` is not a placeholder
                    GET /a/{tokn}
                           ^~~~~~
                help: did you mean `{token}`?
                a.scn:12:26: error: `{tken}` is not a placeholder
                    POST /a  json {"t": "{tken}"}
                                         ^~~~~~
                help: did you mean `{token}`?
                """#),
        Diagnostic(
            "a value that nobody takes",
            edits: journey(login, "GET /a/{customer}"),
            says: #"""
                a.scn:11:12: error: `{customer}` is not a placeholder
                    GET /a/{customer}
                           ^~~~~~~~~~
                help: placeholders: {int 1..500}, {seq}, {uuid}, {one of red, green}, {token}
                """#),
        Diagnostic(
            "a value taken twice",
            edits: journey(login, "GET /a  take token from header \"X\""),
            says: #"""
                a.scn:11:18: error: a second value `token`
                    GET /a  take token from header "X"
                                 ^~~~~
                note: the first is on line 10
                help: leave one of them, or rename it
                """#),
        Diagnostic(
            "a value called as a placeholder",
            edits: journey("GET /a  take seq from header \"X\""),
            says: #"""
                a.scn:10:18: error: a value called `seq`, as a placeholder is
                    GET /a  take seq from header "X"
                                 ^~~
                help: choose another name
                """#),
        Diagnostic(
            "no name for a value",
            edits: journey("GET /a  take 1 from json \"$.x\"  expect 200"),
            says: #"""
                a.scn:10:18: error: `1` is not a name for a value
                    GET /a  take 1 from json "$.x"  expect 200
                                 ^
                help: it reads: take token from json "$.token"; a name has letters, digits, - and _
                """#),
        Diagnostic(
            "a value from nowhere",
            edits: journey("GET /a  take t from cookie \"X\"  timeout 1"),
            says: #"""
                a.scn:10:25: error: expected `json`, `header` or `regex`, found `cookie`
                    GET /a  take t from cookie "X"  timeout 1
                                        ^~~~~~
                help: it reads: take token from json "$.token"
                a.scn:10:45: error: `1` has no unit
                    GET /a  take t from cookie "X"  timeout 1
                                                            ^
                help: a duration is in us, ms, s, m or h, as in 1s
                """#),
        Diagnostic(
            "a path to many values",
            edits: journey("GET /a  take t from json \"$.items[*].id\""),
            says: #"""
                a.scn:10:39: error: `$.items[*].id` is not the path of one value in json
                    GET /a  take t from json "$.items[*].id"
                                                      ^
                help: a path has keys and places, and means one value: $.items[0].id, $['first name']
                """#),
        Diagnostic(
            "a path without its end",
            edits: journey("GET /a  take t from json \"$.items[0\""),
            says: #"""
                a.scn:10:40: error: `$.items[0` is not the path of one value in json
                    GET /a  take t from json "$.items[0"
                                                       ^
                help: a path has keys and places, and means one value: $.items[0].id, $['first name']
                """#),
        Diagnostic(
            "a header with its value",
            edits: journey("GET /a  take t from header \"X-Token: 1\""),
            says: #"""
                a.scn:10:32: error: `X-Token: 1` is not the name of a header
                    GET /a  take t from header "X-Token: 1"
                                               ^~~~~~~~~~~~
                help: only its name: take token from header "X-Token"
                """#),
        Diagnostic(
            "a value from an answer without a body",
            edits: journey("HEAD /a  take t from json \"$.t\""),
            says: #"""
                a.scn:10:26: error: the answer to HEAD has no body to take a value from
                    HEAD /a  take t from json "$.t"
                                         ^~~~
                help: take it from a header, or use GET
                """#),
        Diagnostic(
            "a regular expression without a group",
            edits: journey(#"GET /a  take t from regex "id=\\d+""#),
            says: #"""
                a.scn:10:31: error: a regular expression has one group in parentheses, which is the value
                    GET /a  take t from regex "id=\\d+"
                                              ^~~~~~~~~
                help: there are . [a-z] [^\"] \\d \\w \\s, each also with * + ? *? +? ??, and one group: id=(\\d+)
                """#),
        Diagnostic(
            "a regular expression with alternatives",
            edits: journey(#"GET /a  take t from regex "(a|b)""#),
            says: #"""
                a.scn:10:31: error: `|` as sign 3 of a regular expression is not known here
                    GET /a  take t from regex "(a|b)"
                                              ^~~~~~~
                help: there are . [a-z] [^\"] \\d \\w \\s, each also with * + ? *? +? ??, and one group: id=(\\d+)
                """#),
        Diagnostic(
            "steps that are not indented",
            edits: journey("GET /a").map { $0.new == "GET /a" ? Edit($0.old, to: "GET /a\nPOST /b") : $0 },
            says: #"""
                a.scn:11:1: error: `POST` is a statement of `requests`, and is not indented
                POST /b
                ^~~~
                help: move it under `requests` and indent it by four spaces
                """#),
    ]
}
