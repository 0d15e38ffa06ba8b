import Glibc

/// The sockets clients reach the lab by. Bound before the lab enters its own network: what arrives stays the
/// host's,
/// what goes out from behind it is the lab's, and no route leads from one to the other.
enum HostListeners {
    static let nodes = [("ap-south-1a", "127.0.1.10"), ("ap-south-1b", "127.0.2.10")]
    static let firstPort = 8080
    static let attempts = 100

    /// The balancer's nodes on one port, the given one or the first free one from 8080, and the API on any.
    static func bind(port: Int?) throws(LabError) -> Machine.Listeners {
        var candidates = port.map { $0...$0 } ?? firstPort...(firstPort + attempts - 1)
        while let candidate = candidates.first {
            var bound: [Machine.Listeners.Node] = []
            for (zone, address) in nodes {
                guard let fd = try listen(address, candidate) else { break }
                bound.append(.init(zone: zone, address: address, port: candidate, fd: fd))
            }
            if bound.count == nodes.count {
                guard let api = try listen("127.0.0.1", 0) else {
                    throw .portTaken(address: "127.0.0.1", port: 0)
                }
                return Machine.Listeners(nodes: bound, api: api)
            }
            for node in bound { close(node.fd) }
            guard candidate < candidates.upperBound else {
                throw .portTaken(address: nodes[bound.count].1, port: candidate)
            }
            candidates = (candidate + 1)...candidates.upperBound
        }
        throw .portTaken(address: nodes[0].1, port: port ?? firstPort)
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
