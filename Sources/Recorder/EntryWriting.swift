import Foundation
import GRDB
import History
import Plan

/// Writes entries of one run into the database, inside the caller's transaction.
struct EntryWriting {
    let db: Database
    let run: String

    func write(_ entry: Entry) throws {
        switch entry {
        case .load(let second): try write(second)
        case .generator(let second): try write(second)
        case .event(let event):
            try execute(
                "INSERT INTO log (run, at_ns, kind, subject, text) VALUES (?, ?, ?, ?, ?)",
                [run, event.at.count, event.kind.rawValue, event.subject, event.text])
        case .fault(let fault): try write(fault)
        case .platform(let sample):
            try execute(
                """
                INSERT INTO platform_samples (run, at_ns, metric, service, zone, value)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [run, sample.at.count, sample.metric.rawValue, sample.service, sample.zone, sample.value])
        case .ledger(let entry): try write(entry)
        case .probe(let probe): try write(probe)
        case .run(let record): try update(record)
        }
    }

    func insert(_ record: RunRecord, scenario: String?) throws {
        try execute(
            """
            INSERT INTO runs (id, started_at, scenario, platform, ending, problem, load_ended_ns, speed, seed,
              command, version, environment, plan, scenario_text)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                record.id, record.startedAt, record.plan.name, record.environment.platform,
                record.ending.rawValue,
                record.problem, record.loadEnded?.count, record.plan.speed, String(record.seed),
                record.command,
                record.version, try JSON.text(record.environment), try JSON.text(record.plan), scenario,
            ])
        try writePhases(record.plan)
    }

    private func update(_ record: RunRecord) throws {
        try execute(
            """
            UPDATE runs SET started_at = ?, scenario = ?, platform = ?, ending = ?, problem = ?, load_ended_ns = ?,
              speed = ?, seed = ?, command = ?, version = ?, environment = ?, plan = ? WHERE id = ?
            """,
            [
                record.startedAt, record.plan.name, record.environment.platform, record.ending.rawValue,
                record.problem, record.loadEnded?.count, record.plan.speed, String(record.seed),
                record.command,
                record.version, try JSON.text(record.environment), try JSON.text(record.plan), run,
            ])
        try execute("DELETE FROM phases WHERE run = ?", [run])
        try writePhases(record.plan)
    }

    private func writePhases(_ plan: Plan) throws {
        var start = Nanoseconds.zero
        for (position, phase) in plan.longestStream.load.phases.enumerated() {
            try execute(
                "INSERT INTO phases (run, position, phase, starts_ns) VALUES (?, ?, ?, ?)",
                [run, position, phase.kind.rawValue, plan.real(start).count])
            start += phase.duration
        }
    }

