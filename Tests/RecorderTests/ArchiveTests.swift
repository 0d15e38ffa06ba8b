import Foundation
import GRDB
import History
import Plan
import Testing

@testable import Recorder

@Suite struct ArchiveTests {
    private func recorded<Value>(_ body: (String, DatabaseQueue) throws -> Value) throws -> Value {
        try withResults { database in
            let recorder = try Recorder(database: database, run: RecordingSample.run)
            recorder.record(RecordingSample.entries)
            try recorder.close()
            return try body(database, DatabaseQueue(path: database))
        }
    }

    @Test func `a missing file and a missing run are said`() throws {
        try withResults { database in
            #expect(throws: RecorderError.noRecordings(path: database)) { try Archive(database: database) }
            #expect(!FileManager.default.fileExists(atPath: database), "looking must not create")
        }
        try recorded { database, _ in
            let archive = try Archive(database: database)
            #expect(throws: RecorderError.noSuchRun(id: "nope", path: database)) {
                try archive.recording(of: "nope")
            }
        }
    }

    @Test func `the timeline has one row a second with the columns that are promised`() throws {
        try recorded { _, queue in
            let rows = try queue.read { try Row.fetchAll($0, sql: "SELECT * FROM timeline ORDER BY second") }
            #expect(
                Array(rows[0].columnNames) == [
                    "run", "second", "scenario_second", "phase", "planned", "sent", "dropped", "ok", "failed",
                    "unfinished", "p50_ms", "p95_ms", "p99_ms",
                ])
            #expect(rows.count == 2)
            #expect(rows[1]["scenario_second"] as Int == 6)
            #expect(rows[1]["phase"] as String == "warm up")
            #expect(rows[1]["planned"] as Int == 40)
            // 18 of 40 had no good answer: the median is there, the p95 is infinite.
            #expect(rows[1]["p50_ms"] as Double? != nil)
            #expect(rows[1]["p95_ms"] as Double? == nil)
        }
    }

    @Test func `phases are found on the scenario clock`() throws {
        try recorded { _, queue in
            let phases = try queue.read {
                try String.fetchAll($0, sql: "SELECT phase || ' ' || starts_ns FROM phases")
            }
            #expect(phases == ["warm up 0", "ramp 5000000000", "hold 10000000000"])
        }
    }

    @Test func `percentiles of a second are those of all routes and follow its rewriting`() throws {
        try withResults { database in
            func row(_ route: Int, _ latency: Nanoseconds) -> LoadSecond {
                var row = LoadSecond(second: 0, route: route)
                (row.planned, row.sent, row.ok) = (10, 10, 10)
                row.okLatency.record(latency, times: 10)
                return row
            }
            let recorder = try Recorder(database: database, run: RecordingSample.run)
            func p95() throws -> Double? {
                try DatabaseQueue(path: database).read {
                    try Double.fetchOne($0, sql: "SELECT p95_ms FROM timeline")
                }
            }
            try recorder.commit([.load(row(0, .milliseconds(10)))])
            #expect(try p95()?.rounded() == 10)
            try recorder.commit([.load(row(1, .milliseconds(50)))])
            #expect(try p95()?.rounded() == 50)
            try recorder.commit([.load(row(1, .milliseconds(20)))])
            #expect(try p95()?.rounded() == 20)
            try recorder.close()
        }
    }

    @Test func `events shows the log on both clocks and a fault's own times`() throws {
        try recorded { _, queue in
            let lines = try queue.read {
                try String.fetchAll(
                    $0, sql: "SELECT at_s || ' ' || scenario_s || ' ' || kind || ' ' || text FROM events")
            }
            #expect(
                lines == [
                    "-2.0 -12.0 phase asked", "20.0 120.0 fault resolved 2 subnets",
                    "20.0 120.0 warning line\nbreak, \u{1F600}", "20.1 120.6 fault injected",
                    "20.7 124.2 fault effect: timed out", "60.0 360.0 fault reverted",
                    "61.0 366.0 fault healed: answers",
                ])
        }
    }

    @Test func `answers of probes are shown on both clocks`() throws {
        try recorded { _, queue in
            let lines = try queue.read {
                try String.fetchAll(
                    $0,
                    sql: """
                        SELECT name || ' ' || started_s || ' ' || scenario_s || ' ' || coalesce(took_s, '-') || ' '
                          || coalesce(exit_code, '-') || ' ' || coalesce(number, '-') FROM probe_answers
                        """)
            }
            #expect(lines == ["own -1.0 -6.0 - - -", "speed 10.0 60.0 1.5 3 84604.25"])
        }
    }

    @Test func `a plan from before there were probes is read as one without`() throws {
        try recorded { database, queue in
            try queue.write {
                try $0.execute(sql: "UPDATE runs SET plan = json_remove(plan, '$.probes')")
            }
            var plan = RecordingSample.plan
            plan.probes = []
            #expect(try Archive(database: database).recording(of: "last").run.plan == plan)
        }
    }

    @Test func `a plan from before there were streams is read as one of a single stream`() throws {
        try recorded { database, queue in
            try queue.write {
                try $0.execute(
                    sql: """
                        UPDATE runs SET plan = json_remove(
                          json_set(plan, '$.load', json_extract(plan, '$.streams[0].load'),
                            '$.arrivals', json_extract(plan, '$.streams[0].arrivals')), '$.streams')
                        """)
            }
            #expect(try Archive(database: database).recording(of: "last").run.plan == RecordingSample.plan)
        }
    }

    @Test func `a verdict that is kept shows in verdicts and in the list`() throws {
        try recorded { database, queue in
            let archive = try Archive(database: database)
            let overall = Archive.Judgement(state: "broken", expectation: "the run", measured: "", why: "")
            let one = Archive.Judgement(
                state: "broken", expectation: "p95 < 1ms", measured: "p95 9ms", why: "misses", promise: "fast"
            )
            try archive.keep(overall: overall, [one], of: "last")
            try archive.keep(overall: overall, [one], of: "last")
            let rows = try queue.read {
                try String.fetchAll($0, sql: "SELECT state || ' ' || expectation FROM verdicts")
            }
            #expect(rows == ["broken the run", "broken p95 < 1ms"])
            #expect(try archive.runs().map(\.verdict) == ["broken"])
        }
    }

    @Test func `deleting a run leaves no row of it anywhere`() throws {
        try recorded { database, queue in
            try Archive(database: database).delete("last")
            let tables = try queue.read {
                try String.fetchAll(
                    $0,
                    sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            }
            #expect(tables.contains("ledger"))
            for table in tables where table != "grdb_migrations" {
                #expect(
                    try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } == 0,
                    "\(table)")
            }
        }
    }

    @Test func `a tag is on the runs it was given to until it is taken away, and goes with them`() throws {
        try recorded { database, _ in
            let archive = try Archive(database: database)
            let id = RecordingSample.run.id
            try archive.tag([id], as: "v1.4")
            try archive.tag([id], as: "v1.4")
            try archive.tag([id], as: "nightly")
            #expect(try archive.runs().map(\.tags) == [["nightly", "v1.4"]])
            #expect(try archive.remove(tag: "v1.4") == 1)
            #expect(try archive.remove(tag: "v1.4") == 0)
            #expect(try archive.runs().map(\.tags) == [["nightly"]])
            #expect(throws: RecorderError.self) { try archive.tag(["no such run"], as: "v1.4") }
            #expect(try archive.record(of: "last") == archive.recording(of: id).run)
            try archive.delete(id)
            #expect(try archive.remove(tag: "nightly") == 0)
        }
    }

    @Test func `the load can be read from a second on, with the faults and nothing else`() throws {
        try recorded { database, _ in
            let (all, archive) = (RecordingSample.recording, try Archive(database: database))
            let seconds = all.seconds.map(\.second)
            let from = try #require(seconds.max())
            #expect(seconds.contains { $0 < from })
            let load = try archive.load(of: "last", from: from)
            #expect(load.run == all.run && load.seconds == all.seconds.filter { $0.second == from })
            #expect(load.faults == all.faults && load.events.isEmpty && load.ledger.isEmpty)
            #expect(try archive.load(of: "last", from: -5).seconds == all.seconds)
        }
    }

    @Test func `damage is said, not read as an empty answer`() throws {
        try recorded { database, queue in
            try queue.write { try $0.execute(sql: "UPDATE faults SET state = 'melted' WHERE fault = 0") }
            #expect(
                throws: RecorderError.damaged(
                    run: RecordingSample.run.id, what: "\"melted\" is no State that this version knows")
            ) { try Archive(database: database).recording(of: "last") }
            try queue.write {
                try $0.execute(
                    sql: "UPDATE faults SET state = 'healed'; UPDATE histograms SET counts = x'07'")
            }
            #expect(
                throws: RecorderError.damaged(
                    run: RecordingSample.run.id, what: "histogram format 7, known: 1")
            ) { try Archive(database: database).recording(of: "last") }
        }
    }

    @Test func `a file of a later version is not touched`() throws {
        try recorded { database, queue in
            try queue.write {
                try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 from the future')")
            }
            #expect(throws: RecorderError.laterSchema(path: database)) { try Archive(database: database) }
        }
    }

    @Test func `each migration leads from the one before to a schema that holds a run`() throws {
        try withResults { database in
            try FileManager.default.createDirectory(
                atPath: (database as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            for migration in Schema.migrations {
                try Schema.migrator.migrate(DatabaseQueue(path: database), upTo: migration.name)
            }
            try Recorder(database: database, run: RecordingSample.run).close()
            #expect(try Archive(database: database).recording(of: "last").run == RecordingSample.run)
        }
    }

    @Test func `a recording of before there were hops is read as it was written`() throws {
        try withResults { database in
            try FileManager.default.createDirectory(
                atPath: (database as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            let queue = try DatabaseQueue(path: database)
            try Schema.migrator.migrate(queue, upTo: "1 first recording")
            var recording = RecordingSample.recording
            recording.run.plan.system?.hops = []
            recording.run.plan.expectations.removeAll { $0.text == "hop" }
            for row in recording.seconds.indices { recording.seconds[row].hops = [] }
            try queue.write { db in
                let writing = EntryWriting(db: db, run: recording.run.id)
                try writing.insert(recording.run, scenario: nil)
                for row in recording.seconds { try writing.write(.load(row)) }
                // As it was then: no word of hops in the plan.
                try db.execute(
                    sql: "UPDATE runs SET plan = json_remove(plan, '$.system.hops'), load_ended_ns = NULL")
            }
            try queue.close()
            let read = try Archive(database: database).recording(of: "last")
            #expect(read.run.plan == recording.run.plan)
            #expect(read.seconds == recording.seconds)
        }
    }

    @Test func `the view of hops tells their names and percentiles`() throws {
        try recorded { _, queue in
            let rows = try queue.read { try Row.fetchAll($0, sql: "SELECT * FROM hops") }
            #expect(
                Array(rows[0].columnNames) == [
                    "run", "second", "scenario_second", "route", "hop", "count", "p50_ms", "p95_ms", "p99_ms",
                ])
            #expect(rows.count == 4, "of the first hop nothing was told")
            #expect(rows[3]["second"] as Int == 1 && rows[3]["scenario_second"] as Int == 6)
            #expect(rows[3]["route"] as String == "POST /api/items" && rows[3]["hop"] as String == "b to c")
            #expect(rows[3]["count"] as Int == 9)
            #expect(abs((rows[3]["p50_ms"] as Double) - 0.501) < 0.002)
        }
    }

    @Test func `conservation is a rule of the schema`() throws {
        try recorded { _, queue in
            let changes = [
                "planned = planned + 1", "ok = ok + 1", "dropped_by_us = dropped + 1",
                "failed = -1, ok = ok + 5",
            ]
            for change in changes {
                let error = #expect(throws: DatabaseError.self) {
                    try queue.write { try $0.execute(sql: "UPDATE load_seconds SET \(change)") }
                }
                #expect(error?.resultCode == .SQLITE_CONSTRAINT, "\(change)")
            }
        }
    }
}
