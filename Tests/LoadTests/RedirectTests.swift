import Foundation
import HTTP
import History
import Load
import Plan
import TestKit
import Testing

/// `follow`: one request of the load, several on the wire. In real time, as sockets are real.
@Suite(.serialized) struct RedirectTests {
    private static func answer(_ status: Int, _ headers: String..., body: String = "")
        -> ScriptedTarget.Behaviour
    {
        let head = headers.map { $0 + "\r\n" }.joined()
        return .bytes(
            Array(
                "HTTP/1.1 \(status) X\r\n\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
    }

    private static func path(_ request: String) -> String { String(request.split(separator: " ")[1]) }

    private static func request(
        _ method: Request.Method = .get, _ path: Template = Template(literal: "/a"),
        _ headers: [Request.Header] = [], body: Template? = nil, expecting: [Int] = [],
        taking captures: [Capture] = [], redirects: Request.Redirects = .followed,
        timeout: Nanoseconds = .seconds(2)
    ) -> Request {
        Request(
            route: "\(method.rawValue) /a", weight: 1, method: method, path: path, headers: headers,
            body: body.map { Request.Body(contentType: "text/plain", template: $0) },
            expectedStatuses: expecting, timeout: timeout, deadline: .seconds(4), captures: captures,
            redirects: redirects)
    }

    private static func connections(_ play: Play) -> UInt64 { play.rows.reduce(0) { $0 + $1.newConnections } }

    private static func warnings(_ play: Play) -> [String] {
        play.history.events.filter { $0.kind == .warning }.map(\.text)
    }

    @Test func `a redirect is followed by the same connection, and both are one request of the load`()
        async throws
    {
        let target = try ScriptedTarget { _, request in
            Self.path(request) == "/a" ? Self.answer(302, "Location: b?c=1#d", body: "moved") : .ok
        }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 0.2), port: target.port, requests: [Self.request(expecting: [200])],
            workers: 1)
        #expect(play.summary.sent == 20 && play.summary.ok == 20)
        #expect(target.requests.count == 40)
        #expect(Set(target.requests.map(Self.path)) == ["/a", "/b?c=1"])
        #expect(Self.connections(play) == UInt64(target.connections) && target.connections <= 20)
        let bytes = "HTTP/1.1 302 X\r\nLocation: b?c=1#d\r\nContent-Length: 5\r\n\r\nmoved".utf8.count
        #expect(
            play.rows.reduce(0) { $0 + $1.bytesReceived } == 20
                * UInt64(bytes + ScriptedTarget.okAnswer.count))
    }

    @Test func `without follow the redirect is the answer, also beside a request that follows`() async throws
    {
        let target = try ScriptedTarget { _ in Self.answer(302, "Location: http://other.test/") }
        defer { target.stop() }
        var (kept, followed) = (Self.request(redirects: .kept), Self.request())
        (kept.weight, followed.weight) = (0.5, 0.5)
        let play = try await Play.run(
            Play.hold(200, for: 0.2), port: target.port, requests: [kept, followed], workers: 1)
        #expect(play.rows.filter { $0.route == 0 }.allSatisfy { $0.failed == 0 } && play.summary.ok > 5)
        #expect(play.failures == [.redirect: 40 - play.summary.ok])
    }

    @Test(arguments: [
        (301, Request.Method.post, "GET", false), (302, .post, "GET", false), (303, .post, "GET", false),
        (307, .post, "POST", true), (308, .post, "POST", true), (301, .put, "PUT", true),
        (302, .delete, "DELETE", true), (303, .put, "GET", false), (303, .head, "HEAD", false),
        (302, .head, "HEAD", false), (302, .get, "GET", false),
    ])
    func `the method and the body are what a browser makes of them`(
        _ status: Int, _ method: Request.Method, _ next: String, _ hasBody: Bool
    ) async throws {
        let target = try ScriptedTarget { _, request in
            if Self.path(request) == "/a" {
                return .bytes(Array("HTTP/1.1 \(status) X\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n".utf8))
            }
            return .bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8))
        }
        defer { target.stop() }
        let carries = ![.get, .head].contains(method)
        let play = try await Play.run(
            Play.hold(50, for: 0.1), port: target.port,
            requests: [
                Self.request(
                    method, Template(literal: "/a"),
                    [
                        .init(name: "X-Kept", value: Template(literal: "1")),
                        .init(name: "Content-Language", value: Template(literal: "en")),
                    ], body: carries ? Template(literal: "the body") : nil)
            ], workers: 1)
        #expect(play.summary.ok == 5)
        let second = try #require(target.requests.first { Self.path($0) == "/b" })
        #expect(second.hasPrefix("\(next) /b HTTP/1.1\r\nHost: target.test:\(target.port)\r\n"))
        #expect(second.contains("\r\nX-Kept: 1\r\n"))
        #expect(second.contains("\r\nContent-Type: text/plain\r\n") == hasBody)
        #expect(second.contains("\r\nContent-Length: 8\r\n") == hasBody)
        #expect(second.hasSuffix("\r\n\r\n" + (hasBody ? "the body" : "")))
        // Of a GET that it has become it would describe a body that is not there.
        let isSame = method == .head || status != 303 && next == method.rawValue
        #expect(second.contains("\r\nContent-Language: en\r\n") == isSame)
    }

    @Test func `an absolute Location of the same origin is followed, and what is drawn stays the same`()
        async throws
    {
        let target = try ScriptedTarget { _, request in
            guard Self.path(request).hasPrefix("/first/") else { return .ok }
            let host = request.split(separator: "\r\n").first { $0.hasPrefix("Host: ") }?.dropFirst(6) ?? ""
            let next = Self.path(request).replacing("/first/", with: "/next/")
            return Self.answer(307, "Location: http://\(host.uppercased())/b/..\(next)")
        }
        defer { target.stop() }
        var requests = [0, 1].map { _ in
            Self.request(
                .post, Template([.literal("/first/"), .uuid, .literal("/"), .int(low: 0, high: 1_000_000)]),
                [.init(name: "X-Draw", value: Template([.int(low: 0, high: 1_000_000)]))],
                body: Template([.uuid, .int(low: 0, high: 1_000_000)]))
        }
        (requests[0].weight, requests[1].weight) = (0.5, 0.5)
        let play = try await Play.run(
            Play.hold(100, for: 0.2), port: target.port, requests: requests, workers: 1)
        #expect(play.summary.ok == 20)
        let firsts = target.requests.filter { Self.path($0).hasPrefix("/first/") }
        let seconds = Set(target.requests.filter { Self.path($0).hasPrefix("/next/") })
        #expect(Set(firsts.map { $0.replacing("POST /first/", with: "POST /next/") }) == seconds)
        #expect(seconds.count == 20)
    }

    @Test func `ten redirects are followed, and not one more`() async throws {
        let target = try ScriptedTarget { _, request in
            let number = Int(Self.path(request).dropFirst()) ?? 0
            return number == 10 ? .ok : Self.answer(302, "Location: \(number + 1)")
        }
        defer { target.stop() }
        func play(from number: Int) async throws -> Play {
            try await Play.run(
                Play.hold(20, for: 0.1), port: target.port,
                requests: [Self.request(.get, Template(literal: "/\(number)"))], workers: 1)
        }
        #expect(try await play(from: 0).summary.ok == 2)
        let over = try await play(from: -1)
        #expect(over.failures == [.redirect: 2] && target.requests.count == 2 * 11 + 2 * 11)
        #expect(Self.warnings(over).contains { $0.hasPrefix("follow: 2 answers of GET /a led on after 10") })
    }

    @Test(arguments: [
        (["Location: https://other.test:1/x?token=1"], "the first to https://other.test:1, and load goes"),
        (["Location: //target.test/x"], "the first to //target.test, and load goes"),
        ([], "had no Location in the first 16384 bytes"),
        (["Location: http://"], "had no Location in the first 16384 bytes"),
        (["Location: /" + String(repeating: "x", count: 9000)], "a URL of at most 8192 bytes"),
        (["X: " + String(repeating: "x", count: 17_000), "Location: /b"], "had no Location in the first"),
    ])
    func `a redirect that leads elsewhere or nowhere fails, and it is said once`(
        _ headers: [String], _ words: String
    ) async throws {
        let target = try ScriptedTarget { _ in
            Self.answer(302, headers.isEmpty ? "X: 1" : headers.joined(separator: "\r\n"))
        }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 0.1), port: target.port, requests: [Self.request()], workers: 2)
        #expect(play.failures == [.redirect: 10] && target.requests.count == 10)
        let warnings = Self.warnings(play)
        #expect(
            warnings.count == 1 && warnings.allSatisfy { $0.contains(words) && !$0.contains("token") },
            "\(warnings)")
    }

    @Test func `the last answer is what counts`() async throws {
        let target = try ScriptedTarget { _, request in
            Self.path(request) == "/a" ? Self.answer(301, "Location: /b") : Self.answer(404)
        }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(100, for: 0.1), port: target.port, requests: [Self.request()], workers: 1)
        #expect(play.failures == [.unexpectedStatus: 10])
        #expect(play.rows.flatMap(\.failures).allSatisfy { $0.status == 404 })
    }

    @Test func `time runs from the first to the last, and so does the timeout`() async throws {
        let target = try ScriptedTarget { _, request in
            usleep(60_000)
            let number = Int(Self.path(request).dropFirst()) ?? 0
            return number == 2 ? .ok : Self.answer(302, "Location: /\(number + 1)")
        }
        defer { target.stop() }
        let patient = try await Play.run(
            Play.hold(10, for: 0.2), port: target.port, requests: [Self.request()], workers: 1)
        #expect(patient.summary.ok == 2)
        for row in patient.rows {
            for time in [row.okLatency, row.okServiceTime] {
                #expect(try #require(time.value(atPercentile: 0)) >= .milliseconds(178))
            }
        }
        let hasty = try await Play.run(
            Play.hold(10, for: 0.2), port: target.port,
            requests: [Self.request(timeout: .milliseconds(100))], workers: 1)
        #expect(hasty.failures == [.timeout: 2])
    }

    @Test func `a redirect that ends its connection is followed by another one`() async throws {
        let target = try ScriptedTarget { _, request in
            Self.path(request) == "/a"
                ? .bytesThenClose(
                    Array(
                        "HTTP/1.1 302 X\r\nLocation: /b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                            .utf8))
                : .ok
        }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(50, for: 0.2), port: target.port, requests: [Self.request()], workers: 1)
        #expect(play.summary.ok == 10 && target.requests.count == 20)
        #expect(Self.connections(play) == UInt64(target.connections) && target.connections >= 10)
    }

    @Test func `each has a connection of its own where each request is to have one`() async throws {
        let target = try ScriptedTarget { _, request in
            Self.path(request) == "/a" ? Self.answer(302, "Location: /b") : .ok
        }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(50, for: 0.2), port: target.port, requests: [Self.request()], workers: 1,
            reconnect: .eachRequest)
        #expect(play.summary.ok == 10 && target.connections == 20 && Self.connections(play) == 20)
    }

    @Test func `a target that is gone after its redirect is a failure of the connection`() async throws {
        let target = try ScriptedTarget { _, request in
            Self.path(request) == "/a" ? Self.answer(302, "Location: /b") : .reset
        }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(50, for: 0.2), port: target.port, requests: [Self.request()], workers: 1)
        #expect(play.failures == [.reusedReset: 10])
    }

    @Test func `a long body is sent whole again`() async throws {
        let body = String(repeating: "0123456789", count: 100_000)
        let target = try ScriptedTarget { _, request in
            Self.path(request) == "/a" ? Self.answer(307, "Location: /b") : .ok
        }
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(10, for: 0.2), port: target.port,
            requests: [Self.request(.post, body: Template(literal: body), timeout: .seconds(4))], workers: 1)
        #expect(play.summary.ok == 2 && target.requests.count == 4)
        #expect(target.requests.allSatisfy { $0.hasSuffix("\r\n\r\n" + body) })
    }

    /// A login that sets its cookie in the redirect, as most do; the token stands on the page behind it.
    private static func playJourney(
        to target: ScriptedTarget, through front: TLSFront? = nil, over transport: Transport? = nil
    ) async throws -> Play {
        var trusting = ConnectionSettings()
        trusting.authorities = front?.authority
        let token = Capture(value: 0, from: .regex(try Pattern("token=([0-9]+)")))
        return try await Play.run(
            .closed(users: 3, duration: .seconds(30)), port: front?.port ?? target.port,
            requests: [
                Self.request(
                    .post, Template(literal: "/a"), body: Template(literal: "name=ann"), expecting: [200],
                    taking: [token]),
                Self.request(
                    .get, Template([.literal("/me/"), .taken(value: 0, .percent)]), redirects: .kept),
            ],
            workers: 1, journey: Journey(values: ["token"]), over: transport, connection: trusting,
            during: Play.stop { target.requests.count >= 30 })
    }

    private static let login: @Sendable (Int, String) -> ScriptedTarget.Behaviour = { _, request in
        let hasCookie = request.lowercased().contains("\r\ncookie: sid=7\r\n")
        switch Self.path(request) {
        case "/a": return Self.answer(303, "Set-Cookie: sid=7; Path=/", "Location: home/", body: "token=1")
        case "/home/" where hasCookie: return Self.answer(200, body: "token=42")
        case "/me/42" where hasCookie: return .ok
        default: return Self.answer(403)
        }
    }

    @Test func `cookies of a redirect count, and values are taken from the last answer`() async throws {
        let target = try ScriptedTarget(answering: Self.login)
        defer { target.stop() }
        let play = try await Self.playJourney(to: target)
        #expect(play.summary.ok == play.summary.sent && play.summary.ok > 6, "\(play.failures)")
    }

    @Test(arguments: [Transport.https, .http2])
    func `by TLS it is the same`(transport: Transport) async throws {
        let target = try ScriptedTarget(answering: Self.login)
        let front = try TLSFront(of: target.port)
        let play = try await Self.playJourney(to: target, through: front, over: transport)
        #expect(play.summary.ok == play.summary.sent && play.summary.ok > 6, "\(play.failures)")
        #expect(
            target.requests.contains {
                $0.hasPrefix("GET /home/ ") && !$0.lowercased().contains("content-type")
            })
        #expect(Self.connections(play) <= 3)
    }

    @Test func `over HTTP 2 redirects are not followed for ever, nor elsewhere`() async throws {
        let target = try ScriptedTarget { number, request in
            Self.answer(302, Self.path(request) == "/b" ? "Location: /b" : "Location: http://target.test/")
        }
        let front = try TLSFront(of: target.port)
        var trusting = ConnectionSettings()
        trusting.authorities = front.authority
        for (path, words) in [("/b", "led on after 10"), ("/a", "to http://target.test, and")] {
            let play = try await Play.run(
                Play.hold(20, for: 0.1), port: front.port,
                requests: [Self.request(.get, Template(literal: path))], workers: 1, over: .http2,
                connection: trusting)
            #expect(play.failures == [.redirect: 2])
            #expect(Self.warnings(play).contains { $0.contains(words) })
        }
        #expect(target.requests.count == 22 + 2)
    }
}
