import Foundation
import GRDB

/// What is wrong with the journal's file. Without a journal no fault is injected.
package struct JournalError: Error, Hashable, CustomStringConvertible {
    package var path: String
    package var problem: String

    package var description: String {
        "journal \(path): \(problem); no fault is injected without it: make it writable, or choose another directory"
    }
}

/// The debts, in an SQLite file of their own: written before the platform is touched, read after a crash.
///
/// `synchronous=FULL` with a write-ahead log syncs the log at each commit (sqlite.org/pragma.html), so a row is on disk
/// when `open` returns. Methods block for that sync, some milliseconds: they are called a few times per
/// fault and never on the send path.
package final class Journal: Sendable {
    package let path: String
    private let database: DatabaseQueue

    /// Opens the file or makes it; its directory must be there.
    package init(path: String) throws(JournalError) {
        self.path = path
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        do {
            database = try DatabaseQueue(path: path, configuration: configuration)
            try Self.migrator.migrate(database)
        } catch {
            throw JournalError(path: path, problem: "\(error)")
        }
    }

    private static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 debts") { db in
            try db.execute(
                sql: """
                    CREATE TABLE debt (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        run TEXT NOT NULL,
                        fault TEXT NOT NULL,
                        platform TEXT NOT NULL,  -- JSON: endpoints, account, region
                        undo TEXT NOT NULL,      -- JSON: what to change back, and to what
                        state TEXT NOT NULL CHECK (state IN ('intent', 'applied', 'reverted', 'paid')),
                        applied TEXT NOT NULL DEFAULT '{}',  -- JSON: what the calls made
                        opened_at TEXT NOT NULL,
                        closed_at TEXT,
                        note TEXT
                    ) STRICT;
                    CREATE VIEW unpaid AS SELECT * FROM debt WHERE state IN ('intent', 'applied');
                    """)
        }
        return migrator
    }()

    /// A new debt, in state intent; durable when this returns. Call it before the first mutating call.
    package func open(
        run: String, fault: String, platform: PlatformIdentity, undo: Undo
    ) throws(JournalError) -> Int64 {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO debt (run, fault, platform, undo, state, opened_at)
                    VALUES (?, ?, ?, ?, 'intent', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
                    """,
                arguments: [run, fault, try Self.json(platform), try Self.json(undo)])
            return db.lastInsertedRowID
        }
    }

    /// What the mutating calls made. Call it after each call that makes something.
    package func applied(_ id: Int64, _ made: [String: String]) throws(JournalError) {
        try write { db in
            try db.execute(
                sql: "UPDATE debt SET state = 'applied', applied = ? WHERE id = ?",
                arguments: [try Self.json(made), id])
        }
    }

    /// Closes the debt: `state` is reverted or paid.
    package func close(_ id: Int64, as state: Debt.State, note: String) throws(JournalError) {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE debt SET state = ?, note = ?, closed_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = ?
                    """,
                arguments: [state.rawValue, note, id])
        }
    }

    /// Keeps why an undo failed; the debt stays open.
    package func failed(_ id: Int64, note: String) throws(JournalError) {
        try write { db in
            try db.execute(sql: "UPDATE debt SET note = ? WHERE id = ?", arguments: [note, id])
        }
    }

    /// Debts that are neither reverted nor paid, oldest first.
    package func unpaid() throws(JournalError) -> [Debt] {
        try all().filter(\.isOpen)
    }

    package func all() throws(JournalError) -> [Debt] {
        do {
            return try database.read { db in
                try Row.fetchAll(db, sql: "SELECT * FROM debt ORDER BY id").map(Self.debt)
            }
        } catch {
            throw JournalError(path: path, problem: "\(error)")
        }
    }

    private func write<Value: Sendable>(
        _ change: @Sendable (Database) throws -> Value
    ) throws(JournalError) -> Value {
        do {
            return try database.write(change)
        } catch {
            throw JournalError(path: path, problem: "\(error)")
        }
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func debt(_ row: Row) throws -> Debt {
        func decode<Value: Decodable>(_ column: String) throws -> Value {
            let text: String = row[column]
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        }
        let word: String = row["state"]
        guard let state = Debt.State(rawValue: word) else {
            throw DatabaseError(message: "debt with unknown state \(word)")
        }
        return Debt(
            id: row["id"], run: row["run"], fault: row["fault"], platform: try decode("platform"),
            undo: try decode("undo"), state: state, applied: try decode("applied"),
            openedAt: row["opened_at"],
            closedAt: row["closed_at"], note: row["note"])
    }
}
