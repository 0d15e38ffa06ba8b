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

    /// Cancels whoever sleeps for the `looks`th time; `between` is called before each sleep, with its number from 1.
    package convenience init(endingAfter looks: Int, between: @escaping @Sendable (Int) -> Void = { _ in }) {
        let counter = Counter()
        self.init { _ in
            let number = counter.next()
            between(number)
            if number == looks { throw CancellationError() }
        }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    package var now: Nanoseconds { time.withLock { $0 } }

    package func sleep(until aim: Nanoseconds) async throws {
        try Task.checkCancellation()
        try await onSleep(aim)
        time.withLock { $0 = max($0, aim) }
        await Task.yield()
    }
}
