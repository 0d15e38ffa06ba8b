import Foundation
import Plan
import Scenario
import Testing

/// `requests in order`: the journey of each user, and the values it takes.
@Suite struct JourneyTests {
    private static let text = #"""
        scenario "Shopping"

        load
            hold 5 users for 1m

        data
            users from "u.csv"

        requests in order
            POST /login  form "name={users.name}"  expect 200  take token from json "$.data[0]['a key']"
                take csrf-1 from header "X-CSRF"
            GET  /me/{token}?a={users.name}  header "Authorization: Bearer {token}"  timeout 1s
            POST /orders  json {"token": "{token}", "n": {csrf-1}, "x": {"a": 1}}  take order_id from json "$"
            GET  /form  take field from regex "name=\"f\" value=\"([^\"]+)\""
            POST /bye     form "order={order_id}"

        expect
            error rate  < 1%

        """#

    private static func parse(_ text: String) -> Reading<Plan> {
        Scenario.parse(text: text, file: "a.scn") { _ in .success(Array("id,name\n1,Ann\n".utf8)) }
    }

    private static func plan() throws -> Plan {
        let reading = parse(text)
        for finding in reading.findings { Issue.record("\(finding)") }
        return try #require(reading.value)
    }

    @Test func `steps have equal parts, and their values are numbered as they are taken`() throws {
        let plan = try Self.plan()
        #expect(plan.streams[0].journey == Journey(values: ["token", "csrf-1", "order_id", "field"]))
        #expect(plan.requests.map(\.weight) == [0.2, 0.2, 0.2, 0.2, 0.2])
        #expect(plan.requests.map(\.method) == [.post, .get, .post, .get, .post])
        #expect(plan.requests[0].route == "POST /login")
        #expect(
            plan.requests[0].captures == [
                Capture(value: 0, from: .json(JSONPath([.key("data"), .index(0), .key("a key")]))),
                Capture(value: 1, from: .header("X-CSRF")),
            ])
        let field = try Pattern(#"name="f" value="([^"]+)""#)
        #expect(plan.requests[3].captures == [Capture(value: 3, from: .regex(field))])
        #expect(Capture.Source.regex(field).description == #"regex "name=\"f\" value=\"([^\"]+)\"""#)
        #expect(plan.requests[2].captures == [Capture(value: 2, from: .json(JSONPath([])))])
        #expect(
            plan.requests[0].captures.map(\.source.description) == [
                "json \"$.data[0]['a key']\"", "header \"X-CSRF\"",
            ])
    }

    @Test func `a value is written as its place asks, as one of data is`() throws {
        let plan = try Self.plan()
        func text(_ template: Template) -> String {
            var draw = Draw(seed: 1, run: "r", index: 0)
            return template.render(&draw, tables: plan.tables, taken: ["a/\"b", "7", "x y"])
        }
        #expect(text(plan.requests[1].path) == "/me/a%2F%22b?a=Ann")
        #expect(text(plan.requests[1].headers[0].value) == "Bearer a/\"b")
        #expect(
            text(try #require(plan.requests[2].body?.template))
                == #"{"token": "a/\"b", "n": 7, "x": {"a": 1}}"#)
        #expect(text(try #require(plan.requests[4].body?.template)) == "order=x%20y")
    }

    @Test func `it comes through JSON as it was, and a Plan from before has none`() throws {
        let plan = try Self.plan()
        #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
        let mix = try Sample.plan([])
        #expect(mix.streams[0].journey == nil && mix.requests.allSatisfy { $0.captures.isEmpty })
        var old = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(mix)) as? [String: Any])
        var requests = try #require(old["requests"] as? [[String: Any]])
        for index in requests.indices { requests[index]["captures"] = nil }
        old["requests"] = requests
        #expect(old["journey"] == nil)
        let read = try JSONDecoder().decode(Plan.self, from: JSONSerialization.data(withJSONObject: old))
        #expect(read == mix)
    }

    @Test func `fmt lays a journey out, and twice is once`() {
        let crowded = """
            requests   in order
              POST   /login form "a=1" take form from   json "$.t" expect 200 take u from header "U"
              GET /a/{form}
                take v from json "$.v"   timeout 1s
              DELETE /api/{v}   expect 204
            """
        let laidOut = """
            requests in order
                POST   /login  form "a=1"  take form from json "$.t"  expect 200  take u from header "U"
                GET    /a/{form}
                    take v from json "$.v"  timeout 1s
                DELETE /api/{v}  expect 204

            """
        #expect(Scenario.format(crowded) == laidOut)
        #expect(Scenario.format(laidOut) == laidOut)
    }
}
