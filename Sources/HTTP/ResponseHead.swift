/// The head of an answer as a parser has kept it, in which headers are found by name.
///
/// It never allocates. A line that did not fit the room is not found, and a folded value ends with its first line.
package struct ResponseHead {
    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The value of the next header of that name, without the spaces around it; nil: there is no other.
    ///
    /// - Parameter name: in lower case.
    package mutating func next(_ name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        while let end = bytes[at...].firstIndex(of: 0x0A) {
            let line = UnsafeRawBufferPointer(rebasing: bytes[at..<end])
            at = end + 1
            guard line.count > name.count, line[name.count] == 0x3A, Self.isEqual(line, name) else {
                continue
            }
            return UnsafeRawBufferPointer(rebasing: line[(name.count + 1)...]).trimmed
        }
        return nil
    }

    package mutating func next(_ name: StaticString) -> UnsafeRawBufferPointer? {
        next(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// The line begins with the name.
    private static func isEqual(_ line: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer) -> Bool {
        for place in name.indices where line[place].lowercased != name[place] { return false }
        return true
    }
}

extension UInt8 {
    /// Of ASCII.
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
    var digit: Int? { self &- 0x30 < 10 ? Int(self - 0x30) : nil }
}

extension UnsafeRawBufferPointer {
    var trimmed: UnsafeRawBufferPointer {
        var (start, end) = (0, count)
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: self[start..<end])
    }

    /// Of ASCII, without regard to case; `word` is in lower case.
    func reads(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        for place in 0..<count where self[place].lowercased != word.utf8Start[place] { return false }
        return true
    }

    func isSame(as other: UnsafeRawBufferPointer) -> Bool { count == other.count && elementsEqual(other) }
}
