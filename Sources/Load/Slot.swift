import HTTP
import Plan

/// Room for one request in flight and its connection. Plain memory: no reference counting on the send path.
struct Slot {
    enum State: UInt8 {
        /// No connection.
        case empty
        /// Connected, no request: in the idle list of its node.
        case idle
        case dialling
        /// The request, or the rest of it, waits for room in the socket's buffer.
        case sending
        case receiving
        /// libcurl carries the whole request, over a connection that others share.
        case carried
    }

    var state = State.empty
    var connection: Connection?
    /// Changes with each connection, so that an event of an old one is known.
    var generation: UInt32 = 0
    /// Which endpoint it was dialled to.
    var node = 0
    /// Index into the worker's names of remote addresses.
    var remote = 0
    var connectedAt = Nanoseconds.zero
    /// The connection has carried an answer before.
    var isReused = false

    // The request.
    var index: UInt64 = 0
    var route = 0
    /// Of a closed load.
    var user = 0
    var due = Nanoseconds.zero
    var sent = Nanoseconds.zero
    var sentBytes = 0
    /// How often it was sent again because a kept connection lost it.
    var resends = 0
    var received: UInt64 = 0
    var parser: ResponseParser

    // Links of the one list that the slot is in.
    var previous: Int32 = -1
    var next: Int32 = -1

    init(bodyLimit: UInt64) { parser = ResponseParser(bodyLimit: bodyLimit) }
}

/// A doubly linked list through the slots' own links.
struct SlotList {
    private(set) var head: Int32 = -1
    private var tail: Int32 = -1
    private(set) var count = 0

    /// Last in: the order in which they were sent.
    @inline(__always)
    mutating func append(_ slot: Int, _ slots: UnsafeMutablePointer<Slot>) {
        slots[slot].previous = tail
        slots[slot].next = -1
        if tail >= 0 { slots[Int(tail)].next = Int32(slot) } else { head = Int32(slot) }
        tail = Int32(slot)
        count += 1
    }

    @inline(__always)
    mutating func remove(_ slot: Int, _ slots: UnsafeMutablePointer<Slot>) {
        let previous = slots[slot].previous
        let next = slots[slot].next
        if previous >= 0 { slots[Int(previous)].next = next } else { head = next }
        if next >= 0 { slots[Int(next)].previous = previous } else { tail = previous }
        count -= 1
    }

    /// The one appended last: the warmest connection.
    @inline(__always)
    mutating func takeLast(_ slots: UnsafeMutablePointer<Slot>) -> Int? {
        guard tail >= 0 else { return nil }
        let slot = Int(tail)
        remove(slot, slots)
        return slot
    }
}
