package import History
import Synchronization

/// A history kept in memory for as long as the run lasts, for a load that nobody records: figures of each second, and
/// all of them added up.
package final class FoldedHistory: HistoryWriter {
    private struct State {
        var seconds: RecentSeconds
        var events: [Event] = []
    }

    private let state: Mutex<State>
    private let onSecond: @Sendable (GeneratorSecond, [LoadSecond]) -> Void

    /// - Parameters:
    ///   - span: how many seconds stay whole, as their rows can still change.
    ///   - onSecond: called with each second that has ended, and its rows as they are then.
    package init(
        span: Int, onSecond: @escaping @Sendable (GeneratorSecond, [LoadSecond]) -> Void = { _, _ in }
    ) {
        state = Mutex(State(seconds: RecentSeconds(span: span)))
        self.onSecond = onSecond
    }

    package func record(_ entries: [Entry]) {
        let ended = state.withLock { state in
            state.seconds.put(entries)
            state.seconds.addUp()
            return entries.compactMap { entry -> (GeneratorSecond, [LoadSecond])? in
                switch entry {
                case .event(let event): state.events.append(event)
                case .generator(let row): return (row, state.seconds.rows(of: row.second))
                case .load, .fault, .platform, .ledger, .probe, .run: break
                }
                return nil
            }
        }
        for (second, rows) in ended { onSecond(second, rows) }
    }

    package func commit(_ entries: [Entry]) { record(entries) }

    package var seconds: RecentSeconds { state.withLock { $0.seconds } }
    package var events: [Event] { state.withLock { $0.events } }
}
