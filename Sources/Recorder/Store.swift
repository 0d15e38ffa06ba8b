import Foundation
import GRDB

/// The database file: opened, migrated, shared by several processes.
///
/// WAL mode: readers never wait for the one writer, and a writer that is killed loses nothing it has committed.
/// With synchronous=NORMAL a commit is in the page cache and so survives the death of the process, not of the
/// machine; with FULL the log is synced to the disk at each commit, with all commits before it.
/// (sqlite.org/pragma.html#pragma_synchronous)
struct Store {
    let pool: DatabasePool
    let path: String

    /// How long one process waits for another's transaction, which takes milliseconds.
    static let patience: TimeInterval = 10

    init(creating path: String) throws(RecorderError) {
        let folder = (path as NSString).deletingLastPathComponent
        do {
            if !folder.isEmpty {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
        } catch {
            throw .cannotOpen(path: path, reason: Store.words(error))
        }
        try self.init(path)
    }

    init(existing path: String) throws(RecorderError) {
        guard FileManager.default.fileExists(atPath: path) else { throw .noRecordings(path: path) }
        try self.init(path)
    }

    private init(_ path: String) throws(RecorderError) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Store.patience)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            // KiB, where 2000 are usual: a recording grows at its end, and older pages are hardly looked at again.
            try db.execute(sql: "PRAGMA cache_size = -512")
        }
        self.path = path
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            let migrator = Schema.migrator
            if try pool.read(migrator.hasBeenSuperseded) { throw RecorderError.laterSchema(path: path) }
            if try !pool.read(migrator.hasCompletedMigrations) { try Store.migrate(pool, migrator) }
        } catch let error as RecorderError {
            throw error
        } catch {
            throw .cannotOpen(path: path, reason: Store.words(error))
        }
    }

    /// Two processes may find a new file at the same moment: the loser's attempt fails, and then nothing is left to do.
    private static func migrate(_ pool: DatabasePool, _ migrator: DatabaseMigrator) throws {
        do {
            try migrator.migrate(pool)
        } catch {
            guard try pool.read(migrator.hasCompletedMigrations) else { throw error }
        }
    }

    /// The message alone: GRDB's description would add SQL and arguments.
    static func words(_ error: any Error) -> String {
        if let error = error as? DatabaseError {
            return error.message ?? "SQLite error \(error.resultCode.rawValue)"
        }
        if let error = error as? CocoaError, let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error {
            return words(cause)
        }
        if let error = error as? POSIXError { return String(cString: strerror(error.code.rawValue)) }
        let bridged = error as NSError
        if bridged.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(bridged.code))) }
        return "\(error)"
    }
}
