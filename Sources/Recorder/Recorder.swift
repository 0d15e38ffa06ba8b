import Dispatch
import GRDB
package import History
import Synchronization

/// Writes one run into the database, one transaction a second.
///
/// `record` only appends to a list in memory. A Dispatch queue of its own takes the list every second and writes it;
/// `commit` does the same at once and waits for the disk (synchronous=FULL).
/// What cannot be written stays in the list and is tried again, so a disk that was full for a while costs nothing;
/// `problem` says so meanwhile, and `commit` and `close` throw it.
package final class Recorder: HistoryWriter {
    /// Rows that may wait for a disk: about a minute of 40 routes. Past that the oldest are given up, and it is said.
    package static let waitingLimit = 20_000

    private struct State {
        var waiting: [Entry] = []
        /// Not written now; nil again once it is.
        var failing: RecorderError?
        /// Missing for good.
        var lost: RecorderError?
    }

    /// The run's folder beside the database: logs go there.
    package let folder: RunFolder
    private let store: Store
    private let run: String
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "loadchaos.recorder", qos: .utility)
    /// Dispatch sources are safe to use from any thread; only their protocol does not say so.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    /// Opens or creates the database, writes the run's row durably, makes its folder, and starts the clock.
    package init(database path: String, run record: RunRecord, scenario: String? = nil) throws(RecorderError)
    {
        store = try Store(creating: path)
        run = record.id
        folder = RunFolder(run: record.id, besideDatabase: path)
        timer = DispatchSource.makeTimerSource(queue: queue)
        // At once: a source must not be let go before it was activated, and what follows can throw.
        timer.schedule(deadline: .now() + 1, repeating: 1)
        timer.setEventHandler { [weak self] in self?.write(durable: false) }
        timer.activate()
        do {
            try store.transaction(durable: true) { db in
                guard try !Row.exists(db, "SELECT 1 FROM runs WHERE id = ?", [record.id]) else {
                    throw RecorderError.runExists(id: record.id)
                }
                try EntryWriting(db: db, run: record.id).insert(record, scenario: scenario)
            }
        } catch let error as RecorderError {
            throw error
        } catch {
            throw .cannotOpen(path: path, reason: Store.words(error))
        }
        try folder.create(plan: record.plan, scenario: scenario)
    }

    deinit { timer.cancel() }

    package func record(_ entries: [Entry]) { state.withLock { $0.waiting += entries } }

    package func commit(_ entries: [Entry]) throws {
        record(entries)
        queue.sync { write(durable: true) }
        if let problem { throw problem }
    }

    /// Writes what waits, without syncing the disk. For tests, and before another connection reads.
    package func flush() throws(RecorderError) {
        queue.sync { write(durable: false) }
        if let problem { throw problem }
    }

    /// Writes what waits, durably, and stops. Throws if anything is missing in the recording.
    package func close() throws(RecorderError) {
        timer.cancel()
        queue.sync { write(durable: true) }
        if let problem { throw problem }
    }

    /// What is wrong with the recording now: something is missing for good, or waits for the disk.
    package var problem: RecorderError? { state.withLock { $0.lost ?? $0.failing } }

    /// On `queue` only, so that batches keep their order.
    private func write(durable: Bool) {
        let batch = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        guard !batch.isEmpty || durable else { return }
        do {
            let refused = try store.transaction(durable: durable) { try write(batch, $0) }
            state.withLock { state in
                state.failing = nil
                if state.lost == nil { state.lost = refused }
            }
        } catch {
            putBack(batch, Store.words(error))
        }
    }

    private func putBack(_ batch: [Entry], _ reason: String) {
        state.withLock { state in
            state.waiting = batch + state.waiting
            let excess = state.waiting.count - Self.waitingLimit
            if excess > 0 {
                state.waiting.removeFirst(excess)
                state.lost = .gaveUp(path: store.path, entries: excess, reason: reason)
            }
            state.failing = .cannotWrite(path: store.path, waiting: state.waiting.count, reason: reason)
        }
    }

    /// Writes the batch. A row that breaks a rule of the schema must not hold up all others: it alone is left out.
    private func write(_ batch: [Entry], _ db: Database) throws -> RecorderError? {
        let writing = EntryWriting(db: db, run: run)
        var refused: RecorderError?
        var touched: Set<Int> = []
        for entry in batch {
            do {
                try db.inSavepoint {
                    try writing.write(entry)
                    return .commit
                }
                if case .load(let second) = entry { touched.insert(second.second) }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                refused = refused ?? .refused(row: entry.name, reason: Store.words(error))
            }
        }
        for second in touched.sorted() { try writing.writePercentiles(second: second) }
        return refused
    }
}

extension Entry {
    /// For error messages.
    fileprivate var name: String {
        switch self {
        case .load(let second): "load of second \(second.second), route \(second.route)"
        case .generator(let second): "generator second \(second.second)"
        case .event(let event): "event \"\(event.text)\""
        case .fault(let fault): "fault \(fault.name)"
        case .platform(let sample): "\(sample.metric.rawValue) of \(sample.service)"
        case .ledger(let entry): "ledger entry \(entry.index)"
        case .probe(let probe): "probe \(probe.name)"
        case .run(let record): "run \(record.id)"
        }
    }
}

extension Store {
    /// One write transaction. `durable`: synced to the disk when it returns, with all commits before it.
    func transaction<Value>(durable: Bool, _ body: (Database) throws -> Value) throws -> Value {
        try pool.writeWithoutTransaction { db in
            // SQLite ignores a change of this within a transaction.
            try db.execute(sql: "PRAGMA synchronous = \(durable ? "FULL" : "NORMAL")")
            var value: Value?
            try db.inTransaction(.immediate) {
                value = try body(db)
                return .commit
            }
            guard let value else { preconditionFailure("a committed transaction has a value") }
            return value
        }
    }
}

extension Row {
    fileprivate static func exists(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws
        -> Bool
    {
        try Row.fetchOne(db, sql: sql, arguments: arguments) != nil
    }
}
