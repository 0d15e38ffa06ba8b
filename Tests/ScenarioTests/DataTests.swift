import Foundation
import Plan
import Scenario
import Testing

/// `data`: files whose rows fill placeholders.
@Suite struct DataTests {
    private static let users = "id,name,bio\r\n1,Ann,\"likes \"\"tea\"\", and\nmilk\"\r\n\n2,Bob,\n"
    private static let terms =
        "{\"word\": \"red\", \"n\": 4}\n\n{\"n\": 5.5, \"word\": \"dark blue\", \"more\": null}\n"

    private static func parse(_ text: String, _ files: [String: String] = [:]) -> Reading<Plan> {
        Scenario.parse(text: text, file: "tests/a.scn") { path in
            files[path].map { .success(Array($0.utf8)) } ?? .failure(.notFound(beside: []))
        }
    }

    private static func scenario(_ data: String, _ requests: String) -> String {
        "scenario \"Data\"\n\nload\n    hold 1/s for 1m\n\ndata\n    \(data)\n\nrequests\n    \(requests)\n\nexpect\n"
            + "    error rate  < 1%\n"
    }

    private static func findings(_ data: String, in text: String, by request: String = "GET /") -> String {
        parse(scenario(data, "100%  \(request)"), ["tests/u.csv": text, "tests/u.jsonl": text]).findings.map(
            \.description
        )
        .joined(separator: "\n")
    }

    @Test func `rows of CSV and of JSON lines fill placeholders, each as its place asks`() throws {
        let text = Self.scenario(
            "users from \"u.csv\"\n    terms from \"t.jsonl\" at random",
            """
            50%  GET   /users/{users.id}?q={terms.word}
                50%  POST  /users  json {"bio": "{users.bio}", "n": {terms.n}}
                    header "X-User: {users.name}"
            """)
        let reading = Self.parse(text, ["tests/u.csv": Self.users, "tests/t.jsonl": Self.terms])
        for finding in reading.findings { Issue.record("\(finding)") }
        let plan = try #require(reading.value)
        #expect(plan.tables.map(\.name) == ["users", "terms"])
        #expect(plan.tables.map(\.order) == [.inTurn, .atRandom])
        #expect(plan.tables[0].columns == ["id", "name", "bio"])
        #expect(plan.tables[0].values == [["1", "2"], ["Ann", "Bob"], ["likes \"tea\", and\nmilk", ""]])
        #expect(plan.tables[1].columns == ["n", "word"])
        #expect(plan.tables[1].values == [["4", "5.5"], ["red", "dark blue"]])
        var draw = Draw(seed: 1, run: "r", index: 0)
        let body = try #require(plan.requests[1].body?.template).render(&draw, tables: plan.tables)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        #expect(object["bio"] as? String == "likes \"tea\", and\nmilk")
        #expect(object["n"] is NSNumber)
        let paths = (0..<UInt64(20)).map { index in
            var draw = Draw(seed: 1, run: "r", index: index)
            return plan.requests[0].path.render(&draw, tables: plan.tables)
        }
        #expect(
            Set(paths).isSubset(of: [
                "/users/1?q=red", "/users/2?q=red", "/users/1?q=dark%20blue", "/users/2?q=dark%20blue",
            ]))
        #expect(plan.requests[0].route == "GET /users/{users.id}?q={terms.word}")
        #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
    }

    @Test(arguments: [
        ("", "u.csv: there is no row"), ("id,name\n", "u.csv: there is no row"),
        ("id,\n1,2\n", "u.csv: column 2 has no name in the first line"),
        ("id,id\n1,2\n", "u.csv: two columns are called `id`"),
        ("id,name\n1,a\n2\n", "u.csv: line 3 has 1 field, the first line 2"),
        ("id,bio\n1,\"a\nb\"\n2,a,b\n", "u.csv: line 4 has 3 fields, the first line 2"),
        ("id\n1\n\"a\n", "u.csv: the quote that opens on line 3 is not closed"),
        ("id\na\"b\n", "u.csv: a quote inside of a field on line 2"),
        ("id\n\"a\"b\n", "u.csv: a quote inside of a field on line 2"),
    ])
    func `a CSV file that is none is said with its line`(_ text: String, _ message: String) {
        let found = Self.findings("users from \"u.csv\"", in: text)
        #expect(found.contains("tests/a.scn:7:16: error: \(message)"), "\(found)")
    }

    @Test(arguments: [
        ("{}\n", "u.jsonl: there is no row"), ("[1]\n", "u.jsonl: line 1 is not a JSON object"),
        ("{\"a\": 1}\n\n{\"a\": \n", "u.jsonl: line 3 is not a JSON object"),
        ("{\"a\": [1]}\n", "u.jsonl: `a` on line 1 is no text, number, true or false"),
        ("{\"a\": 1}\n{\"b\": 1}\n", "u.jsonl: line 2 has no `a`, which the first line has"),
    ])
    func `a file of JSON lines that is none is said with its line`(_ text: String, _ message: String) {
        let found = Self.findings("users from \"u.jsonl\"", in: text)
        #expect(found.contains("tests/a.scn:7:16: error: \(message)"), "\(found)")
    }

    @Test func `a value of a journey is not called as data are`() {
        let text = Self.scenario("users from \"u.csv\"", "GET /  take users from header \"X\"")
            .replacing("hold 1/s", with: "hold 1 user").replacing("requests\n", with: "requests in order\n")
        let found = Self.parse(text, ["tests/u.csv": Self.users]).findings.map(\.description)
        #expect(
            found.count == 1 && found[0].contains("error: a value called `users`, as data are"), "\(found)")
    }

    @Test(arguments: [
        ("users from \"none.csv\"", "GET /", "none.csv: there is no such file"),
        ("users form \"u.csv\"", "GET /", "expected `from`, found `form`"),
        ("users from u.csv", "GET /", "`u.csv`"),
        ("seq from \"u.csv\"", "GET /", "`seq` is not a name for data"),
        ("users from \"u.csv\" at last", "GET /", "expected `in turn` or `at random`, found `at`"),
        ("users from \"u.csv\"\n    users from \"u.csv\"", "GET /", "a second name for data `users`"),
        ("users from \"u.csv\"", "GET /{user.id}", "there is no data called `user`"),
        ("users from \"u.csv\"", "GET /{users.di}", "the data `users` have no column `di`"),
        ("users from \"u.csv\"", "POST / json {\"a\": {users.name}}", "json"),
        ("users from \"u.csv\"", "GET / header \"X: {users.bio}\"", "a value of `users.bio` has a line end"),
    ])
    func `data that cannot be used are said where they stand`(
        _ data: String, _ request: String, _ message: String
    ) {
        let found = Self.findings(data, in: Self.users, by: request)
        #expect(found.contains(message) && found.contains("error"), "\(found)")
    }
}
