import CCurl
import Glibc

/// An epoll set and the eventfd that wakes it. Owned and used by one thread; only `wake` may be called from
/// others.
package final class Poller: @unchecked Sendable {
    // Thread safety: descriptors never change after init; `events` is touched by the owning thread alone;
    // `wake` writes to an eventfd, which is atomic.

    package struct SetupError: Error, CustomStringConvertible {
        package var call: String
        package var code: Int32

        package init(call: String, code: Int32) { (self.call, self.code) = (call, code) }

        package var description: String {
            "the load engine needs \(call), which failed: \(String(cString: strerror(code)))"
        }
    }

    package struct Event {
        package var token: UInt64
        package var flags: UInt32

        package var isReadable: Bool { flags & (EPOLLIN.rawValue | Self.hangUp) != 0 }
        package var isWritable: Bool { flags & (EPOLLOUT.rawValue | Self.hangUp) != 0 }
        static let hangUp = EPOLLHUP.rawValue | EPOLLERR.rawValue | EPOLLRDHUP.rawValue
    }

    /// The token of the event that `wake` causes.
    package static let wakeToken = UInt64.max
    private static let capacity: Int32 = 512

    let descriptor: Int32
    private let wakeDescriptor: Int32
    private let events: UnsafeMutableRawPointer

    package init() throws(SetupError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw SetupError(call: "epoll_create1", code: errno) }
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeDescriptor >= 0, let events = lc_epoll_events(Self.capacity) else {
            let code = errno
            close(descriptor)
            throw SetupError(call: "eventfd", code: code)
        }
        self.events = events
        lc_epoll_watch(descriptor, wakeDescriptor, EPOLLIN.rawValue, Self.wakeToken)
    }

    deinit {
        close(descriptor)
        close(wakeDescriptor)
        free(events)
    }

    /// Makes a wait that is under way, or else the next one, return. From any thread.
    package func wake() {
        var one: UInt64 = 1
        // EAGAIN means that the counter is full: it wakes all the same.
        _ = write(wakeDescriptor, &one, 8)
    }

    /// Takes back a wake.
    package func settle() {
        var count: UInt64 = 0
        // EAGAIN means that another wait has settled it.
        _ = read(wakeDescriptor, &count, 8)
    }

    /// Waits for events, at most `nanoseconds` (negative: for ever); how many came. An interrupted wait is 0
    /// events.
    package func wait(nanoseconds: Int64) -> Int {
        Int(max(0, lc_epoll_wait(descriptor, events, Self.capacity, nanoseconds)))
    }

    @inline(__always)
    package func event(_ index: Int) -> Event {
        Event(token: lc_epoll_token(events, Int32(index)), flags: lc_epoll_flags(events, Int32(index)))
    }

    func watch(_ fd: Int32, reading: Bool, writing: Bool, token: UInt64) {
        var flags = EPOLLRDHUP.rawValue
        if reading { flags |= EPOLLIN.rawValue }
        if writing { flags |= EPOLLOUT.rawValue }
        lc_epoll_watch(descriptor, fd, flags, token)
    }

    func forget(_ fd: Int32) { lc_epoll_forget(descriptor, fd) }
}
