/// Which packets a rule of a network ACL or a security group is about, by protocol and port.
enum Traffic: Hashable, Sendable {
    case all
    /// By destination port.
    case tcp(ClosedRange<Int>)
    case udp(ClosedRange<Int>)
    /// Nil is every type, every code.
    case icmp(type: Int?, code: Int?)
    /// Any other protocol, by its number, whole.
    case other(Int)

    /// IP's number of the protocol; nil is every one.
    var number: Int? {
        switch self {
        case .all: nil
        case .tcp: 6
        case .udp: 17
        case .icmp: 1
        case .other(let number): number
        }
    }
}

/// IPv4 networks as AWS writes them: `10.0.0.0/16`.
enum IPv4Network {
    static let everywhere = "0.0.0.0/0"

    /// The network's own spelling, with host bits cleared; nil for what is none.
    static func canonical(_ text: String) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits = Int(parts[1]), (0...32).contains(bits),
            let address = number(String(parts[0]))
        else { return nil }
        let mask: UInt32 = bits == 0 ? 0 : ~0 << UInt32(32 - bits)
        let base = address & mask
        return [24, 16, 8, 0].map { String(base >> UInt32($0) & 255) }.joined(separator: ".") + "/\(bits)"
    }

    static func number(_ address: String) -> UInt32? {
        let bytes = address.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        guard bytes.count == 4, address.filter({ $0 == "." }).count == 3 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
