import Glibc

/// The runtime socket of one HAProxy. One connection per question; a silent one is given up after two
/// seconds.
struct HAProxySocket: Hashable, Sendable {
    var path: String

    struct Silent: Error, CustomStringConvertible {
        var path: String
        var error: Int32
        /// Nobody is there, rather than somebody slow.
        var isDead: Bool { [ECONNREFUSED, ECONNRESET, EPIPE, ENOENT].contains(error) }
        var description: String { "no answer from HAProxy at \(path): \(errnoText(error))" }
    }

    /// The answers to these commands, in one text.
    func ask(_ commands: [String]) async throws(Silent) -> String {
        let result: Result<String, Silent> = await aside {
            do throws(Silent) { return .success(try askNow(commands)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func askNow(_ commands: [String]) throws(Silent) -> String {
        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Silent(path: path, error: errno) }
        defer { close(socket) }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard connectUnix(socket, path) else { throw Silent(path: path, error: errno) }
        let question = Array((commands.joined(separator: "; ") + "\n").utf8)
        guard send(socket, question, question.count, Int32(MSG_NOSIGNAL)) == question.count else {
            throw Silent(path: path, error: errno)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count == 0 { return String(decoding: answer, as: UTF8.self) }
            guard count > 0 else { throw Silent(path: path, error: errno) }
            answer += buffer[..<count]
        }
    }
}

/// connect(2) to a UNIX socket by its path; false with errno set.
func connectUnix(_ socket: Int32, _ path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
        errno = ENAMETOOLONG
        return false
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }
}
