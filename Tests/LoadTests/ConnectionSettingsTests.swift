import HTTP
import History
import Load
import Plan
import TestKit
import Testing

/// How connections are made, seen at their other end. In real time, as sockets are real.
@Suite(.serialized) struct ConnectionSettingsTests {
    private static func play(
        _ front: TLSFront, port: Int? = nil, over transport: Transport? = .https,
        _ change: (inout ConnectionSettings) -> Void
    ) async throws -> Play {
        var connection = ConnectionSettings()
        connection.authorities = front.authority
        change(&connection)
        return try await Play.run(
            Play.hold(50, for: 0.2), port: port ?? front.port,
            requests: [Play.get(timeout: .seconds(2), deadline: .seconds(4))],
            workers: 1, over: transport, connection: connection)
    }

    @Test(arguments: [Transport.https, .http2])
    func `a server that asks who we are gets our certificate`(transport: Transport) async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port, asksWho: true)
        let known = try await Self.play(front, over: transport) {
            ($0.certificate, $0.key) = (front.authority, front.key)
        }
        #expect(known.summary.ok == 10)
        // nginx answers 400 to one that it does not know.
        let unknown = try await Self.play(front, over: transport) { _ in }
        #expect(unknown.failures == [.unexpectedStatus: 10], "\(unknown.summary), \(unknown.failures)")
    }

    @Test func `another name can be asked for than the host's`() async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port, name: "other.test")
        #expect(try await Self.play(front) { $0.serverName = "other.test" }.summary.ok == 10)
        #expect(target.requests.allSatisfy { $0.lowercased().contains("host: target.test:") })
        #expect(try await Self.play(front) { _ in }.failures == [.tls: 10])
        #expect(try await Self.play(front) { $0.verifiesPeer = false }.summary.ok == 10)
    }

    @Test(arguments: [Transport.https, .http2])
    func `connections come from each source in turn`(transport: Transport) async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        var connection = ConnectionSettings()
        connection.authorities = front.authority
        connection.sources = ["127.0.0.7", "127.0.0.8"]
        let play = try await Play.run(
            Play.hold(50, for: 0.4), port: front.port, workers: 1, reconnect: .eachRequest, over: transport,
            connection: connection)
        #expect(play.summary.ok == 20)
        for source in connection.sources {
            #expect(
                target.requests.count { $0.contains("\(source)\r\n") } > 0, "\(target.requests.first ?? "")")
        }
        #expect(target.requests.allSatisfy { $0.contains("127.0.0.7\r\n") || $0.contains("127.0.0.8\r\n") })
    }

    @Test func `a session is taken up only if that is wanted`() async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        var connection = ConnectionSettings()
        connection.authorities = front.authority
        func resumed(_ handshakes: Handshakes) async throws -> Int {
            let before = target.requests.count
            let play = try await Play.run(
                Play.hold(50, for: 0.4), port: front.port, workers: 1, reconnect: .eachRequest,
                over: .https, connection: connection, handshakes: handshakes)
            #expect(play.summary.ok == 20)
            return target.requests.dropFirst(before).count { $0.contains("X-Resumed: r\r\n") }
        }
        #expect(try await resumed(.whole) == 0)
        // The first has nothing to take up, nor has one that is dialled before the first has its answer.
        #expect(try await resumed(.resumed) >= 10)
    }

    @Test func `a source that is not this machine's is our own lack of a connection`() async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        let play = try await Self.play(front) { $0.sources = ["192.0.2.1"] }
        #expect(play.summary.dropped == 10 && play.rows.allSatisfy { $0.droppedByUs == $0.dropped })
    }

    @Test func `a Unix socket takes the place of host and port`() async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        let play = try await Self.play(front, port: 1, over: nil) { $0.unixSocket = front.unixSocket }
        #expect(play.summary.ok == 10 && target.requests.count == 10)
    }

    @Test(arguments: [Transport.https, .http2, nil])
    func `connections are tunnelled through a proxy`(transport: Transport?) async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        let proxy = try TunnelProxy()
        let port = transport == nil ? target.port : front.port
        let play = try await Self.play(front, port: port, over: transport) {
            $0.proxy = "http://127.0.0.1:\(proxy.port)"
        }
        #expect(play.summary.ok == 10 && target.requests.count == 10)
        #expect(!proxy.tunnels.isEmpty && proxy.tunnels.allSatisfy { $0.hasSuffix(":\(port)") })
    }

    @Test func `without its proxy nothing is reached`() async throws {
        let target = try ScriptedTarget()
        let front = try TLSFront(of: target.port)
        let play = try await Self.play(front) { $0.proxy = "http://127.0.0.1:1" }
        #expect(play.failures == [.connect: 10] && target.requests.isEmpty)
    }
}
