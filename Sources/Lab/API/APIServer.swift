import FlyingFox
import FlyingSocks
import Foundation

/// Puts the lab's API on a socket. Loopback or a UNIX socket only: whoever reaches it may break the lab.
package struct APIServer: Sendable {
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

    private let server: HTTPServer

    /// Throws when the address is not one (a path too long for a UNIX socket).
    package init(api: LabAPI, at address: Address) throws {
        let target: any SocketAddress =
            switch address {
            case .port(let port): try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
            case .unixSocket(let path): sockaddr_un.unix(path: path)
            }
        server = HTTPServer(config: Self.configuration(target), handler: Handler(api: api))
    }

    /// Serves until the task is cancelled. Throws when the address is taken.
    package func run() async throws { try await server.run() }

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
        // Never keep a large body for later: `Handler` reads each to its end.
        configuration.sharedRequestReplaySize = configuration.sharedRequestBufferSize
        return configuration
    }

    private struct Handler: HTTPHandler {
        let api: LabAPI

        func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            var body = Data()
            var isTooLarge = false
            // Read to the end even when too large, or the rest would be taken for the next request.
            for try await chunk in request.bodySequence {
                isTooLarge = isTooLarge || body.count + chunk.count > LabAPI.bodyLimit
                if isTooLarge { body = Data() } else { body.append(chunk) }
            }
            var headers: [String: String] = [:]
            for (header, value) in request.headers { headers[header.rawValue.lowercased()] = value }
            let target = request.target
            let answer = await api.answer(
                APIRequest(
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

/// Sets TCP_NODELAY on the listening socket, from which Linux copies it to accepted ones.
///
/// The server writes head and body apart; without this each kept-alive answer waits 44 ms for the peer's
/// delayed ACK.
private struct NoDelayPool<Pool: AsyncSocketPool>: AsyncSocketPool {
    let base: Pool

    func prepare() async throws { try await base.prepare() }
    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        if events == .read {
            let option = BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY)
            // Refused on a UNIX socket, which does not delay anyway.
            try? socket.setValue(true, for: option)
        }
        try await base.suspendSocket(socket, untilReadyFor: events)
    }
}
