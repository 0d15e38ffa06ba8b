import Dispatch
import History
import Plan
import Synchronization

/// What one worker hands over once a second.
struct Batch: @unchecked Sendable {
    // Sendable: the rows' ownership moves with the batch.
    var worker: Int
    /// Its stream's.
    var lane: Int
    /// The second that has just ended.
    var second: Int
    var rows: [Tally.Row]
    var generator: GeneratorSecond
    var marks: [LedgerMark]
    /// Every second before this one gets no more requests from this worker.
    var settledBefore: Int
    var isLast: Bool
}

/// The outcome of one tracked request of a stream.
struct LedgerMark {
    var index: UInt64
    var answer: LedgerEntry.Answer
    var at: Nanoseconds
}

/// Adds up what the workers counted and writes it, once a second, on a queue of its own.
///
/// A second's row is written when it has changed, and forgotten when nothing of it can change any more.
final class Bookkeeper: @unchecked Sendable {
    // Thread safety: everything mutable is touched on `queue` only.

    private struct Key: Hashable, Comparable {
        var second: Int
        var route: Int
        static func < (a: Key, b: Key) -> Bool { (a.second, a.route) < (b.second, b.route) }
    }

    let queue = DispatchQueue(label: "loadchaos.load.bookkeeper", qos: .userInitiated)
    private let writer: any HistoryWriter
    private let lanes: [Lane]
    private let pool: Tally.Pool
    private var totals: [Key: LoadSecond] = [:]
    private var dirty: Set<Key> = []
    private var generator: [Int: GeneratorSecond] = [:]
    /// By worker: the last second handed over, and the first that is still open.
    private var reached: [Int]
    private var settledBefore: [Int]
    /// By lane: those that wait for their rows.
    private var marks: [[LedgerMark]]
    private(set) var summary = LoadSummary()

    init(lanes: [Lane], writer: any HistoryWriter, pool: Tally.Pool) {
        self.lanes = lanes
        self.writer = writer
        self.pool = pool
        marks = Array(repeating: [], count: lanes.count)
        let workers = lanes.reduce(0) { $0 + $1.workerCount }
        reached = Array(repeating: -1, count: workers)
        settledBefore = Array(repeating: 0, count: workers)
    }

    /// From any thread; once a second and worker.
    func submit(_ batch: Batch) {
        queue.async { self.take(batch) }
    }

    private func take(_ batch: Batch) {
        for row in batch.rows {
            let route = lanes[batch.lane].firstRoute + row.pointee.route
            let key = Key(second: row.pointee.second, route: route)
            totals[key, default: LoadSecond(second: key.second, route: key.route)].add(row.pointee)
            summary.add(row.pointee)
            dirty.insert(key)
        }
        pool.put(batch.rows)
        marks[batch.lane] += batch.marks
        addGenerator(batch)
        reached[batch.worker] = batch.isLast ? .max : max(batch.second, reached[batch.worker])
        settledBefore[batch.worker] = batch.isLast ? .max : batch.settledBefore
        let complete = reached.min() ?? .max
        if complete >= batch.second || batch.isLast { write(through: complete) }
    }

    private func addGenerator(_ batch: Batch) {
        guard batch.second >= 0 else { return }
        var total = generator[batch.second] ?? GeneratorSecond(second: batch.second)
        total.lateness.merge(batch.generator.lateness)
        total.cpuFraction = max(total.cpuFraction, batch.generator.cpuFraction)
        total.waitFraction = max(total.waitFraction, batch.generator.waitFraction)
        total.inFlight += batch.generator.inFlight
        total.connections += batch.generator.connections
        generator[batch.second] = total
    }

    private func write(through complete: Int) {
        var entries: [Entry] = dirty.sorted().compactMap { key in
            totals[key]?.changeHistograms { $0.compact() }
            return totals[key].map { .load($0) }
        }
        dirty.removeAll(keepingCapacity: true)
        for second in generator.keys.sorted() where second <= complete {
            guard var row = generator.removeValue(forKey: second) else { continue }
            row.lateness.compact()
            entries.append(.generator(row))
        }
        entries += ledgerUpdates()
        if !entries.isEmpty { writer.record(entries) }
        let settled = settledBefore.min() ?? .max
        totals = totals.filter { $0.key.second >= settled || $0.value.unfinished > 0 }
    }

    /// An outcome may only follow its row: what has none yet waits for it.
    private func ledgerUpdates() -> [Entry] {
        lanes.flatMap { lane in
            let horizon = lane.controls.ledgerHorizon.load(ordering: .acquiring)
            let ready = marks[lane.number].filter { $0.index < horizon }
            marks[lane.number].removeAll { $0.index < horizon }
            return ready.compactMap { mark in
                LedgerEntry(mark.index, in: lane, answer: mark.answer, at: mark.at).map { Entry.ledger($0) }
            }
        }
    }

    /// After the last hand-over: rows that no worker came to were never sent.
    ///
    /// - Parameter neverSent: by lane.
    func finish(neverSent: [[UInt64]], at end: Nanoseconds) {
        for (lane, indices) in neverSent.enumerated() {
            marks[lane] += indices.map { LedgerMark(index: $0, answer: .dropped, at: end) }
        }
        write(through: .max)
    }
}
