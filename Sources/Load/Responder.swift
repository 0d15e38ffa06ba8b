import Glibc

/// Answers whatever comes to a port of loopback, as fast as one thread can: what this machine's own speed is measured
/// against. Whoever asks must wait for each answer, with requests of less than 4 KB.
final class Responder: Sendable {
    let port: Int
    private let listener: Int32

    private static let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)

    init() throws(LoadEngine.SetupError) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 1024) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard isListening else {
            let problem = String(cString: strerror(errno))
            if listener >= 0 { close(listener) }
            throw .system("no port of loopback to measure this machine's speed by: \(problem)")
        }
        (self.listener, port) = (listener, Int(in_port_t(bigEndian: name.sin_port)))
    }

    /// Until `stop`.
    func run() {
        var polled = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            guard poll(&polled, nfds_t(polled.count), -1) > 0 else {
                if errno == EINTR { continue }
                break
            }
            for place in polled.indices.dropFirst() where polled[place].revents != 0 {
                let client = polled[place].fd
                let isOver =
                    recv(client, &buffer, buffer.count, 0) <= 0
                    || send(client, Self.answer, Self.answer.count, Int32(MSG_NOSIGNAL)) <= 0
                if isOver {
                    close(client)
                    polled[place].fd = -1
                }
            }
            guard polled[0].revents != 0 else { continue }
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            polled.append(pollfd(fd: client, events: Int16(POLLIN), revents: 0))
        }
        for each in polled where each.fd >= 0 { close(each.fd) }
    }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }
}