    private func write(_ load: LoadSecond) throws {
        let key: [(any DatabaseValueConvertible)?] = [run, load.second, load.route]
        try execute(
            """
            INSERT OR REPLACE INTO load_seconds (run, second, route, planned, sent, dropped, dropped_by_us, ok,
              failed, unfinished, new_connections, bytes_received) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            key + [
                Int64(load.planned), Int64(load.sent), Int64(load.dropped), Int64(load.droppedByUs),
                Int64(load.ok),
                Int64(load.failed), Int64(load.unfinished), Int64(load.newConnections),
                Int64(load.bytesReceived),
            ])
        try execute("DELETE FROM histograms WHERE run = ? AND second = ? AND route = ?", key)
        let histograms = [
            ("ok", "latency", load.okLatency), ("ok", "service", load.okServiceTime),
            ("failed", "latency", load.failedLatency), ("failed", "service", load.failedServiceTime),
        ]
        for (outcome, measure, histogram) in histograms where !histogram.isEmpty {
            try execute(
                "INSERT INTO histograms (run, second, route, outcome, measure, counts) VALUES (?, ?, ?, ?, ?, ?)",
                key + [outcome, measure, Data(histogram.blob)])
        }
        try writeHops(load, key)
        try execute("DELETE FROM failures WHERE run = ? AND second = ? AND route = ?", key)
        for (position, failure) in load.failures.enumerated() {
            try execute(
                """
                INSERT INTO failures (run, second, route, position, failure, node, reused_connection, status, count)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                key + [
                    position, failure.failure.rawValue, failure.node, failure.reusedConnection,
                    failure.status,
                    Int64(failure.count),
                ])
        }
    }

    private func writeHops(_ load: LoadSecond, _ key: [(any DatabaseValueConvertible)?]) throws {
        guard !load.hops.isEmpty else { return }
        try execute("DELETE FROM hop_histograms WHERE run = ? AND second = ? AND route = ?", key)
        for (hop, histogram) in load.hops.enumerated() where !histogram.isEmpty {
            let percentiles = [50.0, 95, 99].map { histogram.value(atPercentile: $0)?.inMilliseconds }
            try execute(
                """
                INSERT INTO hop_histograms (run, second, route, hop, count, p50_ms, p95_ms, p99_ms, counts)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                key + [hop, Int64(histogram.total)] + percentiles + [Data(histogram.blob)])
        }
    }

    private func write(_ second: GeneratorSecond) throws {
        try execute(
            """
            INSERT OR REPLACE INTO generator_seconds
              (run, second, cpu_fraction, wait_fraction, in_flight, connections, lateness_p99_ms, lateness_counts)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                run, second.second, second.cpuFraction, second.waitFraction, second.inFlight,
                second.connections,
                second.lateness.value(atPercentile: 99)?.inMilliseconds, Data(second.lateness.blob),
            ])
    }

    private func write(_ fault: FaultRecord) throws {
        try execute(
            """
            INSERT OR REPLACE INTO faults (run, fault, name, state, targets, injected_ns, effect_ns, reverted_ns,
              healed_ns, effect_proof, healed_proof, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                run, fault.index, fault.name, fault.state.rawValue, try JSON.text(fault.targets),
                fault.injected?.count, fault.effect?.count, fault.reverted?.count, fault.healed?.count,
                fault.effectProof, fault.healedProof, fault.problem,
            ])
    }

    private func write(_ probe: ProbeRecord) throws {
        try execute(
            """
            INSERT OR REPLACE INTO probes (run, probe, name, place, started_ns, ended_ns, exit_code, number,
              number_line, output, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                run, probe.index, probe.name, probe.place, probe.started.count, probe.ended?.count,
                probe.exitCode, probe.number, probe.numberLine, probe.output, probe.problem,
            ])
    }

    private func write(_ entry: LedgerEntry) throws {
        try execute(
            """
            INSERT OR REPLACE INTO ledger (run, request, route, key, read_path, body, answer, answered_at_ns,
              read_back) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                run, Int64(bitPattern: entry.index), entry.route, entry.key, entry.readPath, entry.body,
                entry.answer.rawValue, entry.answeredAt?.count, entry.readBack.rawValue,
            ])
    }

    /// The percentiles over all routes of one second, from its histograms: SQL cannot merge blobs.
    func writePercentiles(second: Int) throws {
        var latency = LatencyHistogram()
        let blobs = try Data.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT counts FROM histograms
                    WHERE run = ? AND second = ? AND outcome = 'ok' AND measure = 'latency'
                    """), arguments: [run, second])
        for blob in blobs { latency.merge(try LatencyHistogram(blob: [UInt8](blob))) }
        let bad = try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT sum(failed + dropped - dropped_by_us + unfinished) FROM load_seconds
                    WHERE run = ? AND second = ?
                    """), arguments: [run, second])
        let percentiles = [50.0, 95, 99].map {
            latency.value(atPercentile: $0, infinite: UInt64(bad ?? 0))?.inMilliseconds
        }
        try execute(
            "INSERT OR REPLACE INTO second_percentiles (run, second, p50_ms, p95_ms, p99_ms) VALUES (?, ?, ?, ?, ?)",
            [run, second] + percentiles)
    }

    private func execute(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws {
        try db.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }
}
