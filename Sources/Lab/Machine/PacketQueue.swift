import CLab
import Glibc

/// A netfilter queue of one network namespace: the packets that a rule sends to it stay in the kernel until they are
/// let go, each by its number. The kernel's side is nfnetlink_queue.h, whose names stand beside its numbers.
final class PacketQueue: Sendable {
    /// Non-blocking; readable when packets have come.
    let socket: Int32
    private static let number: UInt16 = 1

    /// For iptables-restore: what leaves the namespace goes to the queue, or does so no more. iptables has a target for
    /// it in kernels whose nftables have none. Behind all other rules, so that what those drop is dropped at once; if
    /// nobody serves the queue, packets pass.
    static func rules(_ isOn: Bool) -> String {
        let rule = "-A POSTROUTING ! -o lo -j NFQUEUE --queue-num \(number) --queue-bypass\n"
        return "*mangle\n" + (isOn ? rule : "") + "COMMIT\n"
    }

    init(network: Int32) throws(LabError) {
        let kind = Int32(SOCK_RAW.rawValue | UInt32(bitPattern: Int32(SOCK_NONBLOCK.rawValue)))
        let opened = clab_socket_in(network, AF_NETLINK, kind, Netlink.netfilter)
        guard opened >= 0 else { throw .file(operation: "open", path: "a netfilter socket", error: -opened) }
        socket = opened
        // Room for what comes while this process has no CPU; what the kernel refuses, it goes without.
        var room: Int32 = 8 << 20
        setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, socklen_t(MemoryLayout<Int32>.size))
        let error = bind()
        guard error == 0 else { throw .file(operation: "bind", path: "a netfilter queue", error: error) }
    }

    deinit { close(socket) }

    /// The numbers of the packets that have come, in their order.
    func arrived() -> [UInt32] {
        var numbers: [UInt32] = []
        forEachMessage { type, payload in
            guard type == Message.packet else { return }
            Netlink.forEachAttribute(UnsafeRawBufferPointer(rebasing: payload.dropFirst(4))) { type, value in
                guard type == Value.packetHeader, value.count >= 4 else { return }
                numbers.append(UInt32(bigEndian: value.loadUnaligned(as: UInt32.self)))
            }
        }
        return numbers
    }

    /// The packet goes on its way.
    func letGo(_ packet: UInt32) {
        let verdict = Value.accept.bigEndianBytes + packet.bigEndianBytes
        // What the kernel does not take here, it has dropped itself: the interface is gone.
        _ = send(Message.verdict, flags: Netlink.request, [Netlink.Attribute(Value.verdictHeader, verdict)])
    }

    /// 0, or the error that the kernel answers; it has answered when the message is sent.
    private func bind() -> Int32 {
        // Only their numbers are wanted, not their bytes, and many of them may wait. Over that they pass at once, whole
        // as they left the socket: this is to be late, not lossy.
        let flags = (Value.failOpen | Value.wholeSegments).bigEndianBytes
        let sent = send(
            Message.configure, flags: Netlink.request | Netlink.acknowledged,
            [
                Netlink.Attribute(Value.command, [Value.bind, 0, 0, 0]),
                Netlink.Attribute(Value.parameters, UInt32(0).bigEndianBytes + [Value.copyNothing]),
                Netlink.Attribute(Value.mostWaiting, UInt32(65_536).bigEndianBytes),
                Netlink.Attribute(Value.flagMask, flags), Netlink.Attribute(Value.flags, flags),
            ])
        guard sent == 0 else { return sent }
        var answer: Int32 = EPROTO
        forEachMessage { type, payload in
            if type == Netlink.answer, payload.count >= 4 { answer = -payload.loadUnaligned(as: Int32.self) }
        }
        return answer
    }

    /// 0 or the error.
    private func send(_ type: UInt16, flags: UInt16, _ attributes: [Netlink.Attribute]) -> Int32 {
        // Any family, version 0, which queue.
        let body = [0, 0] + Self.number.bigEndianBytes + attributes.flatMap(\.bytes)
        let message = Netlink.message(type, flags: flags, body)
        return Glibc.send(socket, message, message.count, 0) == message.count ? 0 : errno
    }

    /// Of those that have come.
    private func forEachMessage(_ body: (_ type: UInt16, _ payload: UnsafeRawBufferPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 4) { buffer in
            while true {
                let count = recv(socket, buffer.baseAddress, buffer.count, 0)
                guard count > 0 else { return }
                Netlink.forEachMessage(UnsafeRawBufferPointer(rebasing: buffer[..<count]), body)
            }
        }
    }

    private enum Message {
        /// NFNL_SUBSYS_QUEUE
        static let subsystem: UInt16 = 3 << 8
        /// NFQNL_MSG_PACKET, _VERDICT, _CONFIG
        static let packet = subsystem
        static let verdict = subsystem | 1
        static let configure = subsystem | 2
    }

    private enum Value {
        /// NFQA_PACKET_HDR, NFQA_VERDICT_HDR, NF_ACCEPT
        static let packetHeader: UInt16 = 1
        static let verdictHeader: UInt16 = 2
        static let accept: UInt32 = 1
        /// NFQA_CFG_CMD, _PARAMS, _QUEUE_MAXLEN, _MASK, _FLAGS
        static let command: UInt16 = 1
        static let parameters: UInt16 = 2
        static let mostWaiting: UInt16 = 3
        static let flagMask: UInt16 = 4
        static let flags: UInt16 = 5
        /// NFQNL_CFG_CMD_BIND, NFQNL_COPY_META
        static let bind: UInt8 = 1
        static let copyNothing: UInt8 = 1
        /// NFQA_CFG_F_FAIL_OPEN, NFQA_CFG_F_GSO
        static let failOpen: UInt32 = 1
        static let wholeSegments: UInt32 = 4
    }
}
