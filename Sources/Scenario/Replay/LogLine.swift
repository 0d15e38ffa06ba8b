/// Walks the bytes of one line of an access log, whose fields stand a space apart.
struct LogLine {
    private var rest: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) { rest = line.last == 0x0D ? line.dropLast() : line }

    /// Up to the next space.
    mutating func field() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let field = rest.prefix { $0 != 0x20 }
        rest = rest.dropFirst(field.count + 1)
        return field
    }

    /// `[10/Oct/2000:13:55:36 -0700]`, wherever the first bracket with a time stands: a user's name before it may have
    /// brackets and spaces.
    mutating func bracketedTime() -> Int64? {
        while let open = rest.firstIndex(of: 0x5B) {
            rest = rest[(open + 1)...]
            guard rest.dropFirst(RecordedTime.logLength).first == 0x5D,
                let time = RecordedTime.log(rest.prefix(RecordedTime.logLength))
            else { continue }
            // With the bracket and the space behind it.
            rest = rest.dropFirst(RecordedTime.logLength + 2)
            return time
        }
        return nil
    }

    /// A field in quotes, with its escapes undone: `\"`, `\\`, `\xNN` of nginx and Apache, `\n` and the like of Apache.
    mutating func quoted() -> [UInt8]? {
        guard rest.first == 0x22 else { return nil }
        var text: [UInt8] = []
        var at = rest.startIndex + 1
        while at < rest.endIndex {
            let byte = rest[at]
            at += 1
            switch byte {
            case 0x22:
                rest = rest[at...].dropFirst()
                return text
            case 0x5C where at < rest.endIndex:
                let (meant, length) = Self.escape(rest[at...])
                text.append(meant)
                at += length
            default: text.append(byte)
            }
        }
        return nil
    }

    /// What an escape means, and how many bytes it takes behind its backslash.
    private static func escape(_ rest: ArraySlice<UInt8>) -> (meant: UInt8, length: Int) {
        let first = rest[rest.startIndex]
        switch Unicode.Scalar(first) {
        case "x":
            let digits = rest.dropFirst().prefix(2)
            let value = digits.count == 2 ? UInt8(String(decoding: digits, as: UTF8.self), radix: 16) : nil
            return value.map { ($0, 3) } ?? (first, 1)
        case "n": return (0x0A, 1)
        case "r": return (0x0D, 1)
        case "t": return (0x09, 1)
        case "b": return (0x08, 1)
        case "v": return (0x0B, 1)
        default: return (first, 1)
        }
    }

    /// A status; nil if there is another word, as a dash for no answer.
    mutating func status() -> Int? { field().flatMap { Int(String(decoding: $0, as: UTF8.self)) } }
}
