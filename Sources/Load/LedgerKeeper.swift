import Dispatch
import History
import Plan
import Synchronization

/// Makes the rows of a stream's tracked requests durable before they are due: each second's, one second ahead.
///
/// Works on a queue of its own, as commits wait for the disk. A failed commit leaves the horizon where it is,
/// is reported once, and is tried again with the next tick: meanwhile tracked requests wait, and are dropped
/// at their deadline.
final class LedgerKeeper: @unchecked Sendable {
    // Thread safety: `committed`, `ended` and `problem` are touched on `queue` only.

    private let queue = DispatchQueue(label: "loadchaos.load.ledger", qos: .userInitiated)
    private let lane: Lane
    private let writer: any HistoryWriter
    private let clock: MonotonicClock
    private var committed: UInt64 = 0
    private var lastProgress: UInt64 = 0
    private var timer: (any DispatchSourceTimer)?
    private var problem: String?

    /// nil if the stream tracks nothing.
    init?(_ lane: Lane, writer: any HistoryWriter, clock: MonotonicClock) {
        guard lane.plan.tracksWrites else { return nil }
        self.lane = lane
        self.writer = writer
        self.clock = clock
    }

    /// Rows of the first two seconds are durable when it returns.
    func start() {
        queue.sync {
            commitAhead()
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now() + .milliseconds(100), repeating: .milliseconds(100))
            timer.setEventHandler { [weak self] in self?.commitAhead() }
            timer.activate()
            self.timer = timer
        }
    }

    /// No more rows. Why some could not be written, if so.
    func end() -> String? {
        queue.sync {
            timer?.cancel()
            timer = nil
            return problem
        }
    }

    private func commitAhead() {
        let end = target
        guard end > committed else { return }
        let entries = (committed..<end).compactMap { index in
            LedgerEntry(index, in: lane, answer: .intended, at: nil).map { Entry.ledger($0) }
        }
        do {
            if !entries.isEmpty { try writer.commit(entries) }
            committed = end
            lane.controls.publish(horizon: end)
        } catch {
            guard problem == nil else { return }
            let text = "tracked writes wait for their ledger rows, which cannot be written: \(error)"
            problem = text
            writer.record(.event(Event(at: clock.now, kind: .warning, subject: "ledger", text: text)))
        }
    }

    /// Open load: all due up to the end of the coming second. Closed: twice what was sent since the last
    /// look.
    private var target: UInt64 {
        if let schedule = lane.schedule {
            let second = max(0, clock.now.second) + 2
            return schedule.firstIndex(notBefore: .seconds(Double(second)))
        }
        let progress = lane.controls.progress.load(ordering: .acquiring)
        let ahead = max(1000, 2 * (progress - min(progress, lastProgress)))
        lastProgress = progress
        return max(committed, progress + ahead)
    }
}
