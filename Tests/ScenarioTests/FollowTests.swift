import Plan
import Scenario
import Testing

/// `follow`: redirects are followed.
@Suite struct FollowTests {
    private static func parse(_ request: String) -> Reading<Plan> {
        let text = """
            scenario "On"

            load
                hold 1/s for 1m

            requests
                50%  \(request)
                50%  GET /other

            expect
                error rate  < 1%

            """
        return Scenario.parse(text: text, file: "a.scn") { _ in .failure(.directory) }
    }

    @Test func `a request follows if it says so, and only that one`() throws {
        let reading = Self.parse("POST /login  form \"a=b\"  follow  expect 200, 304")
        for finding in reading.findings { Issue.record("\(finding)") }
        let requests = try #require(reading.value).requests
        #expect(requests.map(\.redirects) == [.followed, .kept])
        #expect(requests[0].expectedStatuses == [200, 304])
    }

    @Test(arguments: [
        (
            "json {\"id\": \"{uuid}\"}  follow  tracked",
            #"""
            a.scn:7:42: error: `follow` and `tracked` in one request
                50%  POST /a  json {"id": "{uuid}"}  follow  tracked
                                                     ^~~~~~
            note: a tracked write counts by its own answer, and a redirect does not say that it was made
            help: leave one of them
            """#
        ),
        (
            "expect 200, 302  follow",
            #"""
            a.scn:7:36: error: `follow` and `expect 302` in one request
                50%  POST /a  expect 200, 302  follow
                                               ^~~~~~
            note: a redirect is followed, and the last answer is the one that is expected
            help: leave 302 out, or leave out `follow`: then the redirect is the answer
            """#
        ),
        (
            "follow  follow",
            #"""
            a.scn:7:27: error: a second `follow` in one statement
                50%  POST /a  follow  follow
                                      ^~~~~~
            help: leave one of them
            """#
        ),
        (
            "follow redirects",
            #"""
            a.scn:7:26: error: expected a clause of the request, found `redirects`
                50%  POST /a  follow redirects
                                     ^~~~~~~~~
            help: there are: json, text, form, file, header, basic, expect, follow, tracked, timeout, deadline, take
            """#
        ),
    ])
    func `a finding says what, where and how to put it right`(_ clauses: String, _ expected: String) {
        let found = Self.parse("POST /a  \(clauses)").findings.map(\.description).joined(separator: "\n")
        #expect(found == expected)
    }
}
