package import HTTP

/// Where the load goes.
package struct LoadTarget: Hashable, Sendable {
    /// `http` or `https`.
    package var scheme: String
    package var host: String
    package var port: Int
    /// IP addresses of the target's nodes; requests take them in turn. Empty: the host's name is looked up
    /// instead.
    package var addresses: [String]
    package var connection: ConnectionSettings
    /// An answer with a longer body is a bad response; 64 MiB unless told otherwise.
    package var bodyLimit: UInt64

    package init(
        scheme: String, host: String, port: Int, addresses: [String] = [],
        connection: ConnectionSettings = ConnectionSettings(), bodyLimit: UInt64 = 64 << 20
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.addresses = addresses
        self.connection = connection
        self.bodyLimit = bodyLimit
    }

    /// As the Host header names it: without the scheme's own port.
    package var authority: String {
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return port == (scheme == "https" ? 443 : 80) ? name : "\(name):\(port)"
    }

    var endpoints: [Endpoint] {
        let nodes: [String?] = addresses.isEmpty ? [nil] : addresses
        return nodes.map {
            Endpoint(scheme: scheme, host: host, port: port, address: $0, connection: connection)
        }
    }

    /// Connects to the nodes in turn until one answers. Blocks. nil: at least one is there; else why the last
    /// is not.
    package func unreachable(timeout: Int) -> String? {
        var problem: String?
        for endpoint in endpoints {
            guard let failure = endpoint.reach(timeoutMilliseconds: timeout) else { return nil }
            let place = connection.unixSocket ?? "\(endpoint.address ?? host) port \(port)"
            problem = "\(place): \(failure.reason)"
        }
        return problem
    }
}
