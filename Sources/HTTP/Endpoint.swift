import CCurl

/// Where connections are dialled to: one node of a target, with what TLS must check.
package final class Endpoint: @unchecked Sendable {
    // Immutable after init; libcurl only reads the list.

    package let scheme: String
    package let host: String
    package let port: Int
    /// The node's IP address; nil: the host's name is looked up, and its addresses are tried in random order.
    package let address: String?
    package let connection: ConnectionSettings
    private let connectTo: UnsafeMutablePointer<curl_slist>?

    package init(
        scheme: String, host: String, port: Int, address: String? = nil,
        connection: ConnectionSettings = ConnectionSettings()
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.address = address
        self.connection = connection
        let place = address ?? (connection.serverName == nil ? nil : host)
        connectTo = place.map { curl_slist_append(nil, "::\(Endpoint.bracketed($0)):\(port)") } ?? nil
    }

    deinit { curl_slist_free_all(connectTo) }

    /// `http://host:port/`, with the name that TLS is to ask for.
    package var url: String { "\(scheme)://\(Endpoint.bracketed(connection.serverName ?? host)):\(port)/" }

    static func bracketed(_ host: String) -> String {
        host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    }

    /// An easy handle that only connects. nil if libcurl is out of memory.
    func makeHandle(turn: Int = 0, sessions: TLSSessions? = nil) -> OpaqueHandle? {
        guard let easy = curl_easy_init() else { return nil }
        sessions?.give(to: easy)
        configure(easy, turn: turn)
        lc_easy_set_string(easy, CURLOPT_URL, url)
        lc_easy_set_long(easy, CURLOPT_CONNECT_ONLY, 1)
        lc_easy_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
        // Else TLS may choose h2, which our framing does not speak.
        lc_easy_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        return easy
    }

    /// Tells the handle how to get here; `turn` counts what is dialled.
    func configure(_ easy: OpaqueHandle, turn: Int) {
        lc_easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // A balancer changes its addresses within a minute, and one connection must not choose for all.
        lc_easy_set_long(easy, CURLOPT_DNS_CACHE_TIMEOUT, 5)
        lc_easy_set_long(easy, CURLOPT_DNS_SHUFFLE_ADDRESSES, 1)
        lc_easy_set_list(easy, CURLOPT_CONNECT_TO, connectTo)
        connection.apply(to: easy, turn: turn)
    }
}

typealias OpaqueHandle = UnsafeMutableRawPointer
