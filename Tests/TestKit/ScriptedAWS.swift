import Foundation
import Glibc
import Synchronization

/// A small HTTP server on loopback that answers as a script says, and keeps every request it got.
///
/// One thread accepts, one more serves each connection: the tests' own tasks never wait for it.
package final class ScriptedAWS: Sendable {
    package struct Request: Sendable {
        package var method = ""
        package var path = ""
        package var headers: [(name: String, value: String)] = []
        package var body: [UInt8] = []

        /// From the target header or the form's Action; empty for anything else.
        package var action: String {
            if let target = self["X-Amz-Target"] { return String(target.split(separator: ".").last ?? "") }
            return form["Action"] ?? ""
        }
        /// Of a form body, decoded.
        package var form: [String: String] {
            var fields: [String: String] = [:]
            for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" }
                if let name = parts.first { fields[name] = parts.count > 1 ? parts[1] : "" }
            }
            return fields
        }
        /// The text of a JSON body's top-level string field.
        package func field(_ name: String) -> String? {
            let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
            return object?[name] as? String
        }
        package func number(_ name: String) -> Double? {
            let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
            return object?[name] as? Double
        }
        /// The strings of a JSON body's top-level list.
        package func list(_ name: String) -> [String] {
            let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
            return object?[name] as? [String] ?? []
        }
        package subscript(name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    package enum Reply: Sendable {
        case answer(status: Int, body: String, headers: [String])
        /// Sent as it is; then the connection is closed.
        case raw([UInt8])
        /// Closed without a word.
        case close
        /// Nothing, until the server stops.
        case silence

        package static func ok(_ body: String) -> Reply { .answer(status: 200, body: body, headers: []) }
        package static func status(_ status: Int, _ body: String) -> Reply {
            .answer(status: status, body: body, headers: [])
        }
    }

    package struct SocketFailure: Error { package var call: String, errno: Int32 }

    package let port: Int
    private let listener: Int32
    private let kept = Mutex<[Request]>([])
    private let open = Mutex<Set<Int32>>([])
    private let accepted = Mutex(0)
    private let isStopped = Mutex(false)
    private let script: @Sendable (Request) -> Reply

    /// `script` is called on the connection's thread, after the request was kept.
    package init(_ script: @escaping @Sendable (Request) -> Reply) throws {
        self.script = script
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else { throw SocketFailure(call: "socket", errno: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(fd, generic, length) == 0 && listen(fd, 64) == 0
                    && getsockname(fd, generic, &length) == 0
            }
        }
        guard isBound else {
            let code = errno
            close(fd)
            throw SocketFailure(call: "bind", errno: code)
        }
        listener = fd
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(fd, nil, nil)
                guard connection >= 0 else { break }
                guard let self else {
                    close(connection)
                    break
                }
                self.open.withLock { _ = $0.insert(connection) }
                self.accepted.withLock { $0 += 1 }
                Thread.detachNewThread { self.serve(connection) }
            }
            // Closed by the one thread that uses it, or its number could already be another server's.
            close(fd)
        }
    }

    deinit { stop() }

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [Request] { kept.withLock { $0 } }
    /// How many connections were accepted so far.
    package var connections: Int { accepted.withLock { $0 } }
    package func count(_ action: String) -> Int { requests.count { $0.action == action } }

    /// Nobody listens at the port afterwards. May be called again.
    package func stop() {
        isStopped.withLock { isStopped in
            if !isStopped { shutdown(listener, Int32(SHUT_RDWR)) }
            isStopped = true
        }
        open.withLock { for connection in $0 { shutdown(connection, Int32(SHUT_RDWR)) } }
    }

    private func serve(_ connection: Int32) {
        var buffer: [UInt8] = []
        while let request = Self.read(from: connection, &buffer) {
            kept.withLock { $0.append(request) }
            var isLast = false
            switch script(request) {
            case .answer(let status, let body, let headers):
                let lines = ["HTTP/1.1 \(status) Scripted", "Content-Length: \(body.utf8.count)"] + headers
                let text =
                    lines.joined(separator: "\r\n") + "\r\n\r\n" + (request.method == "HEAD" ? "" : body)
                // In one piece: a second one would wait for the peer's delayed acknowledgement, 40 ms.
                Self.write(Array(text.utf8), to: connection)
            case .raw(let bytes):
                Self.write(bytes, to: connection)
                isLast = true
            case .close: isLast = true
            case .silence:
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                isLast = true
            }
            if isLast { break }
        }
        open.withLock { _ = $0.remove(connection) }
        close(connection)
    }

    /// nil: the peer has closed.
    private static func read(from connection: Int32, _ buffer: inout [UInt8]) -> Request? {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        func more() -> Bool {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return false }
            buffer += chunk[..<count]
            return true
        }
        let end = Array("\r\n\r\n".utf8)
        var head = buffer.firstRange(of: end)
        while head == nil {
            guard more() else { return nil }
            head = buffer.firstRange(of: end)
        }
        guard let head else { return nil }
        let lines = String(decoding: buffer[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        var request = Request(method: String(words[0]), path: String(words[1]))
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            request.headers.append((String(parts[0]), String(value)))
        }
        let length = request["Content-Length"].flatMap { Int($0) } ?? 0
        buffer.removeSubrange(..<head.upperBound)
        while buffer.count < length { guard more() else { return nil } }
        request.body = Array(buffer[..<length])
        buffer.removeSubrange(..<length)
        return request
    }

    private static func write(_ bytes: [UInt8], to connection: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
