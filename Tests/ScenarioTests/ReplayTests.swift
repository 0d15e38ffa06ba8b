import Foundation
import Plan
import Scenario
import Testing

/// `replay`: recordings of each format become a load with its own requests and times.
@Suite struct ReplayTests {
    @Test func `a log of whole seconds is spread over them, in its own order`() throws {
        let plan = try Recording.plan(
            """
            ::1 - - [10/Oct/2026:13:55:37 -0700] "GET /b HTTP/1.1" 200 1
            10.0.0.1 - frank [10/Oct/2026:13:55:36 -0700] "GET /items/17?c=red HTTP/1.0" 200 2326
            10.0.0.1 - a [b] c [10/Oct/2026:22:55:36 +0200] "GET /b HTTP/1.1" 304 - "http://r/" "Agent \\"x\\" 1"

            shop.example:80 ::1 - - [10/Oct/2026:20:55:36 +0000] "HEAD /b HTTP/2.0" 200 0\r
            ::1 - - [10/Oct/2026:20:55:39 +0000] "GET /items/17?c=red HTTP/1.1" 404 5

            """)
        let replay = try #require(plan.streams[0].load.replay)
        #expect(
            replay.offsets == [
                .zero, .microseconds(333_333), .microseconds(666_667), .seconds(1), .seconds(3),
            ])
        #expect(replay.duration == .seconds(4) && plan.duration == .seconds(4))
        #expect(plan.requests.map(\.route) == ["GET /items/*", "GET /b", "HEAD /b"])
        #expect(replay.routes == [0, 1, 2, 1, 0])
        #expect(Recording.paths(plan) == ["/items/17?c=red", "/b", "/b", "/b", "/items/17?c=red"])
        #expect(plan.tables[0].values == [["/items/17?c=red", "/b"]])
        #expect(plan.requests.map(\.weight) == [0.4, 0.4, 0.2])
        #expect(plan.requests.map(\.expectedStatuses) == [Array(200..<400) + [404], [], []])
        #expect(plan.requests.allSatisfy { $0.timeout == .seconds(5) && $0.headers.isEmpty })
    }

    @Test func `a balancer's log counts from when requests came`() throws {
        let plan = try Recording.plan(
            Recording.balancer("2026-07-02T22:23:05.000000Z", "2.000 1.500 0.500", "200")
                + Recording.balancer("2026-07-02T22:23:02.250000Z", "-1 -1 -1", "502")
                + Recording.balancer(
                    "2026-07-02T22:23:09.000000Z", "0.1 -1 -1", "504",
                    tail:
                        #" "curl/8" ECDHE TLSv1.2 arn:aws:x "Root=1" "d.test" "arn:y" 0 2026-07-02T22:23:01.5Z "forward""#
                ))
        let replay = try #require(plan.streams[0].load.replay)
        #expect(replay.offsets == [.zero, .milliseconds(500), .milliseconds(1_250)])
        #expect(replay.duration == .seconds(2))
        #expect(Recording.paths(plan) == Array(repeating: "/api/items/7?page=2", count: 3))
        #expect(plan.requests.map(\.route) == ["GET /api/items/*"])
        #expect(plan.requests[0].expectedStatuses == [])
    }

    @Test func `a HAR gives bodies, their type and what is accepted`() throws {
        let plan = try Recording.plan(
            """
            {"log": {"version": "1.2", "entries": [
              {"startedDateTime": "2026-03-01T12:00:01.500+01:00",
               "request": {"method": "POST", "url": "https://shop.example/login#top", "headers": [
                 {"name": "Content-Type", "value": "application/json"}, {"name": "Cookie", "value": "s=1"},
                 {"name": "Accept", "value": "application/json"}, {"name": "Host", "value": "shop.example"}],
                 "postData": {"mimeType": "text/plain", "text": "{\\"n\\": \\"ä {seq}\\"}"}},
               "response": {"status": 401}},
              {"startedDateTime": "2026-03-01T11:00:00Z",
               "request": {"method": "get", "url": "https://user:pw@Shop.example", "headers": []},
               "response": {"status": 200}},
              {"startedDateTime": "2026-03-01T11:00:02.2504Z",
               "request": {"method": "POST", "url": "https://shop.example/login", "postData": {
                 "mimeType": "application/x-www-form-urlencoded", "text": "",
                 "params": [{"name": "a b", "value": "1&2"}, {"name": "c"}]}}}
            ]}}
            """)
        let replay = try #require(plan.streams[0].load.replay)
        #expect(replay.offsets == [.zero, .milliseconds(1_500), .microseconds(2_250_400)])
        #expect(plan.requests.map(\.route) == ["POST /login", "GET /"])
        #expect(replay.routes == [1, 0, 0])
        let table = plan.tables[0]
        #expect(table.columns == ["path", "body", "type", "accept"] && table.turns == nil)
        #expect(table.values[0] == ["/", "/login", "/login"])
        #expect(table.values[1] == ["", "{\"n\": \"ä {seq}\"}", "a%20b=1%262&c="])
        #expect(table.values[2] == ["", "application/json", "application/x-www-form-urlencoded"])
        #expect(table.values[3] == ["*/*", "application/json", "*/*"])
        #expect(plan.requests[0].headers.map(\.name) == ["Accept", "Content-Type"])
        #expect(plan.requests[0].body?.template == Template([.field(table: 0, column: 1, .plain)]))
        #expect(plan.requests[1].headers.map(\.name) == ["Accept"] && plan.requests[1].body == nil)
        #expect(plan.requests[0].expectedStatuses.contains(401))
    }

    @Test(arguments: [
        (#"/a b"#, "/a%20b"), (#"/caf\xC3\xA9?q=\x22\"\\"#, #"/caf%C3%A9?q=""\"#), ("/ä#x", "/%C3%A4%23x"),
        (#"/tab\t\x7f\n"#, "/tab%09%7F%0A"), (#"/\xZZ%20"#, "/xZZ%20"), ("http://h:80/a?b", "/a?b"),
        ("HTTPS://h", nil), ("https://h", "/"), ("https://h?q", "/?q"), ("*", nil), ("a/b", nil),
        ("http:///a", nil), ("//a/./b/../c", "//a/./b/../c"),
    ])
    func `a path is sent as it stands, but for what a request line cannot hold`(
        _ target: String, _ path: String?
    ) throws {
        let line = "a - - [10/Oct/2026:13:55:37 +0000] \"GET \(target) HTTP/1.1\" 200 1\n"
        let found = Recording.parse(line).value.map { Recording.paths($0)[0] }
        #expect(found == path)
    }

    @Test(arguments: [
        ("/a/1/b/22?x=1", "/a/*/b/*"), ("/a/0b9f3c1e-8c11-4f7a-9d53-0c6a9a1f2b3c", "/a/*"),
        ("/o/507f1f77bcf86cd799439011/", "/o/*/"), ("/deadbeef/v2", "/deadbeef/v2"), ("/a-b/1-2", "/a-b/1-2"),
        ("/", "/"), ("/" + String(repeating: "x", count: 90), "/" + String(repeating: "x", count: 78) + "…"),
    ])
    func `a route is the path without what names one thing`(_ path: String, _ pattern: String) throws {
        let plan = try Recording.plan("a - - [10/Oct/2026:13:55:37 +0000] \"GET \(path) HTTP/1.1\" 200 1\n")
        #expect(plan.requests.map(\.route) == ["GET \(pattern)"])
    }

    @Test func `of many routes the most frequent are kept, and each method has others`() throws {
        func line(_ method: String, _ path: String, _ status: Int) -> String {
            "a - - [10/Oct/2026:13:55:37 +0000] \"\(method) \(path) HTTP/1.1\" \(status) 1\n"
        }
        var text = (0..<60).map { line("GET", "/p-\($0)", $0 == 59 ? 410 : 200) }.joined()
        text += (0..<3).map { _ in line("DELETE", "/often", 204) }.joined() + line("DELETE", "/rare", 204)
        let plan = try Recording.plan(text)
        let routes = plan.requests.map(\.route)
        #expect(routes.count == 40 && Set(routes).count == 40)
        #expect(routes.prefix(2) == ["DELETE /often", "GET /p-0"])
        #expect(routes.suffix(2) == ["GET (other)", "DELETE (other)"])
        #expect(plan.requests[38].expectedStatuses.last == 410 && plan.requests[39].expectedStatuses == [])
        #expect(abs(plan.requests.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
        let replay = try #require(plan.streams[0].load.replay)
        for (place, path) in Recording.paths(plan).enumerated()
        where routes[Int(replay.routes[place])] == "GET \(path)" {
            #expect(path != "/p-59")
        }
    }

    @Test func `one method and path with and without a body are two routes`() throws {
        func entry(_ second: Int, _ body: String) -> String {
            """
            {"startedDateTime": "2026-03-01T11:00:0\(second)Z",
             "request": {"method": "PUT", "url": "http://h/a/\(second)"\(body)}}
            """
        }
        let post = #", "postData": {"text": "x"}"#
        let plan = try Recording.plan(
            "{\"log\": {\"entries\": [\(entry(1, post)), \(entry(2, "")), \(entry(3, post))]}}")
        #expect(plan.requests.map(\.route) == ["PUT /a/*", "PUT /a/* (2)"])
        #expect(plan.requests[0].body != nil && plan.requests[1].body == nil)
        #expect(plan.tables[0].values[2] == ["application/octet-stream", "", "application/octet-stream"])
    }

    @Test func `a percentage plays it faster or slower`() throws {
        func offsets(_ words: String) throws -> [Nanoseconds] {
            let plan = try Recording.plan(Recording.twoSeconds, words)
            return try #require(plan.streams[0].load.replay).offsets
        }
        #expect(try offsets("") == [.zero, .milliseconds(500), .seconds(2)])
        #expect(try offsets(" at 200%") == [.zero, .milliseconds(250), .seconds(1)])
        #expect(try offsets(" at 12.5%") == [.zero, .seconds(4), .seconds(16)])
    }

    @Test func `all else of a scenario goes with it`() throws {
        let plan = try Recording.plan(
            Recording.twoSeconds, "\n    over http2\n    reconnect for each request")
        #expect(plan.transport == .http2 && plan.streams[0].reconnect == .eachRequest)
        #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
        let text = Recording.scenario(" at 200%")
        #expect(Scenario.format(text) == text)
    }

    @Test func `no broken recording is too much`() {
        let common = Array(Recording.twoSeconds.utf8)
        let balancer = Array(Recording.balancer("2026-07-02T22:23:05Z", "0.1 0.1 0.1", "200").utf8)
        let page = Array(
            #"{"log":{"entries":[{"startedDateTime":"2026-03-01T11:00:00Z","request":{"method":"GET","url":"http://h/"}}]}}"#
                .utf8)
        var draw = Draw(seed: 5, run: "replay", index: 0)
        for whole in [common, balancer, page] {
            for end in whole.indices { Recording.check(Array(whole[..<end])) }
            for _ in 0..<1_000 {
                var bytes = whole
                for _ in 0..<3 {
                    let place = Int(draw.int(in: 0...Int64(bytes.count - 1)))
                    bytes[place] = UInt8(truncatingIfNeeded: draw.next())
                }
                Recording.check(bytes)
            }
        }
        Recording.check(Array(repeating: 0x5B, count: 100_000) + [0x5D])
        Recording.check(Array("{\"log\": ".utf8) + Array(repeating: 0x5B, count: 100_000))
    }
}
