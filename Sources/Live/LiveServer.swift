import Loopback

/// Serves a LiveView on 127.0.0.1 while a run goes on.
package struct LiveServer: Sendable {
    package let port: UInt16
    /// Ends when it has been stopped and the socket is closed.
    let serving: Task<Void, any Error>

    /// Ports that are tried one after the other when none is asked for.
    static let ports: ClosedRange<UInt16> = 8090...8099
    /// Nobody has anything to tell us.
    private static let bodyLimit = 0

    /// The port is in use; nil: all of `ports` are.
    package struct PortTaken: Error, CustomStringConvertible {
        package var port: UInt16?

        package var description: String {
            let what =
                port.map { "port \($0) of 127.0.0.1 is" }
                ?? "ports \(ports.lowerBound) to \(ports.upperBound) of 127.0.0.1 are"
            return "\(what) in use, so the live page cannot be served; choose another with --live-port"
        }
    }

    /// Listens when it returns. `port` nil takes the first free one of `ports`; 0 any free one.
    package static func start(_ view: LiveView, port: UInt16?) async throws -> LiveServer {
        for candidate in port.map({ [$0] }) ?? Array(ports) {
            do { return try await start(view, at: candidate) } catch is LoopbackServer.AddressTaken {
                continue
            }
        }
        throw PortTaken(port: port)
    }

    private static func start(_ view: LiveView, at port: UInt16) async throws -> LiveServer {
        let server = try LoopbackServer(at: .port(port), bodyLimit: bodyLimit) { view.answer($0) }
        let listening = Task { try await server.listening() }
        let serving = Task {
            do { try await server.run() } catch {
                listening.cancel()
                throw error
            }
        }
        do {
            return LiveServer(port: try await listening.value ?? port, serving: serving)
        } catch {
            serving.cancel()
            // Why it does not listen; that we have given up waiting says less.
            try await serving.value
            throw error
        }
    }

    package func stop() { serving.cancel() }

    package var url: String { "http://127.0.0.1:\(port)/" }
}
