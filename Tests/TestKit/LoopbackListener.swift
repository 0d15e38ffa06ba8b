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
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let length = size
        let isBound = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(descriptor, name, length) == 0 && listen(descriptor, backlog) == 0
                    && getsockname(descriptor, name, &size) == 0
            }
        }
        guard isBound else {
            let code = errno
            close(descriptor)
            throw SocketError(code: code)
        }
        return (descriptor, Int(in_port_t(bigEndian: name.sin_port)))
    }

    struct SocketError: Error {
        var code: Int32
    }
}
