import Lab
import Synchronization

/// A clock that stands still until it is turned by hand.
final class HandClock: LabClock {
    private struct Sleeper {
        let until: Duration
        let wake: CheckedContinuation<Void, Never>
    }

    private let state = Mutex<(now: Duration, sleepers: [Sleeper])>((.zero, []))

    /// 23 November 2026, 10:00:00 UTC.
    let origin: Double = 1_795_428_000

    var now: Duration { state.withLock { $0.now } }

    func sleep(until time: Duration) async throws {
        await withCheckedContinuation { wake in
            let isPast = state.withLock { state in
                if time > state.now { state.sleepers.append(Sleeper(until: time, wake: wake)) }
                return time <= state.now
            }
            if isPast { wake.resume() }
        }
        try Task.checkCancellation()
    }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let now = state.now
            let due = state.sleepers.filter { $0.until <= now }
            state.sleepers.removeAll { $0.until <= now }
            return due
        }
        for sleeper in due { sleeper.wake.resume() }
    }
}
