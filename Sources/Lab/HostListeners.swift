import Glibc

/// The sockets clients reach the lab by. Bound before the lab enters its own network: what arrives stays the
/// host's,
/// what goes out from behind it is the lab's, and no route leads from one to the other.
enum HostListeners {
    static let nodes = [("ap-south-1a", "127.0.1.10"), ("ap-south-1b", "127.0.2.10")]
    static let firstPort = 8080
    static let attempts = 100

    static let firstTLSPort = 8443

    /// The balancer's nodes on one port for HTTP, the given one or the first free one from 8080, and on the first free
    /// one from 8443 for HTTPS; the API on any.
    static func bind(port: Int?) throws(LabError) -> Machine.Listeners {
        let plain = try bindNodes(port.map { $0...$0 } ?? firstPort...(firstPort + attempts - 1))
        let secure = try bindNodes(firstTLSPort...(firstTLSPort + attempts - 1))
        guard let api = try listen("127.0.0.1", 0) else { throw .portTaken(address: "127.0.0.1", port: 0) }
        var listeners = Machine.Listeners(nodes: [], api: api)
        for (index, (zone, address)) in nodes.enumerated() {
            listeners.nodes.append(
                .init(
                    zone: zone, address: address, port: plain.port, fd: plain.sockets[index],
                    tlsPort: secure.port,
                    tls: secure.sockets[index]))
        }
        return listeners
    }

    /// A socket for each node, on the first of the ports that is free at all of them.
    private static func bindNodes(_ ports: ClosedRange<Int>) throws(LabError) -> (port: Int, sockets: [Int32])
    {
        for port in ports {
            var sockets: [Int32] = []
            for (_, address) in nodes {
                guard let socket = try listen(address, port) else { break }
                sockets.append(socket)
            }
            if sockets.count == nodes.count { return (port, sockets) }
            for socket in sockets { close(socket) }
            if port == ports.upperBound { throw .portTaken(address: nodes[sockets.count].1, port: port) }
        }
        throw .portTaken(address: nodes[0].1, port: ports.lowerBound)
    }

    /// Nil when the port is taken. Port 0 takes any free one.
    private static func listen(_ address: String, _ port: Int) throws(LabError) -> Int32? {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw .file(operation: "open", path: "a socket", error: errno) }
        var one: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, address, &place.sin_addr)
        let result = withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0, Glibc.listen(socket, 1024) == 0 { return socket }
        let error = errno
        close(socket)
        if error == EADDRINUSE { return nil }
        throw .file(operation: "listen on", path: "\(address):\(port)", error: error)
    }

    /// Every socket clients may come in by.
    static func sockets(_ listeners: Machine.Listeners) -> [Int32] {
        listeners.nodes.flatMap { [$0.fd, $0.tls] } + [listeners.api]
    }

    /// The port a bound socket got.
    static func port(of socket: Int32) -> Int {
        var place = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &place) {
            _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        return Int(in_port_t(bigEndian: place.sin_port))
    }
}
