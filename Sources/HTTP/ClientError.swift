/// Why there is no whole answer.
package struct ClientError: Error, Hashable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        /// The URL, a header or an option was not accepted: nothing was sent.
        case badRequest = "bad request"
        case dns
        /// Nobody listens at the address.
        case refused
        /// Unreachable, or another failure to connect.
        case connect
        case tls
        case timeout
        /// Closed or reset before the answer was whole.
        case reset
        /// Not an HTTP answer.
        case badResponse = "bad response"
        /// The body is larger than the request's `maxBodySize`.
        case tooLarge = "answer too large"
        case cancelled
    }

    package var kind: Kind
    package var host: String
    package var port: Int?
    /// In libcurl's words.
    package var reason: String

    package init(kind: Kind, host: String, port: Int? = nil, reason: String) {
        self.kind = kind
        self.host = host
        self.port = port
        self.reason = reason
    }

    package var description: String {
        "\(port.map { "\(host):\($0)" } ?? host): \(kind.rawValue): \(reason)"
    }
}
