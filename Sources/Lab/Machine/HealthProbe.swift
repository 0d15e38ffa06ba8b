import CLab
import Glibc

/// A service's container health check, carried out from inside the task's own network.
struct HealthProbe: Sendable {
    /// The namespace to ask in; nil is ours.
    var network: Int32?
    var address: String
    var port: Int
    var question: String
    /// What a healthy answer starts with.
    var answer: String

    /// What the document's task definitions ask each service.
    static func question(of service: String) -> (question: String, answer: String) {
        switch service {
        case "nginx": (get("/nginx-health"), "HTTP/1.1 200")
        case "flask-app": (get("/health"), "HTTP/1.1 200")
        default: ("PING\r\n", "+PONG")
        }
    }

    private static func get(_ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    }

    /// Whether the right answer came in time. Blocks; `patience` bounds connecting and answering together.
    func ask(patience: Duration) -> Bool {
        let socket = clab_socket_in(
            network ?? -1, AF_INET,
            Int32(SOCK_STREAM.rawValue | UInt32(bitPattern: Int32(SOCK_NONBLOCK.rawValue))), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        let end = ContinuousClock.now + patience
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, address, &place.sin_addr)
        let begun = withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard begun == 0 || errno == EINPROGRESS, wait(socket, Int16(POLLOUT), until: end) else {
            return false
        }
        guard send(socket, question, question.utf8.count, Int32(MSG_NOSIGNAL)) == question.utf8.count else {
            return false
        }
        var got: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256)
        while got.count < answer.utf8.count {
            guard wait(socket, Int16(POLLIN), until: end) else { return false }
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return false }
            got += buffer[..<count]
        }
        return got.starts(with: answer.utf8)
    }

    private func wait(_ socket: Int32, _ events: Int16, until end: ContinuousClock.Instant) -> Bool {
        let left = ContinuousClock.now.duration(to: end)
        guard left > .zero else { return false }
        var descriptor = pollfd(fd: socket, events: events, revents: 0)
        return poll(&descriptor, 1, Int32(clamping: Int(left / .milliseconds(1)) + 1)) == 1
    }
}
