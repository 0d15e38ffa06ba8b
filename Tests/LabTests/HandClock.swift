import Lab
import Synchronization

/// A clock that stands still until it is turned by hand.
final class HandClock: LabClock {
    private struct Sleeper {
        let until: Duration
        let wake: CheckedContinuation<Void, Never>
    }
    private struct State {
        var now = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var nextID = 0
    }

    private let state = Mutex(State())

    /// 23 November 2026, 10:00:00 UTC.
    let origin: Double = 1_795_428_000

    var now: Duration { state.withLock { $0.now } }

    func sleep(until time: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { wake in
                let isOver = state.withLock { state in
                    // Whoever cancelled may have come before it slept.
                    if state.cancelled.remove(id) != nil || time <= state.now { return true }
                    state.sleepers[id] = Sleeper(until: time, wake: wake)
                    return false
                }
                if isOver { wake.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.wake.resume()
        }
        try Task.checkCancellation()
    }

    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let now = state.now
            let due = state.sleepers.filter { $0.value.until <= now }
            for id in due.keys { state.sleepers[id] = nil }
            return due
        }
        for sleeper in due.values { sleeper.wake.resume() }
    }
}
