import HTTP
import History
import Load
import Plan
import TestKit
import Testing

/// Users on their way through a shop that knows them again by what it gave them. In real time, as sockets are real.
@Suite(.serialized) struct JourneyTests {
    /// Values: 0 token, 1 csrf, 2 session.
    private static let values = ["token", "csrf", "session"]

    private static func step(
        _ method: Request.Method, _ path: Template, _ headers: [Request.Header] = [], body: Template? = nil,
        taking captures: [Capture] = []
    ) -> Request {
        Request(
            route: method.rawValue, weight: 0.2, method: method, path: path, headers: headers,
            body: body.map { Request.Body(contentType: "application/json", template: $0) },
            timeout: .seconds(2), deadline: .seconds(4), captures: captures)
    }

    private static let session = Request.Header(
        name: "X-Session", value: Template([.taken(value: 2, .plain)]))

    private static let login = step(
        .post, Template(literal: "/login"), body: Template([.field(table: 0, column: 0, .percent)]),
        taking: [
            Capture(value: 0, from: .json(JSONPath([.key("data"), .key("token")]))),
            Capture(value: 1, from: .header("x-csrf")),
            Capture(value: 2, from: .json(JSONPath([.key("session")]))),
        ])

    private static let shopping = [
        login,
        step(.get, Template([.literal("/me/"), .taken(value: 0, .percent)]), [session]),
        step(
            .post, Template(literal: "/orders"),
            [session, Request.Header(name: "X-CSRF", value: Template([.taken(value: 1, .plain)]))],
            body: Template([
                .literal("{\"token\": \""), .taken(value: 0, .jsonString), .literal("\", \"session\": "),
                .taken(value: 2, .plain), .literal("}"),
            ])),
        step(.post, Template(literal: "/logout"), [session]),
        step(.get, Template(literal: "/"), [session]),
    ]

    private static let people = DataTable(
        name: "people", columns: ["name"], values: [(0..<1000).map { "n\($0)" }], order: .inTurn)

    private static func play(
        _ requests: [Request], to target: ScriptedTarget, through front: TLSFront? = nil,
        until count: Int, users: Int = 1, think: ThinkTime = .none
    ) async throws -> Play {
        var trusting = ConnectionSettings()
        trusting.authorities = front?.authority
        return try await Play.run(
            .closed(users: users, duration: .seconds(30), think: think), port: front?.port ?? target.port,
            requests: requests, workers: min(users, 2), journey: Journey(values: values), tables: [people],
            over: front == nil ? nil : .http2, connection: trusting,
            during: Play.stop { target.requests.count >= count })
    }

    private func expectShopping(_ play: Play, _ shop: LoginServer) {
        #expect(play.summary.ok == play.summary.sent && play.summary.failed == 0, "\(play.failures)")
        #expect(shop.intrusions.first == nil)
        #expect(shop.sessions.count >= 8 && shop.sessions.reduce(0, +) == Int(play.summary.sent))
        // All users go on until the load ends, each somewhere on its way.
        #expect(shop.sessions.count { $0 < 5 } <= 8)
        // Each pass has a row to itself.
        #expect(Set(shop.names).count == shop.names.count)
    }

    @Test func `each user brings what it was given, and nobody what another one was`() async throws {
        let shop = LoginServer()
        let target = try ScriptedTarget { _, request in shop.answer(request) }
        defer { target.stop() }
        expectShopping(try await Self.play(Self.shopping, to: target, until: 2000, users: 8), shop)
    }

    @Test func `users who think are told apart as well`() async throws {
        let shop = LoginServer()
        let target = try ScriptedTarget { _, request in shop.answer(request) }
        defer { target.stop() }
        let think = ThinkTime(shortest: .milliseconds(1), longest: .milliseconds(20))
        expectShopping(
            try await Self.play(Self.shopping, to: target, until: 400, users: 8, think: think), shop)
    }

    @Test func `over HTTP 2 it is the same`() async throws {
        let shop = LoginServer()
        let target = try ScriptedTarget { _, request in shop.answer(request) }
        let front = try TLSFront(of: target.port)
        expectShopping(
            try await Self.play(Self.shopping, to: target, through: front, until: 800, users: 8), shop)
    }

