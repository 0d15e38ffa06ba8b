import Synchronization

/// The slow steps that an actor has begun beside its loop, until each has ended.
final class Operations: Sendable {
    private struct State {
        var running: [Int: Task<Void, Never>] = [:]
        var count = 0
    }
    private let state = Mutex(State())

    func begin(_ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            state.count += 1
            let number = state.count
            // Held over the start: the end below must find the task listed.
            state.running[number] = Task { [self] in
                await work()
                self.state.withLock { $0.running[number] = nil }
            }
        }
    }

    func cancelAll() {
        for operation in state.withLock({ Array($0.running.values) }) { operation.cancel() }
    }

    /// Returns when no step is under way. For tests with a clock turned by hand.
    func settle() async {
        while let operation = state.withLock({ $0.running.values.first }) { await operation.value }
    }
}
