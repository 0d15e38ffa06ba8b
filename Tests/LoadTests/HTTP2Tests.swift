import Foundation
import HTTP
import History
import Load
import Plan
import TestKit
import Testing

/// Real HTTP/2 by a real nginx, which passes what it gets to a scripted target. In real time, as sockets are real.
@Suite(.serialized) struct HTTP2Tests {
    private static func play(
        _ load: LoadModel, by front: TLSFront, requests: [Request] = [Play.get()], limit: Int? = nil,
        workers: Int = 1, hops: [System.Hop] = [], reconnect: Reconnect? = nil, bodyLimit: UInt64 = 64 << 20,
        during: @Sendable @escaping (LoadEngine) -> Void = { _ in }
    ) async throws -> Play {
        var trusting = ConnectionSettings()
        trusting.authorities = front.authority
        return try await Play.run(
            load, port: front.port, requests: requests, limit: limit, workers: workers, bodyLimit: bodyLimit,
            hops: hops, reconnect: reconnect, over: .http2, connection: trusting, during: during)
    }

    private static func connections(_ play: Play) -> UInt64 {
        play.rows.reduce(0) { $0 + $1.newConnections }
    }

    @Test func `a request that a leaving server refused is sent again, by a new connection`() async throws {
        let server = try LeavingServer(after: 10)
        var trusting = ConnectionSettings()
        trusting.authorities = server.authority
        let request = Play.get(timeout: .seconds(2), deadline: .seconds(4))
        let play = try await Play.run(
            Play.hold(100, for: 0.5), port: server.port, requests: [request], workers: 1, over: .http2,
            connection: trusting)
        #expect(play.summary.ok == 50, "\(play.failures)")
        #expect(Self.connections(play) >= 5)
    }

    @Test func `requests share a connection, and each is sent once as it is planned`() async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        let post = Request(
            route: "POST /things", weight: 1, method: .post, path: Template(literal: "/things?a=b%20c"),
            headers: [.init(name: "X-Trace", value: Template([.seq]))],
            body: .init(contentType: "application/json", template: Template(literal: #"{"name": "ä"}"#)))
        let play = try await Self.play(Play.hold(400, for: 0.5), by: front, requests: [post], workers: 2)
        #expect(play.summary.ok == 200)
        #expect(Self.connections(play) == 2)
        #expect(target.requests.count == 200)
        let first = try #require(
            target.requests.first { $0.contains("X-Trace: 0\r\n") || $0.contains("x-trace: 0\r\n") })
        let lines = first.components(separatedBy: "\r\n")
        #expect(lines.first == "POST /things?a=b%20c HTTP/1.1")
        #expect(lines.last == #"{"name": "ä"}"#)
        for header in [
            "host: target.test:\(front.port)", "user-agent: loadchaos/\(Version.current)",
            "content-type: application/json", "content-length: 14", "accept: */*",
        ] { #expect(lines.filter { $0.lowercased() == header }.count == 1, "\(header) in \(lines)") }
        #expect(play.rows.allSatisfy { $0.bytesReceived > 100 * $0.ok / 2 })
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", nil),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", nil),
            ("HTTP/1.1 204 No Content\r\n\r\n", nil),
            ("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", .unexpectedStatus),
            ("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", .application5xx),
            ("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", .balancer5xx),
            ("HTTP/1.1 503 No\r\nServer-Timing: app;dur=1\r\nContent-Length: 0\r\n\r\n", .application5xx),
        ] as [(String, FailureClass?)])
    func `an answer has the class its status gives it`(answer: String, failure: FailureClass?) async throws {
        let target = try ScriptedTarget { _ in .bytes(Array(answer.utf8)) }
        let front = try TLSFront(of: target.port)
        let play = try await Self.play(Play.hold(100, for: 0.2), by: front)
        #expect(play.failures == failure.map { [$0: 20] } ?? [:])
        #expect(play.summary.ok == (failure == nil ? 20 : 0))
    }

