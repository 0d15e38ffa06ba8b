import Foundation
import GRDB
import History
import Plan
import Testing

@testable import Recorder

@Suite struct RecorderTests {
    @Test func `a recording comes back as it was written`() throws {
        try withResults { database in
            let recorder = try Recorder(database: database, run: RecordingSample.run, scenario: "# text\n")
            recorder.record(RecordingSample.entries)
            try recorder.close()
            let archive = try Archive(database: database)
            let read = try archive.recording(of: "last")
            let written = RecordingSample.recording
            #expect(read.run == written.run)
            #expect(read.seconds == written.seconds)
            #expect(read.generator == written.generator)
            #expect(read.events == written.events)
            #expect(read.faults == written.faults)
            #expect(read.platform == written.platform)
            #expect(read.ledger == written.ledger)
            #expect(read == written)
            #expect(try archive.scenarioText(of: RecordingSample.run.id) == "# text\n")
        }
    }

    @Test func `a row with a key replaces the one it had`() throws {
        try withResults { database in
            let recorder = try Recorder(database: database, run: RecordingSample.run)
            var open = RecordingSample.row(0, 0)
            (open.ok, open.failed, open.unfinished) = (0, 0, 17)
            (open.failures, open.okLatency) = ([], LatencyHistogram())
            try recorder.commit([.load(open)])
            #expect(try Archive(database: database).recording(of: "last").seconds == [open])
            try recorder.commit([.load(RecordingSample.row(0, 0))])
            #expect(
                try Archive(database: database).recording(of: "last").seconds == [RecordingSample.row(0, 0)])
            try recorder.close()
        }
    }

    @Test func `what is committed is there for others while the writer lives`() throws {
        try withResults { database in
            let recorder = try Recorder(database: database, run: RecordingSample.run)
            try recorder.commit([.event(Event(at: .zero, kind: .phase, subject: "load", text: "begins"))])
            // A copy of the files at this moment is what a kill -9 would leave behind.
            let copy = (database as NSString).deletingLastPathComponent + "/killed.sqlite"
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: database + suffix, toPath: copy + suffix)
            }
            let left = try Archive(database: copy).recording(of: "last")
            #expect(left.events.map(\.text) == ["begins"])
            #expect(left.run.ending == .open)
            try recorder.close()
        }
    }

    @Test func `two runs share one file`() throws {
        try withResults { database in
            var other = RecordingSample.run
            other.id = "20261124-093001-other-aaaa"
            other.startedAt = "2026-11-24T09:30:01.000Z"
            let first = try Recorder(database: database, run: RecordingSample.run)
            let second = try Recorder(database: database, run: other)
            for index in 0..<20 {
                let event = Event(at: .seconds(Double(index)), kind: .phase, subject: "s", text: "\(index)")
                try first.commit([.event(event)])
                try second.commit([.event(event)])
            }
            try first.close()
            try second.close()
            let archive = try Archive(database: database)
            #expect(try archive.runs().map(\.id) == [RecordingSample.run.id, other.id])
            #expect(try archive.resolve("last") == other.id)
            #expect(try archive.recording(of: other.id).events.count == 20)
        }
    }

    @Test func `a row that does not add up is refused and said, and the others are kept`() throws {
        try withResults { database in
            let recorder = try Recorder(database: database, run: RecordingSample.run)
            var wrong = RecordingSample.row(0, 0)
            wrong.ok += 1
            #expect(throws: RecorderError.self) {
                try recorder.commit([.load(wrong), .load(RecordingSample.row(1, 0))])
            }
            #expect(
                recorder.problem
                    == .refused(
                        row: "load of second 0, route 0",
                        reason: "CHECK constraint failed: every_sent_request_has_an_outcome"))
            #expect(throws: RecorderError.self) { try recorder.close() }
            #expect(
                try Archive(database: database).recording(of: "last").seconds == [RecordingSample.row(1, 0)])
        }
    }

    @Test func `what a full disk would not take is tried again`() throws {
        try withResults { database in
            let recorder = try Recorder(database: database, run: RecordingSample.run)
            // Another process holds the database; the patience of the recorder is shorter than that.
            let blocker = try DatabaseQueue(path: database)
            try blocker.inDatabase {
                try $0.execute(sql: "PRAGMA locking_mode = NORMAL; ALTER TABLE log RENAME TO gone")
            }
            let event = Event(at: .zero, kind: .phase, subject: "load", text: "begins")
            #expect(throws: RecorderError.self) { try recorder.commit([.event(event)]) }
            #expect(recorder.problem?.description.contains("1 rows wait and are tried again") == true)
            try blocker.inDatabase { try $0.execute(sql: "ALTER TABLE gone RENAME TO log") }
            try recorder.commit([])
            #expect(recorder.problem == nil)
            #expect(try Archive(database: database).recording(of: "last").events == [event])
            try recorder.close()
        }
    }

    @Test func `a run is never recorded twice`() throws {
        try withResults { database in
            try Recorder(database: database, run: RecordingSample.run).close()
            #expect(throws: RecorderError.runExists(id: RecordingSample.run.id)) {
                try Recorder(database: database, run: RecordingSample.run)
            }
        }
    }

    @Test func `a folder that cannot be made is said with its path`() throws {
        let error = #expect(throws: RecorderError.self) {
            try Recorder(database: "/proc/nowhere/loadchaos.sqlite", run: RecordingSample.run)
        }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("cannot open the recording /proc/nowhere/loadchaos.sqlite: "))
        #expect(text.hasSuffix("; choose another place with --results DIR"))
    }

    @Test func `the run's folder holds scenario and plan, and goes with the run`() throws {
        try withResults { database in
            let recorder = try Recorder(database: database, run: RecordingSample.run, scenario: "load\n")
            try recorder.close()
            let folder = recorder.folder.path
            #expect(folder == (database as NSString).deletingLastPathComponent + "/" + RecordingSample.run.id)
            let plan = try Data(contentsOf: URL(fileURLWithPath: folder + "/plan.json"))
            #expect(try JSONDecoder().decode(Plan.self, from: plan) == RecordingSample.plan)
            #expect(try String(contentsOfFile: folder + "/scenario.scn", encoding: .utf8) == "load\n")
            let archive = try Archive(database: database)
            try archive.delete(RecordingSample.run.id)
            #expect(try archive.runs().isEmpty)
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }
}
