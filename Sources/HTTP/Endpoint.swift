import CCurl

/// Where connections are dialled to: one node of a target, with what TLS must check.
package final class Endpoint: @unchecked Sendable {
    // Immutable after init; libcurl only reads the list.

    package let scheme: String
    package let host: String
    package let port: Int
    /// The node's IP address; nil: the host's name is looked up, and its addresses are tried in random order.
    package let address: String?
    /// PEM file of the authorities to trust instead of the system's.
    package let authorities: String?
    package let verifiesPeer: Bool
    private let connectTo: UnsafeMutablePointer<curl_slist>?

    package init(
        scheme: String, host: String, port: Int, address: String? = nil, authorities: String? = nil,
        verifiesPeer: Bool = true
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.address = address
        self.authorities = authorities
        self.verifiesPeer = verifiesPeer
        connectTo = address.map { curl_slist_append(nil, "::\(Endpoint.bracketed($0)):\(port)") } ?? nil
    }

    deinit { curl_slist_free_all(connectTo) }

    /// `http://host:port/`
    package var url: String { "\(scheme)://\(Endpoint.bracketed(host)):\(port)/" }

    static func bracketed(_ host: String) -> String {
        host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    }

    /// An easy handle that only connects. nil if libcurl is out of memory.
    func makeHandle() -> OpaqueHandle? {
        guard let easy = curl_easy_init() else { return nil }
        configure(easy)
        lc_easy_set_string(easy, CURLOPT_URL, url)
        lc_easy_set_long(easy, CURLOPT_CONNECT_ONLY, 1)
        lc_easy_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
        // Else TLS may choose h2, which our framing does not speak.
        lc_easy_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        return easy
    }

    /// Tells the handle how to get here.
    func configure(_ easy: OpaqueHandle) {
        lc_easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // Load goes straight to the target: a proxy from the environment would be measured instead.
        lc_easy_set_string(easy, CURLOPT_PROXY, "")
        // A balancer changes its addresses within a minute, and one connection must not choose for all.
        lc_easy_set_long(easy, CURLOPT_DNS_CACHE_TIMEOUT, 5)
        lc_easy_set_long(easy, CURLOPT_DNS_SHUFFLE_ADDRESSES, 1)
        lc_easy_set_list(easy, CURLOPT_CONNECT_TO, connectTo)
        if let authorities { lc_easy_set_string(easy, CURLOPT_CAINFO, authorities) }
        if !verifiesPeer {
            lc_easy_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0)
            lc_easy_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0)
        }
    }
}

typealias OpaqueHandle = UnsafeMutableRawPointer
