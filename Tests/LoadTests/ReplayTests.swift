import HTTP
import History
import Load
import Plan
import Synchronization
import TestKit
import Testing

/// What was recorded is what is sent, when it was recorded. In real time, as sockets are real.
@Suite(.serialized) struct ReplayTests {
    /// When the target had read each request.
    private final class Arrivals: Sendable {
        private let times = Mutex<[String: [Nanoseconds]]>([:])

        func note(_ request: String) {
            let line = String(request.prefix { $0 != "\r\n" })
            times.withLock { $0[line, default: []].append(MonotonicClock.machineTime) }
        }

        func times(of line: String) -> [Nanoseconds] { times.withLock { $0[line, default: []].sorted() } }
    }

    private static let table = DataTable(
        name: "replay", columns: ["path", "body", "type"],
        values: [
            ["/items/1?c=red", "/items/2", "/login"], ["", "", "name=a&n=1"],
            ["", "", "application/x-www-form-urlencoded"],
        ],
        order: .inTurn, turns: [0, 2, 1, 0, 1, 0])

    private static func field(_ column: Int) -> Template {
        Template([.field(table: 0, column: column, .plain)])
    }

    private static let requests = [
        Request(
            route: "GET /items/*", weight: 5 / 6, method: .get, path: field(0),
            expectedStatuses: Array(200..<400) + [404]),
        Request(
            route: "POST /login", weight: 1 / 6, method: .post, path: field(0),
            headers: [Request.Header(name: "Content-Type", value: field(2))],
            body: Request.Body(contentType: "application/octet-stream", template: field(1))),
    ]

    private static let offsets: [Nanoseconds] = [
        .zero, .milliseconds(20), .milliseconds(400), .milliseconds(400), .milliseconds(900),
        .milliseconds(1_300),
    ]

    private static let replay = Replay(
        offsets: offsets, routes: [0, 1, 0, 0, 0, 0], duration: .seconds(2))

    @Test func `beside another load each request is still the one that was recorded`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let other = Play.get(timeout: .seconds(2), deadline: .seconds(4))
        let plan = Plan(
            name: "test",
            streams: [
                Stream(name: "other", load: Play.hold(20, for: 0.5), requestCount: 1),
                Stream(name: "log", load: .replay(Self.replay), requestCount: 2),
            ],
            requests: [other] + Self.requests, tables: [Self.table])
        let play = try await Play.run(plan, port: target.port)
        #expect(play.summary.ok == 16 && play.summary.planned == 16)
        let lines = target.requests.map { String($0.prefix { $0 != "\r\n" }) }.filter {
            $0 != "GET / HTTP/1.1"
        }
        #expect(
            lines.sorted() == [
                "GET /items/1?c=red HTTP/1.1", "GET /items/1?c=red HTTP/1.1", "GET /items/1?c=red HTTP/1.1",
                "GET /items/2 HTTP/1.1", "GET /items/2 HTTP/1.1", "POST /login HTTP/1.1",
            ])
    }

    @Test(arguments: [1, 2])
    func `each request is sent as it was recorded, and not before its time`(_ workers: Int) async throws {
        let arrivals = Arrivals()
        let target = try ScriptedTarget { _, request in
            arrivals.note(request)
            return .ok
        }
        defer { target.stop() }
        let origin = MonotonicClock.machineTime
        let play = try await Play.run(
            .replay(Self.replay), port: target.port, requests: Self.requests, workers: workers,
            origin: origin,
            tables: [Self.table])
        #expect(play.summary.planned == 6 && play.summary.ok == 6)
        #expect(play.summary.loadEnded == .seconds(2) && !play.summary.wasStopped)
        let recorded: [String: [Int]] = [
            "GET /items/1?c=red HTTP/1.1": [0, 3, 5], "GET /items/2 HTTP/1.1": [2, 4],
            "POST /login HTTP/1.1": [1],
        ]
        for (line, places) in recorded {
            let times = arrivals.times(of: line)
            #expect(times.count == places.count, "\(line)")
            for (time, place) in zip(times, places) {
                #expect(time >= origin + Self.offsets[place], "\(line)")
            }
        }
        let login = try #require(target.requests.first { $0.hasPrefix("POST") })
        #expect(login.contains("Content-Type: application/x-www-form-urlencoded\r\n"))
        #expect(login.hasSuffix("Content-Length: 10\r\n\r\nname=a&n=1"))
        // By the second in which they were due.
        let planned = play.rows.map { [$0.second, $0.route, Int($0.planned)] }
        #expect(planned == [[0, 0, 4], [0, 1, 1], [1, 0, 1]])
    }

    @Test func `a refusal that was recorded is no failure`() async throws {
        let target = try ScriptedTarget { _, _ in
            .bytes(Array("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".utf8))
        }
        defer { target.stop() }
        let replay = Replay(
            offsets: [.zero, .zero, .milliseconds(10)], routes: [0, 1, 0], duration: .seconds(1))
        let play = try await Play.run(
            .replay(replay), port: target.port, requests: Self.requests, tables: [Self.table])
        #expect(play.summary.ok == 2)
        #expect(play.failures == [.unexpectedStatus: 1])
    }
}
