import HTTP
import Plan

/// One user's pass through the journey: how far it is, what it has taken, and its cookies. Plain memory, of `Visits`.
struct Visit {
    /// The longest value that is taken, in bytes.
    static let valueLimit = 4096

    /// The step that is next, or on its way; nil: the pass has not begun.
    var step: Int?
    /// By the number of the pass: for what is the same in all of its requests, the rows of data.
    var rows: Draw
    var jar: CookieJar
    private let values: UnsafeMutablePointer<UInt8>
    private let lengths: UnsafeMutablePointer<Int>

    static func roomSize(values: Int) -> Int {
        CookieJar.roomSize + values * (MemoryLayout<Int>.stride + valueLimit)
    }

    init(room: UnsafeMutableRawPointer, values: Int) {
        rows = Draw(seed: 0, runHash: 0, index: 0)
        jar = CookieJar(room: room)
        lengths = (room + CookieJar.roomSize).bindMemory(to: Int.self, capacity: values)
        self.values = (room + CookieJar.roomSize + values * MemoryLayout<Int>.stride)
            .bindMemory(to: UInt8.self, capacity: values * Self.valueLimit)
    }

    /// As it was taken. Only what a step before this one takes is asked for: the reader of scenarios sees to that.
    @inline(__always)
    func value(_ number: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: values + number * Self.valueLimit, count: lengths[number])
    }

    /// Where a value is written; `keep` says how long it has become.
    func room(for number: Int) -> UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(start: values + number * Self.valueLimit, count: Self.valueLimit)
    }

    func keep(_ number: Int, count: Int) { lengths[number] = count }
}
