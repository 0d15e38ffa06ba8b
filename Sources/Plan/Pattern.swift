/// A regular expression of a plain kind, whose one group is the value: characters, classes and repetitions.
///
///     name="csrf" value="([^"]+)"
///
/// It is matched byte by byte, so that it can be done on the send path; what would need more is refused.
package struct Pattern: Hashable, Sendable {
    /// A byte of some set, so many times.
    package struct Item: Hashable, Sendable {
        package var bytes: ByteSet
        package var least: Int
        package var most: Int
        /// As few as will do, rather than as many.
        package var isLazy: Bool
    }

    package enum Fault: Error, Hashable {
        /// Alternatives, anchors, counts, further groups: at this place of the text, from 0.
        case unsupported(Character, at: Int)
        case unknownEscape(Character, at: Int)
        case nothingToRepeat(at: Int)
        case openClass(at: Int)
        /// A class lists characters of ASCII.
        case notASCII(at: Int)
        case backwards(at: Int)
        /// There must be one, closed.
        case groups(at: Int)
        case tooLong(at: Int)
    }

    /// Characters.
    package static let lengthLimit = 200

    package let text: String
    package let items: [Item]
    /// Of the items.
    package let group: Range<Int>

    package init(_ text: String) throws(Fault) {
        self.text = text
        var reader = PatternReader(text)
        (items, group) = try reader.read()
    }
}

extension Pattern: Codable {
    package init(from decoder: any Decoder) throws {
        self = try Pattern(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// Some of the 256 bytes.
package struct ByteSet: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    package init() {}

    package init(_ bytes: some Sequence<UInt8>) {
        self.init()
        for byte in bytes { insert(byte) }
    }

    @inline(__always)
    package func contains(_ byte: UInt8) -> Bool {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: return words.0 & bit != 0
        case 1: return words.1 & bit != 0
        case 2: return words.2 & bit != 0
        default: return words.3 & bit != 0
        }
    }

    mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func formUnion(_ other: ByteSet) {
        words.0 |= other.words.0
        words.1 |= other.words.1
        words.2 |= other.words.2
        words.3 |= other.words.3
    }

    var inverted: ByteSet {
        var set = ByteSet()
        set.words = (~words.0, ~words.1, ~words.2, ~words.3)
        return set
    }

    package static func == (a: ByteSet, b: ByteSet) -> Bool { a.words == b.words }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
