import History
package import Plan
import Synchronization

/// A RunClock whose sleepers never wait: the time jumps to where they wanted it. For code that polls something real.
package final class EagerClock: RunClock {
    private let time: Mutex<Nanoseconds>
    private let onSleep: @Sendable (Nanoseconds) async throws -> Void

    /// `onSleep` is called before each jump, with its aim.
    package init(
        now: Nanoseconds = .zero, onSleep: @escaping @Sendable (Nanoseconds) async throws -> Void = { _ in }
    ) {
        time = Mutex(now)
        self.onSleep = onSleep
    }

    package var now: Nanoseconds { time.withLock { $0 } }

    package func sleep(until aim: Nanoseconds) async throws {
        try Task.checkCancellation()
        try await onSleep(aim)
        time.withLock { $0 = max($0, aim) }
        await Task.yield()
    }
}
