package import History
import Plan
import Synchronization

/// A HistoryWriter that keeps everything in memory, in the order in which it was written.
package final class MemoryHistory: HistoryWriter {
    private let written = Mutex<[Entry]>([])

    private let refusesCommits: Bool
    private let onRecord: @Sendable ([Entry]) -> Void

    /// - Parameters:
    ///   - refusesCommits: as a full disk would.
    ///   - onRecord: called after each write; not within the lock.
    package init(refusesCommits: Bool = false, onRecord: @escaping @Sendable ([Entry]) -> Void = { _ in }) {
        self.refusesCommits = refusesCommits
        self.onRecord = onRecord
    }

    package struct DiskFull: Error {}

    package func record(_ entries: [Entry]) {
        written.withLock { $0 += entries }
        onRecord(entries)
    }

    package func commit(_ entries: [Entry]) throws {
        if refusesCommits { throw DiskFull() }
        record(entries)
    }

    package var entries: [Entry] { written.withLock { $0 } }
    package var events: [Event] {
        entries.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }
    /// The last state of each fault, by index.
    package var faults: [Int: FaultRecord] {
        var faults: [Int: FaultRecord] = [:]
        for case .fault(let record) in entries { faults[record.index] = record }
        return faults
    }

    /// What a reader would find of the load.
    package func recording(of run: RunRecord) -> Recording {
        var rows: [Int: [Int: LoadSecond]] = [:]
        for case .load(let row) in entries { rows[row.second, default: [:]][row.route] = row }
        return Recording(
            run: run,
            seconds: rows.values.flatMap(\.values).sorted { ($0.second, $0.route) < ($1.second, $1.route) })
    }
}
