/// Draws the ids AWS gives its resources, from a seed (SplitMix64).
struct ResourceIDs: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func hex(_ digits: Int) -> String {
        var text = ""
        while text.count < digits {
            let word = String(next(), radix: 16)
            text += String(repeating: "0", count: 16 - word.count) + word
        }
        return String(text.prefix(digits))
    }

    /// `acl-0123456789abcdef0`: the form of EC2 since 2018.
    mutating func resource(_ prefix: String) -> String { "\(prefix)-0\(hex(16))" }

    mutating func task() -> TaskID { TaskID(hex(32)) }

    mutating func deployment() -> String { "ecs-svc/" + String(next() % 9_000_000_000_000_000_000 + 1) }

    mutating func uuid() -> String {
        "\(hex(8))-\(hex(4))-4\(hex(3))-a\(hex(3))-\(hex(12))"
    }

    /// Locally administered, as those of elastic network interfaces.
    mutating func mac() -> String {
        let digits = Array(hex(10))
        return "02" + stride(from: 0, to: 10, by: 2).map { ":\(digits[$0])\(digits[$0 + 1])" }.joined()
    }
}
