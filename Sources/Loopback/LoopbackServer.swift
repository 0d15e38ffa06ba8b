import FlyingFox
import FlyingSocks
import Foundation

/// An HTTP server on 127.0.0.1 or a UNIX socket, and nowhere else: who reaches the lab's API may break the lab, and who
/// reaches a run's page reads it.
package struct LoopbackServer: Sendable {
    package enum Address: Hashable, Sendable, CustomStringConvertible {
        /// On 127.0.0.1; 0 takes a free one.
        case port(UInt16)
        case unixSocket(path: String)

        package var description: String {
            switch self {
            case .port(let port): "127.0.0.1:\(port)"
            case .unixSocket(let path): path
            }
        }
    }

    /// Another program listens there.
    package struct AddressTaken: Error, Hashable, CustomStringConvertible {
        package var address: Address
        package var description: String { "\(address) is in use by another program" }
    }

    package typealias Handler = @Sendable (LoopbackRequest) async -> LoopbackAnswer

    private let address: Address
    private let server: HTTPServer

    /// `bodyLimit` in bytes. Throws when the address is not one (a path too long for a UNIX socket).
    package init(at address: Address, bodyLimit: Int, answer: @escaping Handler) throws {
        let target: any SocketAddress =
            switch address {
            case .port(let port): try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
            case .unixSocket(let path): sockaddr_un.unix(path: path)
            }
        self.address = address
        server = HTTPServer(
            config: Self.configuration(target), handler: Answering(bodyLimit: bodyLimit, answer: answer))
    }

    /// Serves until the task is cancelled. Throws AddressTaken, or what else keeps it from listening.
    package func run() async throws {
        do { try await server.run() } catch let SocketError.failed(_, errno, _) where errno == EADDRINUSE {
            throw AddressTaken(address: address)
        }
    }

    /// Returns the port once it listens; nil for a UNIX socket.
    package func listening() async throws -> UInt16? {
        try await server.waitUntilListening()
        if case .ip4(_, let port)? = await server.listeningAddress { return port }
        return nil
    }

    private static func configuration(_ address: some SocketAddress) -> HTTPServer.Configuration {
        var configuration = HTTPServer.Configuration(address: address, logger: .disabled)
        func wrap<Pool: AsyncSocketPool>(_ pool: Pool) -> any AsyncSocketPool { NoDelayPool(base: pool) }
        configuration.pool = wrap(configuration.pool)
        // Never keep a large body for later: `Answering` reads each to its end.
        configuration.sharedRequestReplaySize = configuration.sharedRequestBufferSize
        return configuration
    }

    private struct Answering: HTTPHandler {
        let bodyLimit: Int
        let answer: Handler

        func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            var body = Data()
            var isTooLarge = false
            // Read to the end even when too large, or the rest would be taken for the next request.
            for try await chunk in request.bodySequence {
                isTooLarge = isTooLarge || body.count + chunk.count > bodyLimit
                if isTooLarge { body = Data() } else { body.append(chunk) }
            }
            var headers: [String: String] = [:]
            for (header, value) in request.headers { headers[header.rawValue.lowercased()] = value }
            let target = request.target
            let answer = await answer(
                LoopbackRequest(
                    method: request.method.rawValue, path: target.path(), query: target.query(),
                    headers: headers,
                    body: body, isTooLarge: isTooLarge))
            var fields = HTTPHeaders()
            for (name, value) in answer.headers { fields[HTTPHeader(name)] = value }
            return HTTPResponse(
                statusCode: HTTPStatusCode(answer.status, phrase: ""), headers: fields,
                body: Data(answer.body.utf8))
        }
    }
}
