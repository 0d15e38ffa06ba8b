import CCurl

/// How connections are made, beside where to. Unless told otherwise: straight to the target, from any address of this
/// machine, its certificate verified by the system's authorities.
package struct ConnectionSettings: Hashable, Sendable {
    /// PEM file of the authorities to trust instead of the system's.
    package var authorities: String?
    /// False: any certificate will do.
    package var verifiesPeer = true
    /// PEM file of our own certificate, for a server that asks who we are.
    package var certificate: String?
    /// PEM file of its key; nil: in the same file.
    package var key: String?
    /// The name that TLS asks for and looks for in the certificate; nil: the host's.
    package var serverName: String?
    /// Path of the socket to connect to, in the place of host and port.
    package var unixSocket: String?
    /// URL of the proxy that connections are tunnelled through: `http://…` by CONNECT, `socks5h://…`. Those of the
    /// environment are never used: they would answer for the target.
    package var proxy: String?
    /// Addresses of this machine that connections come from, in turn; each has ports of its own.
    package var sources: [String] = []

    package init() {}

    /// Tells an easy handle all of it. `turn`: which of the sources.
    /// - Returns: the first refusal of libcurl's, which may have been built without one of these.
    @discardableResult
    func apply(to easy: OpaqueHandle, turn: Int = 0) -> CURLcode {
        var refusal = CURLE_OK
        func set(_ option: CURLoption, _ value: String?) {
            guard let value else { return }
            let code = lc_easy_set_string(easy, option, value)
            if refusal == CURLE_OK { refusal = code }
        }
        set(CURLOPT_PROXY, proxy ?? "")
        lc_easy_set_long(easy, CURLOPT_HTTPPROXYTUNNEL, 1)
        set(CURLOPT_UNIX_SOCKET_PATH, unixSocket)
        set(CURLOPT_CAINFO, authorities)
        set(CURLOPT_SSLCERT, certificate)
        set(CURLOPT_SSLKEY, key)
        if !sources.isEmpty { set(CURLOPT_INTERFACE, "host!\(sources[turn % sources.count])") }
        if !verifiesPeer {
            lc_easy_set_long(easy, CURLOPT_SSL_VERIFYPEER, 0)
            lc_easy_set_long(easy, CURLOPT_SSL_VERIFYHOST, 0)
        }
        return refusal
    }
}
