package import History
import Plan
import Synchronization

/// A HistoryWriter that keeps everything in memory, in the order in which it was written.
package final class MemoryHistory: HistoryWriter {
    private let written = Mutex<[Entry]>([])

    package init() {}

    package func record(_ entries: [Entry]) { written.withLock { $0 += entries } }
    package func commit(_ entries: [Entry]) throws { record(entries) }

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
}
