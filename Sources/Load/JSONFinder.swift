/// Finds one value in a text of JSON, without allocating.
///
/// What it passes over it does not check; of two keys that are the same the first counts.
struct JSONFinder {
    enum Step {
        case key(UnsafeBufferPointer<UInt8>)
        case index(Int)
    }

    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    /// Writes a string without its escapes, or a number, true or false as it stands.
    ///
    /// - Parameter isWhole: false: there was more of the text than `bytes`.
    static func find(
        _ steps: UnsafeBufferPointer<Step>, in bytes: UnsafeRawBufferPointer, isWhole: Bool,
        into room: UnsafeMutableBufferPointer<UInt8>
    ) -> TakenValue {
        var finder = JSONFinder(bytes: bytes)
        guard finder.walk(steps), let count = finder.scalar(into: room, isWhole: isWhole) else {
            return finder.at >= bytes.count && !isWhole ? .cutOff : .absent
        }
        return count > room.count ? .tooLong : .bytes(count)
    }

    private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private mutating func walk(_ steps: UnsafeBufferPointer<Step>) -> Bool {
        for step in steps {
            skipSpaces()
            switch step {
            case .key(let key): guard take(0x7B), seek(key) else { return false }
            case .index(let index): guard take(0x5B), seek(index) else { return false }
            }
        }
        skipSpaces()
        return at < bytes.count
    }

    /// Up to the value of the key, in the object that has just begun.
    private mutating func seek(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        while true {
            skipSpaces()
            guard take(0x22) else { return false }
            var (isSame, count) = (true, 0)
            let isClosed = readString { byte in
                isSame = isSame && count < key.count && key[count] == byte
                count += 1
            }
            skipSpaces()
            guard isClosed, take(0x3A) else { return false }
            if isSame, count == key.count { return true }
            guard skipValue(), take(0x2C) else { return false }
        }
    }

    /// Up to the value with this index, in the array that has just begun.
    private mutating func seek(_ index: Int) -> Bool {
        for _ in 0..<index {
            guard skipValue(), take(0x2C) else { return false }
        }
        skipSpaces()
        return at < bytes.count && bytes[at] != 0x5D
    }

    /// The bytes that the value has, of which no more were written than there is room for; nil: there is no such value.
    private mutating func scalar(into room: UnsafeMutableBufferPointer<UInt8>, isWhole: Bool) -> Int? {
        var count = 0
        func put(_ byte: UInt8) {
            if count < room.count { room[count] = byte }
            count += 1
        }
        if take(0x22) { return readString(put) ? count : nil }
        let start = at
        skipBare()
        guard at < bytes.count || isWhole else { return nil }
        let word = bytes[start..<at]
        let isNumber = word.first.map { $0 == 0x2D || $0 &- 0x30 < 10 } ?? false
        guard isNumber || word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8) else {
            return nil
        }
        for byte in word { put(byte) }
        return count
    }

    /// A value and the spaces around it.
    private mutating func skipValue() -> Bool {
        skipSpaces()
        var depth = 0
        repeat {
            guard at < bytes.count else { return false }
            switch bytes[at] {
            case 0x22:
                at += 1
                guard readString({ _ in }) else { return false }
            case 0x7B, 0x5B:
                depth += 1
                at += 1
            case 0x7D, 0x5D:
                depth -= 1
                at += 1
            case 0x2C where depth > 0, 0x3A where depth > 0: at += 1
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default:
                let start = at
                skipBare()
                guard at > start else { return false }
            }
        } while depth > 0
        skipSpaces()
        return depth == 0
    }

    /// A number or a word.
    private mutating func skipBare() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x2C, 0x3A, 0x5D, 0x7D, 0x20, 0x09, 0x0A, 0x0D: return
            default: at += 1
            }
        }
    }

    /// After its opening quote, with its closing one; its bytes without escapes. False: it does not end.
    @inline(__always)
    private mutating func readString(_ put: (UInt8) -> Void) -> Bool {
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == 0x22 { return true }
            if byte != 0x5C {
                put(byte)
                continue
            }
            guard at < bytes.count else { return false }
            let escape = bytes[at]
            at += 1
            switch escape {
            case 0x62: put(0x08)
            case 0x66: put(0x0C)
            case 0x6E: put(0x0A)
            case 0x72: put(0x0D)
            case 0x74: put(0x09)
            case 0x75: putScalar(put)
            default: put(escape)
            }
        }
        return false
    }

    /// After `\u`; two that belong together are one scalar, and half of one is U+FFFD.
    private mutating func putScalar(_ put: (UInt8) -> Void) {
        var code = unit() ?? 0xFFFD
        if code & 0xFC00 == 0xD800 {
            let before = at
            if take(0x5C), take(0x75), let low = unit(), low & 0xFC00 == 0xDC00 {
                code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
            } else {
                at = before
            }
        }
        let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { put(byte) }
    }

    /// Four hexadecimal digits.
    private mutating func unit() -> UInt32? {
        guard at + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for place in at..<(at + 4) {
            let byte = bytes[place]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32(byte & 0xDF - 0x37)
            default: return nil
            }
        }
        at += 4
        return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpaces() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }
}
