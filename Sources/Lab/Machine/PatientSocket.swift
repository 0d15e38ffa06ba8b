import CLab
import Glibc

/// A TCP connection from inside a network namespace whose every step is over by a deadline. Calls block.
struct PatientSocket: Sendable {
    let file: Int32

    /// nil if there is no connection by then, or it is refused. `network` nil is our own namespace.
    init?(network: Int32?, address: String, port: Int, until end: ContinuousClock.Instant) {
        let file = clab_socket_in(
            network ?? -1, AF_INET,
            Int32(SOCK_STREAM.rawValue | UInt32(bitPattern: Int32(SOCK_NONBLOCK.rawValue))), 0)
        guard file >= 0 else { return nil }
        self.file = file
        guard Self.begin(file, address, port) == 0 || errno == EINPROGRESS, wait(POLLOUT, until: end),
            error == 0
        else {
            close(file)
            return nil
        }
    }

    private static func begin(_ file: Int32, _ address: String, _ port: Int) -> Int32 {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, address, &place.sin_addr)
        return withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// What became of the connection attempt.
    private var error: Int32 {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &size)
        return error
    }

    /// Whether the host answers at all: a refusal is an answer.
    static func answers(network: Int32?, address: String, port: Int, until end: ContinuousClock.Instant)
        -> Bool
    {
        let file = clab_socket_in(
            network ?? -1, AF_INET,
            Int32(SOCK_STREAM.rawValue | UInt32(bitPattern: Int32(SOCK_NONBLOCK.rawValue))), 0)
        guard file >= 0 else { return false }
        defer { close(file) }
        if begin(file, address, port) == 0 || errno == ECONNREFUSED { return true }
        guard errno == EINPROGRESS else { return false }
        var descriptor = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, milliseconds(until: end)) == 1
    }

    func send(_ bytes: [UInt8]) -> Bool {
        Glibc.send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Exactly as many bytes; nil if they do not come in time.
    func receive(_ count: Int, until end: ContinuousClock.Instant) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            guard wait(POLLIN, until: end) else { return nil }
            let got = bytes.withUnsafeMutableBytes { recv(file, $0.baseAddress! + have, count - have, 0) }
            guard got > 0 else { return nil }
            have += got
        }
        return bytes
    }

    private func wait(_ events: Int32, until end: ContinuousClock.Instant) -> Bool {
        let left = Self.milliseconds(until: end)
        guard left > 0 else { return false }
        var descriptor = pollfd(fd: file, events: Int16(events), revents: 0)
        return poll(&descriptor, 1, left) == 1
    }

    private static func milliseconds(until end: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: end)
        return left > .zero ? Int32(clamping: Int(left / .milliseconds(1)) + 1) : 0
    }
}
