package import History
import Synchronization
import Verdict

/// The run so far, kept beside the recorder: stop rules, the screen and the live page read it.
package final class LiveRecording: HistoryWriter {
    private let next: any HistoryWriter
    private let state: Mutex<RunSoFar>

    /// Everything written goes on to `next`.
    package init(run: RunRecord, next: any HistoryWriter) {
        self.next = next
        state = Mutex(RunSoFar(run: run))
    }

    package var soFar: RunSoFar { state.withLock { $0 } }

    package func record(_ entries: [Entry]) {
        add(entries)
        next.record(entries)
    }

    package func commit(_ entries: [Entry]) throws {
        add(entries)
        try next.commit(entries)
    }

    private func add(_ entries: [Entry]) {
        state.withLock { soFar in
            soFar.add(entries)
            // To know the windows, all seconds are looked at: not for each of them.
            guard soFar.seconds.overdue.count >= Self.secondsAtOnce else { return }
            soFar.addUp(windows(of: soFar.seconds.overdue, in: soFar))
        }
    }

    private static let secondsAtOnce = 10
}
