import CLab
import Glibc

/// A netfilter queue of one network namespace: the packets that a rule sends to it stay in the kernel until they are
/// let go, each by its number. The kernel's side is nfnetlink_queue.h, and netlink(7).
final class PacketQueue: Sendable {
    /// Non-blocking; readable when packets have come.
    let socket: Int32
    /// The number that the rule names.
    static let number: UInt16 = 1

    init(network: Int32) throws(LabError) {
        let kind = Int32(SOCK_RAW.rawValue | UInt32(bitPattern: Int32(SOCK_NONBLOCK.rawValue)))
        let opened = clab_socket_in(network, AF_NETLINK, kind, Self.netfilter)
        guard opened >= 0 else { throw .file(operation: "open", path: "a netfilter socket", error: -opened) }
        socket = opened
        // Room for what comes while this process has no CPU; what the kernel refuses, it goes without.
        var room: Int32 = 8 << 20
        setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, socklen_t(MemoryLayout<Int32>.size))
        try configure()
    }

    deinit { close(socket) }

    /// The numbers of the packets that have come, in their order.
    func arrived() -> [UInt32] {
        var numbers: [UInt32] = []
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 4) { buffer in
            while true {
                let count = recv(socket, buffer.baseAddress, buffer.count, 0)
                guard count > 0 else { return }
                Self.forEachMessage(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { type, payload in
                    if type == Self.packetMessage, let number = Self.packetNumber(payload) {
                        numbers.append(number)
                    }
                }
            }
        }
        return numbers
    }

    /// The packet goes on its way.
    func letGo(_ packet: UInt32) {
        // What the kernel does not take here, it has dropped itself: the interface is gone.
        _ = send(
            Self.verdictMessage, flags: 0,
            [Attribute(Self.verdictHeader, UInt32(1 /* NF_ACCEPT */).bigEndianBytes + packet.bigEndianBytes)])
    }

    // MARK: - Set up

    private func configure() throws(LabError) {
        // Only their numbers are wanted, not their bytes, and many of them may wait. Over that they pass at once, whole
        // as they left the socket: this is to be late, not lossy.
        let flags = UInt32(1 /* FAIL_OPEN */ | 4 /* GSO */).bigEndianBytes
        let error = ask([
            Attribute(1 /* CMD */, [1 /* BIND */, 0, 0, 0]),
            Attribute(2 /* PARAMS */, UInt32(0).bigEndianBytes + [1 /* COPY_META */]),
            Attribute(3 /* QUEUE_MAXLEN */, UInt32(65_536).bigEndianBytes),
            Attribute(4 /* MASK */, flags), Attribute(5 /* FLAGS */, flags),
        ])
        guard error == 0 else {
            throw .file(operation: "bind", path: "a netfilter queue", error: error)
        }
    }

    /// 0, or the error that the kernel answers; it has answered when the message is sent.
    private func ask(_ attributes: [Attribute]) -> Int32 {
        let sent = send(Self.configMessage, flags: 4 /* NLM_F_ACK */, attributes)
        guard sent == 0 else { return sent }
        return withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 4) { buffer in
            let count = recv(socket, buffer.baseAddress, buffer.count, 0)
            guard count > 0 else { return errno }
            var answer: Int32 = EPROTO
            Self.forEachMessage(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { type, payload in
                guard type == 2 /* NLMSG_ERROR */, payload.count >= 4 else { return }
                answer = -payload.loadUnaligned(as: Int32.self)
            }
            return answer
        }
    }

    /// 0 or the error.
    private func send(_ type: UInt16, flags: UInt16, _ attributes: [Attribute]) -> Int32 {
        let body =
            [0 /* any family */, 0 /* version */] + Self.number.bigEndianBytes + attributes.flatMap(\.bytes)
        let head = UInt32(16 + body.count).bytes + type.bytes + (flags | 1 /* NLM_F_REQUEST */).bytes
        let message = head + [UInt8](repeating: 0, count: 8) + body
        return Glibc.send(socket, message, message.count, 0) == message.count ? 0 : errno
    }
}

// MARK: - Messages

extension PacketQueue {
    private static let netfilter: Int32 = 12
    private static let subsystem: UInt16 = 3 << 8
    private static let packetMessage = subsystem
    private static let verdictMessage = subsystem | 1
    private static let configMessage = subsystem | 2
    private static let verdictHeader: UInt16 = 2

    /// Aligned to four bytes, as all of netlink is.
    private struct Attribute {
        var bytes: [UInt8]

        init(_ type: UInt16, _ value: [UInt8]) {
            bytes = UInt16(4 + value.count).bytes + type.bytes + value
            bytes += [UInt8](repeating: 0, count: -bytes.count & 3)
        }
    }

    private static func forEachMessage(
        _ bytes: UnsafeRawBufferPointer, _ body: (_ type: UInt16, _ payload: UnsafeRawBufferPointer) -> Void
    ) {
        var rest = bytes
        while rest.count >= 16 {
            let length = Int(rest.loadUnaligned(as: UInt32.self))
            guard (16...rest.count).contains(length) else { return }
            body(
                rest.loadUnaligned(fromByteOffset: 4, as: UInt16.self),
                UnsafeRawBufferPointer(rebasing: rest[16..<length]))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst((length + 3) & ~3))
        }
    }

    /// Of attribute 1, NFQA_PACKET_HDR, behind the four bytes that say which queue.
    private static func packetNumber(_ payload: UnsafeRawBufferPointer) -> UInt32? {
        var rest = UnsafeRawBufferPointer(rebasing: payload.dropFirst(4))
        while rest.count >= 8 {
            let length = Int(rest.loadUnaligned(as: UInt16.self))
            guard (4...rest.count).contains(length) else { return nil }
            if rest.loadUnaligned(fromByteOffset: 2, as: UInt16.self) == 1 {
                return UInt32(bigEndian: rest.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst((length + 3) & ~3))
        }
        return nil
    }
}

extension FixedWidthInteger {
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
    fileprivate var bigEndianBytes: [UInt8] { bigEndian.bytes }
}
