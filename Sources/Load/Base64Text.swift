/// Text that is sent in base64 (RFC 4648 §4).
extension RequestBuffer {
    private static let alphabet: StaticString =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// How long so many bytes become.
    static func base64Length(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// What was written from `start` on becomes base64.
    mutating func encodeBase64(from start: Int, scratch: UnsafeMutablePointer<UInt8>) {
        let length = count - start
        copy(from: start, to: scratch)
        truncate(to: start)
        for at in stride(from: 0, to: length, by: 3) {
            let rest = length - at
            var group = UInt32(scratch[at]) << 16
            if rest > 1 { group |= UInt32(scratch[at + 1]) << 8 }
            if rest > 2 { group |= UInt32(scratch[at + 2]) }
            for digit in 0..<4 {
                let value = Int(group >> UInt32(18 - 6 * digit) & 63)
                append(digit <= rest ? Self.alphabet.utf8Start[value] : 0x3D)
            }
        }
    }
}
