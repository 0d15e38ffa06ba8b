/// Messages of netlink(7) with attributes, in the machine's own byte order but for values.
enum Netlink {
    /// NETLINK_NETFILTER
    static let netfilter: Int32 = 12
    /// NLMSG_ERROR, also for no error.
    static let answer: UInt16 = 2
    /// NLM_F_REQUEST, and NLM_F_ACK: an answer is wanted.
    static let request: UInt16 = 1
    static let acknowledged: UInt16 = 4
    static let headSize = 16

    /// Aligned to four bytes, as all of netlink is.
    struct Attribute {
        let bytes: [UInt8]

        init(_ type: UInt16, _ value: [UInt8]) {
            let bytes = UInt16(4 + value.count).bytes + type.bytes + value
            self.bytes = bytes + [UInt8](repeating: 0, count: -bytes.count & 3)
        }
    }

    /// Sequence and sender are left 0: the kernel answers on the socket.
    static func message(_ type: UInt16, flags: UInt16, _ body: [UInt8]) -> [UInt8] {
        UInt32(headSize + body.count).bytes + type.bytes + flags.bytes + [UInt8](repeating: 0, count: 8)
            + body
    }

    static func forEachMessage(
        _ bytes: UnsafeRawBufferPointer, _ body: (_ type: UInt16, _ payload: UnsafeRawBufferPointer) -> Void
    ) {
        forEachPart(of: bytes, UInt32.self, headSize, body)
    }

    static func forEachAttribute(
        _ bytes: UnsafeRawBufferPointer, _ body: (_ type: UInt16, _ value: UnsafeRawBufferPointer) -> Void
    ) {
        forEachPart(of: bytes, UInt16.self, 4, body)
    }

    /// Messages and attributes alike begin with their length and, behind it, their type.
    private static func forEachPart<Length: FixedWidthInteger>(
        of bytes: UnsafeRawBufferPointer, _: Length.Type, _ headSize: Int,
        _ body: (UInt16, UnsafeRawBufferPointer) -> Void
    ) {
        var rest = bytes
        while rest.count >= headSize {
            let length = Int(rest.loadUnaligned(as: Length.self))
            guard (headSize...rest.count).contains(length) else { return }
            body(
                rest.loadUnaligned(fromByteOffset: MemoryLayout<Length>.size, as: UInt16.self),
                UnsafeRawBufferPointer(rebasing: rest[headSize..<length]))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst((length + 3) & ~3))
        }
    }
}

extension FixedWidthInteger {
    var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
    var bigEndianBytes: [UInt8] { bigEndian.bytes }
}
