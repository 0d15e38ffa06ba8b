import Foundation
import GRDB
package import History
package import Plan

/// The recordings of a results folder, for readers.
package struct Archive: Sendable {
    private let store: Store

    /// Opens an existing database, migrating an older one.
    package init(database path: String) throws(RecorderError) { store = try Store(existing: path) }

    /// One line of `loadchaos runs`.
    package struct Listing: Hashable, Sendable {
        package var id: String
        package var startedAt: String
        package var scenario: String
        package var platform: String
        package var ending: RunRecord.Ending
        /// As it was judged at the end of the run; nil if it never was.
        package var verdict: String?
        /// Real length of the load; nil while open.
        package var loadEnded: Nanoseconds?
        /// In alphabetical order.
        package var tags: [String]
    }

    /// Oldest first.
    package func runs() throws(RecorderError) -> [Listing] {
        try store.read("list") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, started_at, scenario, platform, ending, load_ended_ns,
                      (SELECT state FROM judgements WHERE run = runs.id AND position = -1) AS verdict,
                      (SELECT json_group_array(tag) FROM tags WHERE run = runs.id) AS tags
                    FROM runs ORDER BY started_at, id
                    """
            ).map { row in
                Listing(
                    id: row["id"], startedAt: row["started_at"], scenario: row["scenario"],
                    platform: row["platform"],
                    ending: try EntryReading.known(row["ending"]), verdict: row["verdict"],
                    loadEnded: (row["load_ended_ns"] as Int64?).map { Nanoseconds($0) },
                    tags: try JSON.value([String].self, from: row["tags"]))
            }
        }
    }

    /// The id itself if it is recorded; `last` is the run that started last.
    package func resolve(_ name: String) throws(RecorderError) -> String {
        let id: String? = try store.read(name) { db in
            if name == "last" {
                return try String.fetchOne(
                    db, sql: "SELECT id FROM runs ORDER BY started_at DESC, id DESC LIMIT 1")
            }
            return try String.fetchOne(db, sql: "SELECT id FROM runs WHERE id = ?", arguments: [name])
        }
        guard let id else { throw .noSuchRun(id: name, path: store.path) }
        return id
    }

    /// Gives runs a name in common, beside those they have.
    package func tag(_ runs: [String], as tag: String) throws(RecorderError) {
        try change { db in
            for run in runs {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO tags (tag, run) VALUES (?, ?)", arguments: [tag, run])
            }
        }
    }

    /// Takes the name from every run that has it; returns how many had it.
    package func remove(tag: String) throws(RecorderError) -> Int {
        try change { db in
            try db.execute(sql: "DELETE FROM tags WHERE tag = ?", arguments: [tag])
            return db.changesCount
        }
    }

    /// What is known of a run without its measurements.
    package func record(of name: String) throws(RecorderError) -> RunRecord {
        let id = try resolve(name)
        return try store.read(id) { db in try EntryReading(db: db, run: id).runRecord() }
    }

    /// Everything recorded of one run, by id or `last`: what its writers wrote, unchanged.
    package func recording(of name: String) throws(RecorderError) -> Recording {
        let id = try resolve(name)
        return try store.read(id) { db in try EntryReading(db: db, run: id).recording() }
    }

    /// What became of the requests that were due from this second on, and the faults; nothing else of the run.
    package func load(of name: String, from second: Int) throws(RecorderError) -> Recording {
        let id = try resolve(name)
        return try store.read(id) { db in try EntryReading(db: db, run: id).load(from: second) }
    }

    /// The scenario as it was read; nil for `hit`.
    package func scenarioText(of name: String) throws(RecorderError) -> String? {
        let id = try resolve(name)
        return try store.read(id) { db in
            try String.fetchOne(db, sql: "SELECT scenario_text FROM runs WHERE id = ?", arguments: [id])
        }
    }

    package func folder(of id: String) -> RunFolder { RunFolder(run: id, besideDatabase: store.path) }

    /// Removes the run's rows and its folder.
    package func delete(_ name: String) throws(RecorderError) {
        let id = try resolve(name)
        try change { try $0.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [id]) }
        try folder(of: id).remove()
    }

    /// One line of the view `verdicts`, in words.
    package struct Judgement: Hashable, Sendable {
        package var state: String
        package var expectation: String
        package var measured: String
        package var why: String
        package var promise: String?

        package init(
            state: String, expectation: String, measured: String, why: String, promise: String? = nil
        ) {
            self.state = state
            self.expectation = expectation
            self.measured = measured
            self.why = why
            self.promise = promise
        }
    }

    /// Keeps the verdict as it was when the run ended, for the view `verdicts`; replaces an earlier one.
    /// `overall` stands first, under the expectation `the run`.
    package func keep(overall: Judgement, _ judgements: [Judgement], of name: String) throws(RecorderError) {
        let id = try resolve(name)
        try change { db in
            try db.execute(sql: "DELETE FROM judgements WHERE run = ?", arguments: [id])
            for (position, judgement) in ([overall] + judgements).enumerated() {
                try db.execute(
                    sql: """
                        INSERT INTO judgements (run, position, state, expectation, measured, why, promise)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        id, position - 1, judgement.state, judgement.expectation, judgement.measured,
                        judgement.why, judgement.promise,
                    ])
            }
        }
    }
}

extension Archive {
    /// On the disk when it returns.
    private func change<Value>(_ body: (Database) throws -> Value) throws(RecorderError) -> Value {
        do { return try store.transaction(durable: true, body) } catch {
            throw .cannotWrite(path: store.path, waiting: 0, reason: Store.words(error))
        }
    }
}

extension Store {
    /// One consistent snapshot for all of `body`. What cannot be understood is damage, not an empty answer.
    func read<Value>(_ run: String, _ body: (Database) throws -> Value) throws(RecorderError) -> Value {
        do {
            return try pool.read(body)
        } catch let error as RecorderError {
            throw error
        } catch {
            throw .damaged(run: run, what: Store.words(error))
        }
    }
}
