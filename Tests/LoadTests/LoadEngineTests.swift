import HTTP
import History
import Load
import Plan
import TestKit
import Testing

/// Real time, as sockets are real; each under two seconds. Counts and classes are asserted, never durations.
@Suite(.serialized) struct LoadEngineTests {
    static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `an open load sends each planned request once`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let play = try await Play.run(Play.hold(400, for: 0.5), port: target.port)
        #expect(play.summary.planned == 200 && play.summary.ok == 200)
        #expect(target.requests.count == 200)
        let request = [
            "GET / HTTP/1.1", "Host: target.test:\(target.port)", "User-Agent: loadchaos/\(Version.current)",
            "Accept: */*", "", "",
        ]
        #expect(target.requests.first == request.joined(separator: "\r\n"))
        #expect(play.rows.map(\.second) == [0])
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", nil),
            ("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", nil),
            ("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", .unexpectedStatus),
            ("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", .application5xx),
            ("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", .balancer5xx),
            ("HTTP/1.1 503 No\r\nServer-Timing: app;dur=1\r\nContent-Length: 0\r\n\r\n", .application5xx),
            ("220 mail.example.test ESMTP\r\n", .badResponse),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", .badResponse),
        ] as [(String, FailureClass?)])
    func `an answer has the class its status and framing give it`(answer: String, failure: FailureClass?)
        async throws
    {
        let target = try ScriptedTarget { _ in .bytes(Self.text(answer)) }
        defer { target.stop() }
        let play = try await Play.run(Play.hold(100, for: 0.2), port: target.port)
        #expect(play.failures == failure.map { [$0: 20] } ?? [:])
        #expect(play.summary.ok == (failure == nil ? 20 : 0))
    }

    @Test func `each answer counts for the hops it tells`() async throws {
        let target = try ScriptedTarget { number in
            let timing =
                switch number % 4 {
                case 0: "Server-Timing: front;dur=3, app;dur=1.250, db;dur=0.5\r\n"
                case 1: "Server-Timing: front;dur=1, app;dur=1.5\r\n"  // the front's clock is coarser
                case 2: "Server-Timing: front;dur=9\r\n"
                default: ""
                }
            let status = number % 8 < 4 ? "200 OK" : "500 No"
            return .bytes(Self.text("HTTP/1.1 \(status)\r\n\(timing)Content-Length: 0\r\n\r\n"))
        }
        defer { target.stop() }
        let hops = [
            System.Hop(name: "front to app", whole: "front", part: "app"),
            System.Hop(name: "app to db", whole: "db"), System.Hop(name: "app to cache", whole: "cache"),
        ]
        let play = try await Play.run(Play.hold(200, for: 0.2), port: target.port, hops: hops)
        var merged = hops.map { _ in LatencyHistogram() }
        for row in play.rows {
            #expect(row.hops.count == 3)
            for place in merged.indices { merged[place].merge(row.hops[place]) }
        }
        // 40 requests, half of them with an error: their time was spent as well.
        #expect(merged.map(\.total) == [20, 10, 0])
        #expect(merged[0].minimum == .zero && merged[0].maximum == .microseconds(1750))
        #expect(merged[1].minimum == .microseconds(500) && merged[1].maximum == .microseconds(500))
        #expect(play.summary.ok == 20)
    }

    @Test func `the longest metric of a system is the longest that can be told apart`() {
        #expect(System.Hop.longestMetric == ServerTimingRoom.longestName)
    }

    @Test func `an answer that ends with the connection is ok, and the next is dialled`() async throws {
        let target = try ScriptedTarget { _ in .bytesThenClose(Self.text("HTTP/1.1 200 OK\r\n\r\nall")) }
        defer { target.stop() }
        let play = try await Play.run(Play.hold(100, for: 0.2), port: target.port)
        #expect(play.summary.ok == 20 && target.connections == 20)
    }

    @Test func `an expected status is ok, and only that`() async throws {
        let target = try ScriptedTarget { number in
            number % 2 == 0 ? .ok : .bytes(Self.text("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))
        }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 0.2), port: target.port, requests: [Play.get(expecting: [404])], workers: 1)
        #expect(play.summary.ok == 10 && play.failures == [.unexpectedStatus: 10])
    }

    @Test func `a reset on a new connection and on a kept one are told apart`() async throws {
        let target = try ScriptedTarget { $0 == 0 ? .ok : .reset }
        defer { target.stop() }
        // One user: the second request goes over the first one's connection, the later ones over new ones.
        let play = try await Play.run(
            .closed(users: 1, duration: .milliseconds(50)), port: target.port, workers: 1)
        #expect(play.summary.ok == 1 && play.failures[.reusedReset] == 1)
        #expect((play.failures[.reset] ?? 0) > 0)
        let nodes = Set(play.rows.flatMap(\.failures).map(\.node))
        #expect(nodes == ["127.0.0.1"])
    }

    @Test func `an idle connection that the server closes is not used again`() async throws {
        let target = try ScriptedTarget(closesAfter: 1)
        defer { target.stop() }
        let play = try await Play.run(Play.hold(10, for: 1), port: target.port, workers: 1)
        #expect(play.summary.ok == 10 && target.connections == 10)
    }

    @Test func `no answer in time is a timeout`() async throws {
        let target = try ScriptedTarget { _ in .stall }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 0.2), port: target.port,
            requests: [Play.get(timeout: .milliseconds(100), deadline: .milliseconds(800))])
        #expect(play.failures == [.timeout: 20])
    }

    @Test func `a body that never ends is cut at the limit`() async throws {
        let target = try ScriptedTarget { _ in .endless }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(20, for: 0.2), port: target.port,
            requests: [Play.get(timeout: .seconds(5), deadline: .seconds(10))], bodyLimit: 1 << 20)
        #expect(play.failures == [.badResponse: 4])
    }

    @Test func `without a free slot a request waits, and at its deadline it is dropped`() async throws {
        let target = try ScriptedTarget { _ in .stall }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 0.2), port: target.port,
            requests: [Play.get(timeout: .milliseconds(700), deadline: .milliseconds(300))], limit: 4,
            workers: 1)
        #expect(play.summary.planned == 20 && play.summary.sent == 4 && play.summary.dropped == 16)
        #expect(play.rows.allSatisfy { $0.droppedByUs == 0 })
    }

    @Test func `what we take up after its deadline though a slot is free is dropped by us`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        // The load has begun a second before we do.
        let play = try await Play.run(
            Play.hold(100, for: 2), port: target.port,
            requests: [Play.get(timeout: .milliseconds(400), deadline: .milliseconds(500))],
            origin: MonotonicClock.machineTime - .seconds(1))
        let ours = play.rows.reduce(0) { $0 + $1.droppedByUs }
        #expect(ours >= 50 && ours == play.summary.dropped)
        // One may be taken up just before its deadline, and be answered after it.
        #expect(play.summary.ok + (play.failures[.deadline] ?? 0) == 200 - ours)
    }

    @Test func `a late answer fails by its deadline though the wire was fast enough`() async throws {
        let target = try ScriptedTarget { _ in .delay(milliseconds: 100) }
        defer { target.stop() }
        // One slot: the second request waits 100 ms for the first, so that it is done 200 ms after it was
        // due.
        let play = try await Play.run(
            Play.hold(1000, for: 0.002), port: target.port,
            requests: [Play.get(timeout: .milliseconds(400), deadline: .milliseconds(150))], limit: 1,
            workers: 1)
        #expect(play.summary.ok == 1 && play.failures == [.deadline: 1])
    }

    @Test func `refused connections fail each on its node and the others go on`() async throws {
        let target = try ScriptedTarget(address: "127.0.0.2")
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 0.3), port: target.port, addresses: ["127.0.0.2", "127.0.0.3"])
        #expect(play.summary.ok == 15 && play.failures == [.connect: 15])
        #expect(Set(play.rows.flatMap(\.failures).map(\.node)) == ["127.0.0.3"])
    }

    @Test func `a name that does not exist is a failure of class dns`() async throws {
        let play = try await Play.run(
            Play.hold(10, for: 0.2), port: 9, addresses: [],
            requests: [Play.get(timeout: .seconds(5), deadline: .seconds(10))])
        #expect(play.summary.ok == 0 && play.failures == [.dns: 2])
    }

    @Test func `when the target dies what follows fails and every second still adds up`() async throws {
        let target = try ScriptedTarget { number in number < 50 ? .ok : .stall }
        let stopper = Stopper(target)
        let play = try await Play.run(
            Play.hold(200, for: 1.2), port: target.port, history: stopper.history)
        #expect(play.summary.planned == 240 && play.summary.ok == 50)
        #expect(play.summary.failed + play.summary.dropped == 190)
        #expect((play.failures[.connect] ?? 0) > 0)
    }

    /// Stops the target when the first second is written: an event of the run, not a time.
    final class Stopper: Sendable {
        let history: MemoryHistory
        init(_ target: ScriptedTarget) { history = MemoryHistory { _ in target.stop() } }
    }

    @Test func `stop ends sending, and what was not sent was not planned`() async throws {
        let target = try ScriptedTarget { _ in .stall }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 60), port: target.port,
            requests: [Play.get(timeout: .milliseconds(300), deadline: .milliseconds(800))]
        ) { engine in engine.stop() }
        #expect(play.summary.wasStopped && play.summary.planned < 100 && play.summary.dropped == 0)
        #expect(play.summary.loadEnded < .seconds(60))
    }

    @Test func `users send the next request when the last has ended`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let play = try await Play.run(
            .closed(users: 4, duration: .seconds(30)), port: target.port,
            during: Play.stop { target.requests.count >= 12 })
        #expect(play.summary.ok == play.summary.sent && play.summary.ok >= 12)
        #expect(target.connections == 4)
        #expect(target.requests.count == Int(play.summary.sent))
    }

    /// Real time: the users' own thinking is what is looked at.
    @Test func `users who think send no faster than that, and come in phases`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let load = LoadModel.closed(
            [
                UserPhase(.hold, startUsers: 1, endUsers: 1, duration: .milliseconds(500)),
                UserPhase(.hold, startUsers: 6, endUsers: 6, duration: .milliseconds(500)),
            ], think: ThinkTime(shortest: .milliseconds(100), longest: .milliseconds(100)))
        let play = try await Play.run(load, port: target.port)
        // One user sends at most 6 in half a second, six at most 36; that late machines send fewer is no fault.
        #expect(play.summary.ok == play.summary.sent)
        #expect((10...42).contains(play.summary.sent), "\(play.summary.sent) sent")
        #expect(target.connections <= 6 && target.connections > 1)
    }

    @Test func `each request has a connection of its own where that is asked, and says so`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 0.3), port: target.port, workers: 1, reconnect: .eachRequest)
        #expect(play.summary.ok == 30 && target.connections == 30)
        #expect(play.rows.reduce(0) { $0 + $1.newConnections } == 30)
        #expect(target.requests.allSatisfy { $0.contains("\r\nConnection: close\r\n") })
    }

    /// Real time: the connections' age is what is looked at.
    @Test func `a connection that is old enough carries no further request`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 1), port: target.port, workers: 1, reconnect: .after(.milliseconds(200)))
        #expect(play.summary.ok == 100)
        // Five fit into a second; a machine that is late opens a few beside them.
        #expect(target.connections >= 4 && target.connections < 60)
        #expect(target.requests.allSatisfy { !$0.contains("Connection:") })
    }

    @Test func `a long request goes out whole`() async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let body = String(repeating: "0123456789", count: 400_000)
        let request = Request(
            route: "POST /", weight: 1, method: .post, path: Template(literal: "/"),
            body: Request.Body(contentType: "text/plain", template: Template(literal: body)))
        let play = try await Play.run(
            Play.hold(10, for: 0.2), port: target.port, requests: [request], workers: 1)
        #expect(play.summary.ok == 2)
        #expect(target.requests.allSatisfy { $0.hasSuffix("\r\n\r\n" + body) })
    }
}
