import Plan

/// A Template as flat memory: what the send path renders without allocating.
///
/// Owned by the RequestRenderer, which frees it; all its memory is read-only after `init`. The values of its fields
/// are those of CompiledColumns, which must outlive it.
struct CompiledTemplate {
    typealias Text = UnsafeBufferPointer<UInt8>

    enum Piece {
        case literal(Text)
        case int(low: Int64, high: Int64)
        case seq
        case uuid
        case oneOf(UnsafeBufferPointer<Text>)
        /// The values of its column, by turn; they belong to the CompiledColumns.
        case field(UnsafeBufferPointer<Text>, DataTable.Order, table: Int)
        /// One of the user's values.
        case taken(Int, DataTable.Encoding)
    }

    let pieces: UnsafeBufferPointer<Piece>
    /// The longest text it can give.
    let longest: Int

    init(_ template: Template, _ columns: CompiledColumns) {
        var longest = 0
        let pieces = template.parts.map { part -> Piece in
            switch part {
            case .literal(let text):
                longest += text.utf8.count
                return .literal(Self.copy(text))
            case .int(let low, let high):
                longest += 20
                return .int(low: low, high: high)
            case .seq:
                longest += 20
                return .seq
            case .uuid:
                longest += 36
                return .uuid
            case .oneOf(let choices):
                longest += choices.map(\.utf8.count).max() ?? 0
                return .oneOf(Self.copy(choices.map { Self.copy($0) }))
            case .field(let table, let column, let encoding):
                let field = columns.column(column, of: table, encoding)
                longest += field.longest
                return .field(field.values, columns.order(of: table), table: table)
            case .taken(let value, let encoding):
                longest += Visit.valueLimit * encoding.growth
                return .taken(value, encoding)
            }
        }
        self.pieces = Self.copy(pieces)
        self.longest = longest
    }

    /// What is the same in every request, and need not be text.
    init(_ bytes: [UInt8]) {
        pieces = Self.copy([.literal(Self.copy(bytes))])
        longest = bytes.count
    }

    func free() {
        for piece in pieces {
            switch piece {
            case .literal(let text): text.deallocate()
            case .oneOf(let choices):
                for choice in choices { choice.deallocate() }
                choices.deallocate()
            case .int, .seq, .uuid, .field, .taken: break
            }
        }
        pieces.deallocate()
    }

    static func copy(_ text: String) -> Text { copy(Array(text.utf8)) }

    static func copy<T>(_ items: [T]) -> UnsafeBufferPointer<T> {
        let memory = UnsafeMutableBufferPointer<T>.allocate(capacity: items.count)
        _ = memory.initialize(from: items)
        return UnsafeBufferPointer(memory)
    }

    /// The same text, from the same draws, as `Template.render`. In a journey the rows are those of the visit.
    @inline(__always)
    func write(to out: inout RequestBuffer, _ draw: inout Draw, _ visit: UnsafePointer<Visit>?) {
        for piece in pieces {
            switch piece {
            case .literal(let text): out.append(text)
            case .int(let low, let high): out.append(number: draw.int(in: low...high))
            case .seq: out.append(number: draw.index)
            case .uuid: draw.writeUUID { out.append($0) }
            case .field(let values, let order, let table):
                let row = (visit?.pointee.rows ?? draw).row(of: values.count, order, table: table)
                out.append(values[row])
            case .taken(let value, let encoding):
                if let visit { out.append(visit.pointee.value(value), encoding) }
            case .oneOf(let choices): out.append(choices[Int(draw.int(in: 0...Int64(choices.count - 1)))])
            }
        }
    }
}

/// One rendered request: the room is made once, for the longest request of the plan.
package struct RequestBuffer {
    private let room: UnsafeMutablePointer<UInt8>
    package private(set) var count = 0
    /// Where the body starts; `count` without one.
    package var bodyStart = 0

    package init(capacity: Int) { room = .allocate(capacity: max(capacity, 1)) }

    package func free() { room.deallocate() }

    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: room, count: count) }
    package var body: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[bodyStart..<count]) }

    mutating func clear() {
        count = 0
        bodyStart = 0
    }

    /// Takes away what was written from there on.
    mutating func truncate(to start: Int) { count = start }

    func copy(from start: Int, to other: UnsafeMutablePointer<UInt8>) {
        other.update(from: room + start, count: count - start)
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        room[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard let start = text.baseAddress else { return }
        (room + count).update(from: start, count: text.count)
        count += text.count
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        (room + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count += text.utf8CodeUnitCount
    }

    mutating func append(number value: Int64) {
        if value < 0 { append(0x2D as UInt8) }
        append(number: value.magnitude)
    }

    mutating func append(number value: UInt64) {
        var digits = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        rest = value
        for position in stride(from: digits - 1, through: 0, by: -1) {
            room[count + position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    /// Puts what was written from `start` on behind what `write` puts before it.
    mutating func insert(
        at start: Int, scratch: UnsafeMutablePointer<UInt8>, _ write: (inout RequestBuffer) -> Void
    ) {
        let moved = count - start
        copy(from: start, to: scratch)
        count = start
        write(&self)
        (room + count).update(from: scratch, count: moved)
        count += moved
    }
}
