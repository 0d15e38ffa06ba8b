import Glibc
import Plan

/// Finds the first match of a Pattern, without allocating, in a bounded number of steps.
struct PatternFinder {
    /// Bytes looked at, some of them again and again: a few milliseconds of work. More, and it gives up.
    static let stepLimit = 1_000_000

    private let items: UnsafeBufferPointer<Pattern.Item>
    private let group: Range<Int>
    private let bytes: UnsafeRawBufferPointer
    private var start = 0
    private var end = 0
    private var steps = 0

    /// Writes what the group has matched.
    ///
    /// - Parameter isWhole: false: there was more of the text than `bytes`.
    static func find(
        _ items: UnsafeBufferPointer<Pattern.Item>, _ group: Range<Int>, in bytes: UnsafeRawBufferPointer,
        isWhole: Bool, into room: UnsafeMutableBufferPointer<UInt8>
    ) -> TakenValue {
        var finder = PatternFinder(items: items, group: group, bytes: bytes)
        let isFound = finder.search()
        if finder.steps > stepLimit { return .tooHard }
        guard isFound, isWhole || finder.end < bytes.count else { return isWhole ? .absent : .cutOff }
        let count = finder.end - finder.start
        guard count <= room.count else { return .tooLong }
        if let from = bytes.baseAddress, let to = room.baseAddress { memcpy(to, from + finder.start, count) }
        return .bytes(count)
    }

    private init(
        items: UnsafeBufferPointer<Pattern.Item>, group: Range<Int>, bytes: UnsafeRawBufferPointer
    ) {
        (self.items, self.group, self.bytes) = (items, group, bytes)
    }

    private mutating func search() -> Bool {
        let needsFirst = items.first.map { $0.least > 0 } ?? false
        for place in 0...bytes.count {
            // The first byte alone rules most places out.
            if needsFirst, place == bytes.count || !items[0].bytes.contains(bytes[place]) { continue }
            if matches(0, at: place) { return true }
            if steps > Self.stepLimit { return false }
        }
        return false
    }

    /// The items from this one on, by going back where it does not work out. As deep as there are items.
    private mutating func matches(_ number: Int, at place: Int) -> Bool {
        steps += 1
        if number == group.lowerBound { start = place }
        if number == group.upperBound { end = place }
        guard number < items.count else { return true }
        let item = items[number]
        var count = 0
        let wanted = item.isLazy ? item.least : item.most
        while count < wanted, fits(item, place + count) { count += 1 }
        guard count >= item.least else { return false }
        while steps <= Self.stepLimit {
            if matches(number + 1, at: place + count) {
                return true
            }
            if item.isLazy {
                guard count < item.most, fits(item, place + count) else { return false }
                count += 1
            } else {
                guard count > item.least else { return false }
                count -= 1
            }
        }
        return false
    }

    @inline(__always)
    private mutating func fits(_ item: Pattern.Item, _ place: Int) -> Bool {
        steps += 1
        return place < bytes.count && item.bytes.contains(bytes[place])
    }
}
