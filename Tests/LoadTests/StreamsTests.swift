import History
import Load
import Plan
import TestKit
import Testing

/// Several loads at once on real sockets, in real time.
@Suite(.serialized) struct StreamsTests {
    private static func tracked(_ path: String) -> Request {
        Request(
            route: path, weight: 1, method: .post, path: Template(literal: path),
            body: Request.Body(contentType: "text/plain", template: Template([.seq, .literal(" "), .uuid])),
            tracking: Tracking(readBack: Template([.literal("/"), .uuid])), timeout: .seconds(2),
            deadline: .seconds(4))
    }

    private static let get = Play.get(timeout: .seconds(2), deadline: .seconds(4))

    @Test func `each stream sends its own requests at its own rate, and users beside them`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        func read(_ path: String, _ weight: Double = 1) -> Request {
            var request = Self.get
            (request.route, request.path, request.weight) = (path, Template(literal: path), weight)
            return request
        }
        let plan = Plan(
            name: "test",
            streams: [
                Stream(load: Play.hold(200, for: 1), requestCount: 2),
                Stream(name: "slow", load: Play.hold(20, for: 0.5), arrivals: .even, requestCount: 1),
                Stream(
                    name: "users",
                    load: .closed(
                        users: 1, duration: .seconds(1),
                        think: ThinkTime(shortest: .milliseconds(100), longest: .milliseconds(100))),
                    reconnect: .eachRequest, requestCount: 1),
            ],
            requests: [read("/a", 0.5), read("/b", 0.5), read("/slow"), read("/user")])
        let play = try await Play.run(plan, port: target.port)
        let planned = (0..<4).map { route in
            play.rows.filter { $0.route == route }.reduce(0) { $0 + $1.planned }
        }
        #expect(planned[0] + planned[1] == 200 && planned[0] > 60 && planned[1] > 60)
        #expect(planned[2] == 10)
        // A user that thinks for 100 ms can send ten in a second, and sends some however busy the machine is.
        #expect((2...10).contains(planned[3]), "\(planned[3])")
        #expect(play.summary.failed == 0 && play.summary.dropped == 0)
        for (route, path) in ["/a", "/b", "/slow", "/user"].enumerated() {
            let sent = target.requests.filter { $0.hasPrefix("GET \(path) ") }
            #expect(sent.count == Int(planned[route]), "\(path)")
            // `reconnect` is the stream's own.
            #expect(sent.allSatisfy { $0.contains("Connection: close") == (path == "/user") })
        }
    }

    @Test func `tracked writes of all streams have numbers and rows of their own`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let plan = Plan(
            name: "test",
            streams: [
                Stream(load: Play.hold(100, for: 0.3), requestCount: 1),
                Stream(name: "rare", load: Play.hold(10, for: 0.3), requestCount: 1),
            ],
            requests: [Self.tracked("/often"), Self.tracked("/rare")])
        let play = try await Play.run(plan, port: target.port)
        let ledger = play.ledger
        #expect(ledger.count == 33 && ledger.values.allSatisfy { $0.answer == .acknowledged })
        // The streams take turns in the numbers.
        #expect(ledger.values.filter { $0.route == 0 }.map(\.index).sorted() == (0..<30).map { $0 * 2 })
        #expect(ledger.values.filter { $0.route == 1 }.map(\.index).sorted() == [1, 3, 5])
        #expect(Set(ledger.values.map(\.key)).count == 33)
        for entry in ledger.values {
            #expect(entry.body == "\(entry.index) \(entry.key)")
            let path = entry.route == 0 ? "/often" : "/rare"
            #expect(target.requests.contains { $0.hasPrefix("POST \(path) ") && $0.hasSuffix(entry.body) })
        }
    }

    @Test func `a stop ends all streams`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let plan = Plan(
            name: "test",
            streams: [
                Stream(load: Play.hold(50, for: 60), requestCount: 1),
                Stream(name: "b", load: .closed(users: 1, duration: .seconds(60)), requestCount: 1),
            ],
            requests: [Self.get, Self.get])
        let play = try await Play.run(plan, port: target.port) { engine in
            Task {
                try await Task.sleep(for: .milliseconds(300))
                engine.stop()
            }
        }
        #expect(play.summary.wasStopped && play.summary.loadEnded < .seconds(30))
        #expect(Set(play.rows.map(\.route)) == [0, 1])
    }
}
