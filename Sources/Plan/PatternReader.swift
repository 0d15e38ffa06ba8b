/// Reads the text of a Pattern.
struct PatternReader {
    private let text: [Character]
    private var at = 0
    private var items: [Pattern.Item] = []
    private var groupStart: Int?
    private var groupEnd: Int?

    private static let digits = ByteSet(0x30...0x39)
    private static let word = ByteSet(Array(0x30...0x39) + Array(0x41...0x5A) + Array(0x61...0x7A) + [0x5F])
    private static let space = ByteSet([0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D])

    init(_ text: String) { self.text = Array(text) }

    mutating func read() throws(Pattern.Fault) -> ([Pattern.Item], Range<Int>) {
        guard text.count <= Pattern.lengthLimit else { throw .tooLong(at: Pattern.lengthLimit) }
        while at < text.count { try readItem() }
        guard let groupStart, let groupEnd else { throw .groups(at: text.count) }
        return (items, groupStart..<groupEnd)
    }

    private mutating func readItem() throws(Pattern.Fault) {
        let place = at
        let character = text[at]
        at += 1
        switch character {
        case "(":
            guard groupStart == nil else { throw .groups(at: place) }
            if at < text.count, text[at] == "?" { throw .unsupported("?", at: at) }
            groupStart = items.count
        case ")":
            guard groupStart != nil, groupEnd == nil else { throw .groups(at: place) }
            groupEnd = items.count
            if at < text.count, "*+?{".contains(text[at]) { throw .unsupported(text[at], at: at) }
        case "|", "^", "$", "{", "}": throw .unsupported(character, at: place)
        case "*", "+", "?": throw .nothingToRepeat(at: place)
        case ".": try add(ByteSet([0x0A]).inverted)
        case "[": try add(readClass(place))
        case "\\": try add(readEscape())
        default:
            let bytes = Array(String(character).utf8)
            // All bytes of a character but its last can only stand once.
            for byte in bytes.dropLast() { items.append(Self.once(ByteSet([byte]))) }
            if bytes.count > 1, at < text.count, "*+?".contains(text[at]) { throw .notASCII(at: place) }
            try add(ByteSet(bytes.suffix(1)))
        }
    }

    private static func once(_ bytes: ByteSet) -> Pattern.Item {
        Pattern.Item(bytes: bytes, least: 1, most: 1, isLazy: false)
    }

    /// With the repetition that follows it.
    private mutating func add(_ bytes: ByteSet) throws(Pattern.Fault) {
        var item = Self.once(bytes)
        if at < text.count, "*+?".contains(text[at]) {
            item.least = text[at] == "+" ? 1 : 0
            item.most = text[at] == "?" ? 1 : .max
            at += 1
            if at < text.count, text[at] == "?" {
                item.isLazy = true
                at += 1
            }
        }
        items.append(item)
    }

    /// Behind the backslash.
    private mutating func readEscape() throws(Pattern.Fault) -> ByteSet {
        guard at < text.count else { throw .unknownEscape("\\", at: at - 1) }
        let character = text[at]
        at += 1
        switch character {
        case "d": return Self.digits
        case "D": return Self.digits.inverted
        case "w": return Self.word
        case "W": return Self.word.inverted
        case "s": return Self.space
        case "S": return Self.space.inverted
        case "n": return ByteSet([0x0A])
        case "r": return ByteSet([0x0D])
        case "t": return ByteSet([0x09])
        default:
            guard let byte = character.asciiValue, !Self.word.contains(byte) else {
                throw .unknownEscape(character, at: at - 1)
            }
            return ByteSet([byte])
        }
    }

    /// Behind the bracket that opens it.
    private mutating func readClass(_ open: Int) throws(Pattern.Fault) -> ByteSet {
        var set = ByteSet()
        let isInverted = at < text.count && text[at] == "^"
        if isInverted { at += 1 }
        let start = at
        while true {
            guard at < text.count else { throw .openClass(at: open) }
            if text[at] == "]", at > start {
                at += 1
                return isInverted ? set.inverted : set
            }
            if text[at] == "\\" {
                at += 1
                set.formUnion(try readEscape())
                continue
            }
            let place = at
            guard let low = text[at].asciiValue else { throw .notASCII(at: place) }
            at += 1
            guard at + 1 < text.count, text[at] == "-", text[at + 1] != "]" else {
                set.insert(low)
                continue
            }
            guard let high = text[at + 1].asciiValue else { throw .notASCII(at: at + 1) }
            guard low <= high, text[at + 1] != "\\" else { throw .backwards(at: place) }
            set.formUnion(ByteSet(low...high))
            at += 2
        }
    }
}
