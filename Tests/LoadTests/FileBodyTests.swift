import HTTP
import Load
import Plan
import TestKit
import Testing

/// `file`: bytes that arrive as they are. In real time, as sockets are real.
@Suite(.serialized) struct FileBodyTests {
    /// As much as a file may have: more than any socket takes at once. Here and there no UTF-8, and not everywhere: the
    /// target tells its requests as text.
    private static let bytes = (0..<1_000_000).map { place -> UInt8 in
        place % 1000 == 0 ? [0x00, 0xFF, 0x0D, 0x0A][place / 1000 % 4] : 0x20 + UInt8(place % 89)
    }

    private static func put(_ path: Template) -> Request {
        Request(
            route: "PUT /photo", weight: 1, method: .put, path: path,
            body: Request.Body(contentType: "image/png", bytes: bytes), timeout: .seconds(10),
            deadline: .seconds(20))
    }

    private func expectBytes(_ target: ScriptedTarget, _ count: Int) {
        #expect(target.requests.count == count)
        let body = Array(("\r\n\r\n" + String(decoding: Self.bytes, as: UTF8.self)).utf8)
        for request in target.requests {
            #expect(request.utf8.suffix(body.count).elementsEqual(body))
            let head = String(request.prefix(500)).lowercased()
            for header in ["content-length: 1000000", "content-type: image/png"] {
                #expect(head.contains("\r\n\(header)\r\n"), "\(head)")
            }
        }
    }

    /// A path with a placeholder makes each request another one, written into the same room.
    @Test(arguments: [Template(literal: "/photo"), Template([.literal("/photo/"), .seq])])
    func `a file is sent whole`(path: Template) async throws {
        let target = try ScriptedTarget()
        defer { target.stop() }
        let play = try await Play.run(
            Play.hold(20, for: 0.3), port: target.port, requests: [Self.put(path)], workers: 1)
        #expect(play.summary.ok == 6, "\(play.failures)")
        expectBytes(target, 6)
    }

    @Test(arguments: [Transport.https, .http2])
    func `and by TLS`(transport: Transport) async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        var trusting = ConnectionSettings()
        trusting.authorities = front.authority
        let play = try await Play.run(
            Play.hold(20, for: 0.3), port: front.port,
            requests: [Self.put(Template([.literal("/photo/"), .seq]))], workers: 1, over: transport,
            connection: trusting)
        #expect(play.summary.ok == 6, "\(play.failures)")
        expectBytes(target, 6)
    }

    @Test func `the ledger of a tracked write does not repeat it`() {
        var request = Self.put(Template([.literal("/photo/"), .uuid]))
        request.tracking = Tracking(readBack: request.path)
        let plan = Plan(name: "p", load: Play.hold(1, for: 1), requests: [request])
        let renderer = RequestRenderer(plan: plan, authority: "h", userAgent: "u", seed: 1, runID: "r")
        let facts = renderer.ledgerFacts(0)
        #expect(facts?.body == "" && facts?.readPath == "/photo/\(facts?.key ?? "")")
    }
}
