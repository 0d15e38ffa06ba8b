import Glibc
import Synchronization

/// A server on loopback that does what a test says: plain POSIX sockets, a thread for each connection, a free
/// port.
///
/// It speaks just enough HTTP to find where a request ends. Stop it, or let it go: both close every socket.
package final class ScriptedTarget: Sendable {
    /// What happens to one request.
    package enum Behaviour: Hashable, Sendable {
        /// These bytes, whatever they are; then the connection waits for the next request.
        case bytes([UInt8])
        /// These bytes, then the connection is closed.
        case bytesThenClose([UInt8])
        /// Nothing for so many milliseconds, then a 200 with a body.
        case delay(milliseconds: UInt32)
        /// The request is read and never answered.
        case stall
        /// The connection is reset (RST) in place of an answer.
        case reset
        /// A 200 without length whose body never ends.
        case endless
        /// 200, kept alive.
        case ok
    }

    private struct State {
        var sockets: Set<Int32> = []
        var requests: [String] = []
        var connections = 0
        var isStopped = false
    }

    package let port: Int
    private let listener: Int32
    private let state = Mutex(State())
    /// Request number (over all connections, from 0), and the request → what to do.
    private let script: @Sendable (Int, String) -> Behaviour
    /// Connections are closed in silence after so many requests; nil: never.
    private let closesAfter: Int?

    package init(
        address: String = "127.0.0.1", port: Int = 0, closesAfter: Int? = nil,
        answering script: @escaping @Sendable (Int, String) -> Behaviour
    ) throws {
        self.script = script
        self.closesAfter = closesAfter
        (listener, self.port) = try LoopbackListener.listening(
            on: address, port: port, isBlocking: true, backlog: 512)
        ScriptedTarget.detach { [self] in accept() }
    }

    package convenience init(
        address: String = "127.0.0.1", port: Int = 0, closesAfter: Int? = nil,
        script: @escaping @Sendable (Int) -> Behaviour = { _ in .ok }
    ) throws {
        try self.init(address: address, port: port, closesAfter: closesAfter) { number, _ in script(number) }
    }

    /// The requests so far, head and body as they came.
    package var requests: [String] { state.withLock { $0.requests } }
    package var connections: Int { state.withLock { $0.connections } }

    /// Closes the listener and every connection: from now on it refuses.
    package func stop() {
        let sockets = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped ? [] : Array(state.sockets) + [listener]
        }
        for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            let isOpen = state.withLock { state in
                guard !state.isStopped else { return false }
                state.sockets.insert(client)
                state.connections += 1
                return true
            }
            guard isOpen else {
                close(client)
                break
            }
            ScriptedTarget.detach { [self] in
                serve(client)
                state.withLock { _ = $0.sockets.remove(client) }
                close(client)
            }
        }
        close(listener)
    }

    private func serve(_ client: Int32) {
        var pending: [UInt8] = []
        var served = 0
        while let request = Self.readRequest(client, &pending) {
            let text = String(decoding: request, as: UTF8.self)
            let number = state.withLock { state in
                state.requests.append(text)
                return state.requests.count - 1
            }
            guard perform(script(number, text), client) else { return }
            served += 1
            if served == closesAfter { return }
        }
    }

    /// False: the connection is over.
    private func perform(_ behaviour: Behaviour, _ client: Int32) -> Bool {
        switch behaviour {
        case .ok: return Self.write(client, Self.okAnswer)
        case .bytes(let bytes): return Self.write(client, bytes)
        case .bytesThenClose(let bytes):
            _ = Self.write(client, bytes)
            return false
        case .delay(let milliseconds):
            usleep(milliseconds * 1000)
            return Self.write(client, Self.okAnswer)
        case .stall:
            // Until the peer gives up, or stop() shuts the socket.
            var byte: UInt8 = 0
            while read(client, &byte, 1) > 0 {}
            return false
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            return false
        case .endless:
            guard Self.write(client, Array("HTTP/1.1 200 OK\r\n\r\n".utf8)) else { return false }
            let piece = [UInt8](repeating: 0x61, count: 65_536)
            while Self.write(client, piece) {}
            return false
        }
    }

    package static let okAnswer = Array(
        "HTTP/1.1 200 OK\r\nServer-Timing: app;dur=0.1\r\nContent-Length: 2\r\n\r\nok".utf8)

    // MARK: - Sockets

    /// One request, by its head and Content-Length; nil at the end of the connection.
    private static func readRequest(_ client: Int32, _ pending: inout [UInt8]) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            if let length = requestLength(pending), pending.count >= length {
                defer { pending.removeFirst(length) }
                return Array(pending[..<length])
            }
            let count = read(client, &buffer, buffer.count)
            guard count > 0 else { return nil }
            pending += buffer[..<count]
        }
    }

    private static func requestLength(_ bytes: [UInt8]) -> Int? {
        let end: [UInt8] = [13, 10, 13, 10]
        guard bytes.count >= 4 else { return nil }
        guard let start = (0...(bytes.count - 4)).first(where: { Array(bytes[$0..<$0 + 4]) == end }) else {
            return nil
        }
        let head = String(decoding: bytes[..<start], as: UTF8.self).lowercased()
        let lines = head.split(whereSeparator: \.isNewline)
        let length = lines.first { $0.hasPrefix("content-length:") }.flatMap {
            Int($0.dropFirst(15).filter(\.isNumber))
        }
        return start + 4 + (length ?? 0)
    }

    private static func write(_ client: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(client, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// A plain thread: Dispatch and the concurrency pool would run out of theirs when a script stalls many
    /// connections.
    static func detach(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        precondition(result == 0, "pthread_create: \(result)")
        pthread_detach(thread)
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

extension ScriptedTarget.Behaviour: CustomStringConvertible {
    /// For the log of a test that has one as its argument: bytes by their number and where they begin.
    package var description: String {
        switch self {
        case .bytes(let bytes): "bytes \(Self.short(bytes))"
        case .bytesThenClose(let bytes): "bytesThenClose \(Self.short(bytes))"
        case .delay(let milliseconds): "delay \(milliseconds) ms"
        case .stall: "stall"
        case .reset: "reset"
        case .endless: "endless"
        case .ok: "ok"
        }
    }

    private static func short(_ bytes: [UInt8]) -> String {
        "(\(bytes.count)) \(String(decoding: bytes.prefix(40), as: UTF8.self).debugDescription)"
    }
}
