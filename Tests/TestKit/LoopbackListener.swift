import Glibc

/// A TCP socket that listens on an address of this machine.
enum LoopbackListener {
    /// The socket, for its owner to close, and its port. `port` 0: a free one.
    static func listening(
        on address: String, port: Int, isBlocking: Bool, backlog: Int32
    ) throws -> (socket: Int32, port: Int) {
        // A peer that closed must be an error, not the end of the tests.
        signal(SIGPIPE, SIG_IGN)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if !isBlocking { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        var name = self.name(of: address, port: port)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withAddress(&name) { name, length in
            bind(descriptor, name, length) == 0 && listen(descriptor, backlog) == 0
                && getsockname(descriptor, name, &size) == 0
        }
        guard isBound else {
            let code = errno
            close(descriptor)
            throw SocketError(code: code)
        }
        return (descriptor, Int(in_port_t(bigEndian: name.sin_port)))
    }

    /// A socket for its owner to close; nil: nobody listens there.
    static func connected(to address: String, port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = self.name(of: address, port: port)
        if withAddress(&name, { connect(descriptor, $0, $1) == 0 }) { return descriptor }
        close(descriptor)
        return nil
    }

    private static func name(of address: String, port: Int) -> sockaddr_in {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        return name
    }

    private static func withAddress<Result>(
        _ name: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    struct SocketError: Error {
        var code: Int32
    }
}
