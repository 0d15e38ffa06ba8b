import Glibc
import Synchronization

/// A proxy that tunnels to ports of loopback by CONNECT, whatever host it is asked for. It goes with the test's process.
package final class TunnelProxy: Sendable {
    package let port: Int
    private let asked = Mutex<[String]>([])

    package init() throws {
        let (listener, port) = try LoopbackListener.listening(
            on: "127.0.0.1", port: 0, isBlocking: true, backlog: 64)
        self.port = port
        ScriptedTarget.detach { [self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                ScriptedTarget.detach { [self] in
                    tunnel(client)
                    close(client)
                }
            }
        }
    }

    /// `host:port` of each tunnel so far.
    package var tunnels: [String] { asked.withLock { $0 } }

    private func tunnel(_ client: Int32) {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard read(client, &byte, 1) == 1 else { return }
            head.append(byte)
        }
        let words = String(decoding: head, as: UTF8.self).split(separator: " ")
        guard words.count > 1, words[0] == "CONNECT",
            let port = Int(words[1].split(separator: ":").last ?? ""),
            let target = LoopbackListener.connected(to: "127.0.0.1", port: port)
        else { return }
        asked.withLock { $0.append(String(words[1])) }
        let answer = "HTTP/1.1 200 Connection established\r\n\r\n"
        _ = write(client, answer, answer.utf8.count)
        ScriptedTarget.detach { Self.copy(from: target, to: client) }
        Self.copy(from: client, to: target)
        close(target)
    }

    /// Until one of them ends, which ends the other.
    private static func copy(from source: Int32, to sink: Int32) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0, send(sink, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(sink, Int32(SHUT_RDWR))
    }
}
