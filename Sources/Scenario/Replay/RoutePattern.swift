/// A path as charts name it: without its query, and with `*` for each segment that names one thing of many.
enum RoutePattern {
    /// More would not fit a table.
    private static let longest = 80

    static func of(_ path: String) -> String {
        let whole = path.utf8.prefix { $0 != 0x3F }
        let segments = whole.split(separator: 0x2F, omittingEmptySubsequences: false)
        let pattern = segments.map { isIdentifier($0) ? "*" : String(Substring($0)) }.joined(separator: "/")
        return pattern.utf8.count <= longest ? pattern : String(pattern.prefix(longest - 1)) + "…"
    }

    /// A number, a UUID, or so many hexadecimal digits that they are a key or a hash.
    private static func isIdentifier(_ segment: Substring.UTF8View) -> Bool {
        guard !segment.isEmpty else { return false }
        if segment.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        let parts = segment.split(separator: 0x2D, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.allSatisfy(isHexDigit) }) else { return false }
        return parts.map(\.count) == [8, 4, 4, 4, 12] || parts.count == 1 && segment.count >= 16
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