    @Test func `HEAD has no body, and a body over the limit is refused`() async throws {
        let body = String(repeating: "x", count: 5000)
        let target = try ScriptedTarget { _ in
            .bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\(body)".utf8))
        }
        let front = try TLSFront(of: target.port)
        let play = try await Self.play(Play.hold(50, for: 0.2), by: front, bodyLimit: 1000)
        #expect(play.failures == [.badResponse: 10])
        let silent = try ScriptedTarget { _ in
            .bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".utf8))
        }
        let head = Request(route: "HEAD /", weight: 1, method: .head, path: Template(literal: "/"))
        let heads = try await Self.play(
            Play.hold(50, for: 0.2), by: try TLSFront(of: silent.port), requests: [head], bodyLimit: 1000)
        #expect(heads.summary.ok == 10)
    }

    @Test func `each answer counts for the hops it tells`() async throws {
        let target = try ScriptedTarget { _ in
            .bytes(Array("HTTP/1.1 200 OK\r\nServer-Timing: app;dur=5\r\nContent-Length: 2\r\n\r\nok".utf8))
        }
        let front = try TLSFront(of: target.port)
        let hop = System.Hop(name: "front to app", whole: "app")
        let play = try await Self.play(Play.hold(100, for: 0.2), by: front, hops: [hop])
        let told = play.rows.reduce(into: LatencyHistogram()) { $0.merge($1.hops[0]) }
        #expect(told.total == 20)
        #expect(try #require(told.value(atPercentile: 50)) >= .milliseconds(5))
    }

    @Test func `what is not answered in time is given up, and the others go on by the same connection`()
        async throws
    {
        let target = try ScriptedTarget { $0 % 2 == 0 ? .stall : .ok }
        let front = try TLSFront(of: target.port)
        let play = try await Self.play(Play.hold(100, for: 0.6), by: front)
        #expect(play.failures == [.timeout: 30] && play.summary.ok == 30)
        #expect(Self.connections(play) == 1)
    }

    @Test func `when a connection has no room for another request there is another connection`() async throws
    {
        let target = try ScriptedTarget { _ in .delay(milliseconds: 200) }
        let front = try TLSFront(of: target.port, streams: 4)
        let play = try await Self.play(.closed(users: 16, duration: .milliseconds(900)), by: front)
        #expect(play.summary.failed == 0 && play.summary.ok >= 16)
        #expect((4...16).contains(Self.connections(play)))
    }

    @Test func `each request has a connection of its own where that is asked`() async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        let play = try await Self.play(Play.hold(50, for: 0.4), by: front, reconnect: .eachRequest)
        #expect(play.summary.ok == 20 && Self.connections(play) == 20)
    }

    @Test func `a target that speaks HTTP 1 alone fails each request, and it is said`() async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port, speaksHTTP2: false)
        let play = try await Self.play(Play.hold(50, for: 0.2), by: front)
        #expect(play.failures == [.badResponse: 10])
        #expect(play.history.events.contains { $0.text.contains("10 answers came by HTTP/1.1") })
    }

    @Test func `a certificate of nobody's, and a port that nobody listens on, are failures of the dial`()
        async throws
    {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        // The drain is as long as the longest timeout: who is sent late, on a busy machine, still ends within it.
        var never = Play.get(timeout: .seconds(5), deadline: .seconds(5))
        never.weight = 0
        let distrusted = try await Play.run(
            Play.hold(50, for: 0.2), port: front.port, requests: [Play.get(), never], workers: 1, over: .http2
        )
        // Who waits for the dial of another until its time is over has not got as far as TLS.
        #expect(
            distrusted.summary.failed == 10 && distrusted.failures[.tls, default: 0] > 0,
            "\(distrusted.summary), \(distrusted.failures)")
        #expect(Set(distrusted.failures.keys).isSubset(of: [.tls, .connect]))
        front.stop()
        let refused = try await Self.play(Play.hold(50, for: 0.2), by: front)
        #expect(refused.failures == [.connect: 10])
    }

    @Test func `a server that goes away fails what is open, and every second still adds up`() async throws {
        let target = try ScriptedTarget { _ in .delay(milliseconds: 300) }
        let front = try TLSFront(of: target.port)
        let play = try await Self.play(Play.hold(100, for: 0.8), by: front) { _ in
            DispatchQueue.global().asyncAfter(deadline: .now() + 0.5) { front.stop() }
        }
        #expect(play.summary.ok > 0 && play.summary.failed > 0 && play.summary.unfinished == 0)
        #expect(Set(play.failures.keys).isSubset(of: [.connect, .tls, .reset, .reusedReset]))
    }
}
