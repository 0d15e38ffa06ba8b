/// Up to 24 bytes of text in registers, lower-cased: what a header name or a token is compared by, without
/// allocating.
///
/// A longer word is kept as "too long", which equals no word that is looked for.
struct ShortWord: Equatable {
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private(set) var count: UInt8 = 0

    init() {}

    init(_ text: StaticString) {
        for i in 0..<text.utf8CodeUnitCount { append(text.utf8Start[i]) }
    }

    static let longest = 24

    var isEmpty: Bool { count == 0 }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        // "A"…"Z" get the bit that makes them "a"…"z".
        let lower = UInt64(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        if count < 8 {
            first = first << 8 | lower
        } else if count < 16 {
            second = second << 8 | lower
        } else if count < 24 {
            third = third << 8 | lower
        } else {
            count = 25
            return
        }
        count += 1
    }

    @inline(__always)
    mutating func clear() { self = ShortWord() }
}

extension ShortWord {
    static let contentLength = ShortWord("content-length")
    static let transferEncoding = ShortWord("transfer-encoding")
    static let connection = ShortWord("connection")
    static let serverTiming = ShortWord("server-timing")
    static let duration = ShortWord("dur")
    static let chunked = ShortWord("chunked")
    static let close = ShortWord("close")
    static let keepAlive = ShortWord("keep-alive")
}
