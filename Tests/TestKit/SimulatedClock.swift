import History
package import Plan
import Synchronization

/// A RunClock that moves only when told to: sleepers wake in the order of their times, as soon as `advance` passes them.
package final class SimulatedClock: RunClock {
    private struct Sleeper {
        var id: UInt64
        var until: Nanoseconds
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Nanoseconds
        var nextID: UInt64 = 0
        var sleepers: [Sleeper] = []
        var cancelled: Set<UInt64> = []
    }

    private let state: Mutex<State>

    package init(now: Nanoseconds = .zero) { state = Mutex(State(now: now)) }

    package var now: Nanoseconds { state.withLock { $0.now } }

    package func sleep(until time: Nanoseconds) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let resumed: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if time <= state.now { return .success(()) }
                    state.sleepers.append(Sleeper(id: id, until: time, continuation: continuation))
                    return nil
                }
                if let resumed { continuation.resume(with: resumed) }
            }
        } onCancel: {
            let sleeper: Sleeper? = state.withLock { state in
                guard let at = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: at)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the time on, stopping at each sleeper on the way, and lets the woken run before going further.
    package func advance(by step: Nanoseconds) async {
        let end = now + step
        while true {
            await settle()
            let woken: Sleeper? = state.withLock { state in
                guard let next = state.sleepers.min(by: { $0.until < $1.until }), next.until <= end else {
                    state.now = end
                    return nil
                }
                state.now = max(state.now, next.until)
                state.sleepers.removeAll { $0.id == next.id }
                return next
            }
            guard let woken else { break }
            woken.continuation.resume()
        }
        await settle()
    }

    /// Lets other tasks run until `count` of them sleep, or until nothing can be expected of them any more.
    package func settle(untilAsleep count: Int) async {
        for _ in 0..<20_000 where state.withLock({ $0.sleepers.count }) < count { await Task.yield() }
    }

    /// Gives other tasks the chance to reach their next sleep.
    private func settle() async {
        for _ in 0..<50 { await Task.yield() }
    }
}
