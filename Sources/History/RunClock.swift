package import Plan

/// The one clock of a run: real time since the start of the load. Handed in, so that tests can simulate it.
package protocol RunClock: Sendable {
    /// Negative before the load starts.
    var now: Nanoseconds { get }

    /// Returns at once if `time` is past. Throws CancellationError when the task is cancelled.
    func sleep(until time: Nanoseconds) async throws
}

extension RunClock {
    package func sleep(for duration: Nanoseconds) async throws { try await sleep(until: now + duration) }
}

/// The machine's monotonic clock (CLOCK_MONOTONIC), counted from an origin.
package struct MonotonicClock: RunClock {
    /// CLOCK_MONOTONIC at the start of the load.
    package let origin: Nanoseconds

    package init(origin: Nanoseconds) { self.origin = origin }

    package var now: Nanoseconds { Self.machineTime - origin }

    package func sleep(until time: Nanoseconds) async throws {
        let rest = time - now
        guard rest > .zero else { return }
        try await Task.sleep(nanoseconds: UInt64(rest.count))
    }
}
