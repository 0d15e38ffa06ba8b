package import History
import Synchronization

/// A history kept in memory for as long as the run lasts: the last state of each row.
///
/// For a load that nobody records. It grows with the length of the run and its routes, not with its requests.
package final class FoldedHistory: HistoryWriter {
    private struct State {
        var seconds: [Int: [Int: LoadSecond]] = [:]
        var generator: [GeneratorSecond] = []
        var events: [Event] = []
    }

    private let state = Mutex(State())
    private let onSecond: @Sendable (GeneratorSecond, [LoadSecond]) -> Void

    /// - Parameter onSecond: called with each second that has ended, and its rows as they are then.
    package init(onSecond: @escaping @Sendable (GeneratorSecond, [LoadSecond]) -> Void = { _, _ in }) {
        self.onSecond = onSecond
    }

    package func record(_ entries: [Entry]) {
        let ended = state.withLock { state in
            for entry in entries {
                switch entry {
                case .load(let row): state.seconds[row.second, default: [:]][row.route] = row
                case .generator(let row): state.generator.append(row)
                case .event(let event): state.events.append(event)
                case .fault, .platform, .ledger, .probe, .run: break
                }
            }
            return entries.compactMap { entry -> (GeneratorSecond, [LoadSecond])? in
                guard case .generator(let row) = entry else { return nil }
                return (row, Self.sorted(state.seconds[row.second] ?? [:]))
            }
        }
        for (second, rows) in ended { onSecond(second, rows) }
    }

    package func commit(_ entries: [Entry]) { record(entries) }

    /// By second, then route.
    package var seconds: [LoadSecond] {
        state.withLock { state in
            state.seconds.keys.sorted().flatMap { Self.sorted(state.seconds[$0] ?? [:]) }
        }
    }

    package var generator: [GeneratorSecond] { state.withLock { $0.generator } }
    package var events: [Event] { state.withLock { $0.events } }

    private static func sorted(_ rows: [Int: LoadSecond]) -> [LoadSecond] {
        rows.values.sorted { $0.route < $1.route }
    }
}