    private static func answer(_ body: String, headers: String = "X-CSRF: 1\r\n") -> ScriptedTarget.Behaviour
    {
        .bytes(Array("HTTP/1.1 200 OK\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
    }

    private static let long = String(repeating: "x", count: 4097)
    private static let filler =
        #"{"filler": "\#(String(repeating: "y", count: 70_000))", "data": {"token": "1"}}"#

    @Test(arguments: [
        (answer(#"{"data": {"token": null}, "session": 1}"#), "had none"),
        (answer("<html>"), "had none"),
        (answer(#"{"data": {"token": "\#(long)"}, "session": 1}"#), "had one over 4096 bytes"),
        (answer(filler), "had none in the first 65536 bytes of a longer body"),
    ])
    func `an answer without a value has failed, it is said, and the user begins anew`(
        _ answer: ScriptedTarget.Behaviour, _ words: String
    ) async throws {
        let target = try ScriptedTarget { _ in answer }
        defer { target.stop() }
        let play = try await Self.play(
            Self.shopping, to: target, until: 4, users: 2)
        #expect(play.summary.ok == 0 && play.failures == [.missingValue: play.summary.sent])
        #expect(target.requests.allSatisfy { $0.hasPrefix("POST /login ") })
        let warnings = play.history.events.filter { $0.kind == .warning }.map(\.text)
        #expect(
            warnings.contains {
                $0.hasPrefix("take token from json \"$.data.token\": ") && $0.contains(words)
            }, "\(warnings)")
    }

    @Test func `a value of a page is found by a regular expression`() async throws {
        let target = try ScriptedTarget { _, request in
            Self.answer(request.hasPrefix("GET /form") ? #"<input name="f" value="1 &amp; 2">"# : "")
        }
        defer { target.stop() }
        var form = Self.step(.get, Template(literal: "/form"))
        form.captures = [Capture(value: 0, from: .regex(try Pattern(#"name="f" value="([^"]*)""#)))]
        let send = Self.step(.get, Template([.literal("/send?f="), .taken(value: 0, .percent)]))
        let play = try await Self.play(
            [form, send], to: target, until: 4)
        #expect(play.summary.ok == play.summary.sent)
        #expect(target.requests.dropFirst().first?.hasPrefix("GET /send?f=1%20%26amp%3B%202 ") == true)
    }

    private static func encoded(_ body: String, _ coding: String, wrapping: Int) throws
        -> ScriptedTarget.Behaviour
    {
        let bytes = try Compressed.bytes(of: Array(body.utf8), wrapping: wrapping)
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\nContent-Length: \(bytes.count)\r\n\r\n"
        return .bytes(Array(head.utf8) + bytes)
    }

    private static let tokenThenUse: [Request] = [
        step(
            .get, Template(literal: "/token"),
            [Request.Header(name: "Accept-Encoding", value: Template(literal: "gzip"))],
            taking: [Capture(value: 0, from: .json(JSONPath([.key("token")])))]),
        step(.get, Template([.literal("/use/"), .taken(value: 0, .percent)])),
    ]

    @Test(arguments: [false, true])
    func `a value of a compressed answer is found`(overHTTP2: Bool) async throws {
        let token = try Self.encoded(#"{"token": "t1"}"#, "gzip", wrapping: 31)
        let target = try ScriptedTarget { _, request in
            request.hasPrefix("GET /token") ? token : Self.answer("")
        }
        defer { target.stop() }
        let front = overHTTP2 ? try TLSFront(of: target.port) : nil
        let play = try await Self.play(Self.tokenThenUse, to: target, through: front, until: 4)
        #expect(play.summary.ok == play.summary.sent, "\(play.failures)")
        #expect(target.requests.dropFirst().first?.hasPrefix("GET /use/t1 ") == true)
    }

    @Test(arguments: [
        ("br", "came compressed by something other than gzip or deflate"),
        ("gzip", "came with a body that is not what its Content-Encoding says"),
    ])
    func `an answer that cannot be decompressed has no value, and it is said why`(
        _ coding: String, _ words: String
    ) async throws {
        let answer = Self.answer(#"{"token": "t1"}"#, headers: "Content-Encoding: \(coding)\r\n")
        let target = try ScriptedTarget { _ in answer }
        defer { target.stop() }
        let play = try await Self.play(
            Self.tokenThenUse, to: target, until: 2)
        #expect(play.failures == [.missingValue: play.summary.sent])
        #expect(play.history.events.contains { $0.kind == .warning && $0.text.contains(words) })
    }

    @Test func `a value that no header may hold is not taken for one`() async throws {
        let target = try ScriptedTarget { _ in
            Self.answer(#"{"data": {"token": "1"}, "session": "1\r\nX-Evil: 1"}"#)
        }
        defer { target.stop() }
        let play = try await Self.play(
            Self.shopping, to: target, until: 2)
        #expect(play.failures == [.missingValue: play.summary.sent])
        #expect(play.history.events.contains { $0.text.contains("another control character") })
    }

    @Test
    func `after a failed step that takes nothing the user goes on, after one that takes it begins anew`()
        async throws
    {
        let target = try ScriptedTarget { number, request in
            if request.hasPrefix("GET /me/") { return Self.answer("") }
            if request.hasPrefix("POST /login"), number > 3 {
                return .bytes(Array("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".utf8))
            }
            return Self.answer(#"{"data": {"token": "1"}, "session": 1}"#)
        }
        defer { target.stop() }
        var requests = Array(Self.shopping[..<3])
        requests[1].expectedStatuses = [204]
        let play = try await Self.play(
            requests, to: target, until: 9)
        let paths = target.requests.map { String($0.split(separator: " ")[1]) }
        #expect(paths.prefix(5) == ["/login", "/me/1", "/orders", "/login", "/me/1"])
        #expect(paths.dropFirst(6).allSatisfy { $0 == "/login" } && paths.count >= 9)
        #expect(play.failures[.unexpectedStatus] == 2)
    }

    @Test func `a request with a Cookie of its own carries only that`() async throws {
        let target = try ScriptedTarget { _ in Self.answer("", headers: "Set-Cookie: a=1\r\n") }
        defer { target.stop() }
        let steps = [
            Self.step(.get, Template(literal: "/first")),
            Self.step(.get, Template(literal: "/second")),
            Self.step(
                .get, Template(literal: "/third"),
                [Request.Header(name: "cookie", value: Template(literal: "mine=1"))]),
        ]
        _ = try await Self.play(steps, to: target, until: 3)
        let cookies = target.requests.prefix(3).map { request in
            request.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("cookie:") }.map(String.init)
        }
        #expect(cookies == [[], ["Cookie: a=1"], ["cookie: mine=1"]])
    }

    @Test func `requests in order begin again behind the last`()
        async throws
    {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let steps = ["/a", "/b", "/c"].map { Self.step(.get, Template(literal: $0)) }
        _ = try await Self.play(steps, to: target, until: 7)
        let paths = target.requests.map { $0.split(separator: " ")[1] }
        for (number, path) in paths.enumerated() { #expect(path == ["/a", "/b", "/c"][number % 3]) }
        #expect(paths.count >= 7)
    }
}
