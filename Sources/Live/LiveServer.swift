import FlyingFox
import FlyingSocks
import Foundation

/// Serves a LiveView on 127.0.0.1 while a run goes on.
package struct LiveServer: Sendable {
    package let port: UInt16
    private let serving: Task<Void, any Error>

    /// Ports that are tried one after the other when none is asked for.
    static let ports: ClosedRange<UInt16> = 8090...8099

    /// The port is in use; nil: all of `ports` are.
    package struct PortTaken: Error, CustomStringConvertible {
        package var port: UInt16?

        package var description: String {
            let what =
                port.map { "port \($0) of 127.0.0.1 is" } ?? "ports \(ports.lowerBound) to \(ports.upperBound) are"
            return "\(what) in use, so the live page cannot be served; choose another with --live-port"
        }
    }

    /// Listens when it returns. `port` nil takes the first free one of `ports`; 0 any free one.
    package static func start(_ view: LiveView, port: UInt16?) async throws -> LiveServer {
        for candidate in port.map({ [$0] }) ?? Array(ports) {
            if let server = try await start(view, at: candidate) { return server }
        }
        throw PortTaken(port: port)
    }

    /// nil: the port is taken.
    private static func start(_ view: LiveView, at port: UInt16) async throws -> LiveServer? {
        let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
        let server = HTTPServer(
            config: HTTPServer.Configuration(address: address, logger: .disabled), handler: Handler(view: view))
        let waiting = Task { try await server.waitUntilListening() }
        let serving = Task {
            do { try await server.run() } catch {
                waiting.cancel()
                throw error
            }
        }
        do {
            try await waiting.value
        } catch {
            serving.cancel()
            do { try await serving.value } catch let SocketError.failed(_, errno, _) where errno == EADDRINUSE {
                return nil
            }
            throw error
        }
        guard case .ip4(_, let bound)? = await server.listeningAddress else { return nil }
        return LiveServer(port: bound, serving: serving)
    }

    /// Ends it; returns when the socket is closed.
    package func stop() async {
        serving.cancel()
        // That it was cancelled is all it can say.
        _ = await serving.result
    }

    package var url: String { "http://127.0.0.1:\(port)/" }

    private struct Handler: HTTPHandler {
        let view: LiveView

        func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            let host = request.headers.first { $0.key.rawValue.lowercased() == "host" }?.value
            let answer = view.answer(
                method: request.method.rawValue, path: request.target.path(), host: host)
            return HTTPResponse(
                statusCode: HTTPStatusCode(answer.status, phrase: ""),
                headers: [HTTPHeader("Content-Type"): answer.contentType, HTTPHeader("Cache-Control"): "no-store"],
                body: Data((request.method == .HEAD ? "" : answer.body).utf8))
        }
    }
}
