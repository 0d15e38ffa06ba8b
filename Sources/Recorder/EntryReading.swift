import Foundation
import GRDB
import History
import Plan

/// Reads one run's rows back into the values they were written from.
struct EntryReading {
    let db: Database
    let run: String

    func recording() throws -> Recording {
        let record = try runRecord()
        return Recording(
            run: record, seconds: try seconds(hops: record.plan.hops.count), generator: try generator(),
            events: try events(), faults: try faults(), platform: try platform(), ledger: try ledger(),
            probes: try probes())
    }

    func load(from second: Int) throws -> Recording {
        let record = try runRecord()
        return Recording(
            run: record, seconds: try seconds(hops: record.plan.hops.count, from: second),
            faults: try faults())
    }

    /// A value of an enum that this version knows.
    static func known<Value: RawRepresentable>(_ raw: String) throws -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: raw) else { throw Unknown(type: "\(Value.self)", raw: raw) }
        return value
    }

    struct Unknown: Error, CustomStringConvertible {
        var type: String
        var raw: String
        var description: String { "\"\(raw)\" is no \(type) that this version knows" }
    }

    func runRecord() throws -> RunRecord {
        let row = try fetch("SELECT * FROM runs WHERE id = ?")[0]
        let seed: String = row["seed"]
        guard let number = UInt64(seed) else { throw Unknown(type: "seed", raw: seed) }
        return RunRecord(
            id: row["id"], startedAt: row["started_at"], plan: try JSON.value(Plan.self, from: row["plan"]),
            seed: number, command: row["command"], version: row["version"],
            environment: try JSON.value(RunRecord.Environment.self, from: row["environment"]),
            ending: try Self.known(row["ending"]), problem: row["problem"],
            loadEnded: time(row["load_ended_ns"]))
    }

    private struct Key: Hashable {
        var second: Int
        var route: Int

        init(_ row: Row) {
            second = row["second"]
            route = row["route"]
        }
    }

    private func seconds(hops: Int, from first: Int = 0) throws -> [LoadSecond] {
        var failures: [Key: [FailureCount]] = [:]
        for row in try fetch("failures", from: first, order: "second, route, position") {
            failures[Key(row), default: []].append(
                FailureCount(
                    failure: try Self.known(row["failure"]), node: row["node"],
                    reusedConnection: row["reused_connection"], status: row["status"],
                    count: count(row["count"])))
        }
        var seconds: [LoadSecond] = []
        var places: [Key: Int] = [:]
        for row in try fetch("load_seconds", from: first, order: "second, route") {
            let key = Key(row)
            var second = LoadSecond(second: key.second, route: key.route, hops: hops)
            second.planned = count(row["planned"])
            second.sent = count(row["sent"])
            second.dropped = count(row["dropped"])
            second.droppedByUs = count(row["dropped_by_us"])
            second.ok = count(row["ok"])
            second.failed = count(row["failed"])
            second.unfinished = count(row["unfinished"])
            second.newConnections = count(row["new_connections"])
            second.bytesReceived = count(row["bytes_received"])
            second.failures = failures[key] ?? []
            places[key] = seconds.count
            seconds.append(second)
        }
        for row in try fetch("histograms", from: first) {
            guard let place = places[Key(row)] else { continue }
            let histogram = try LatencyHistogram(blob: [UInt8](row["counts"] as Data))
            switch (row["outcome"] as String, row["measure"] as String) {
            case ("ok", "latency"): seconds[place].okLatency = histogram
            case ("ok", "service"): seconds[place].okServiceTime = histogram
            case ("failed", "latency"): seconds[place].failedLatency = histogram
            case ("failed", "service"): seconds[place].failedServiceTime = histogram
            case (let outcome, let measure): throw Unknown(type: "histogram", raw: "\(outcome) \(measure)")
            }
        }
        for row in try fetch("hop_histograms", from: first) {
            let hop: Int = row["hop"]
            guard let place = places[Key(row)] else { continue }
            guard hop >= 0, hop < hops else { throw Unknown(type: "hop", raw: String(hop)) }
            seconds[place].hops[hop] = try LatencyHistogram(blob: [UInt8](row["counts"] as Data))
        }
        return seconds
    }

    private func generator() throws -> [GeneratorSecond] {
        try fetch("SELECT * FROM generator_seconds WHERE run = ? ORDER BY second").map { row in
            var second = GeneratorSecond(
                second: row["second"], cpuFraction: row["cpu_fraction"], inFlight: row["in_flight"],
                connections: row["connections"])
            second.waitFraction = row["wait_fraction"]
            second.lateness = try LatencyHistogram(blob: [UInt8](row["lateness_counts"] as Data))
            return second
        }
    }

    private func events() throws -> [Event] {
        try fetch("SELECT * FROM log WHERE run = ? ORDER BY at_ns, id").map { row in
            Event(
                at: Nanoseconds(row["at_ns"]), kind: try Self.known(row["kind"]), subject: row["subject"],
                text: row["text"])
        }
    }

    private func faults() throws -> [FaultRecord] {
        try fetch("SELECT * FROM faults WHERE run = ? ORDER BY fault").map { row in
            var fault = FaultRecord(
                index: row["fault"], name: row["name"], state: try Self.known(row["state"]),
                targets: try JSON.value([String].self, from: row["targets"]))
            fault.injected = time(row["injected_ns"])
            fault.effect = time(row["effect_ns"])
            fault.reverted = time(row["reverted_ns"])
            fault.healed = time(row["healed_ns"])
            fault.effectProof = row["effect_proof"]
            fault.healedProof = row["healed_proof"]
            fault.problem = row["problem"]
            return fault
        }
    }

    private func platform() throws -> [PlatformSample] {
        try fetch("SELECT * FROM platform_samples WHERE run = ? ORDER BY at_ns, id").map { row in
            PlatformSample(
                at: Nanoseconds(row["at_ns"]), metric: try Self.known(row["metric"]), service: row["service"],
                zone: row["zone"], value: row["value"])
        }
    }

    private func ledger() throws -> [LedgerEntry] {
        let entries = try fetch("SELECT * FROM ledger WHERE run = ?").map { row in
            LedgerEntry(
                index: count(row["request"]), route: row["route"], key: row["key"],
                readPath: row["read_path"],
                body: row["body"], answer: try Self.known(row["answer"]),
                answeredAt: time(row["answered_at_ns"]),
                readBack: try Self.known(row["read_back"]))
        }
        return entries.sorted { $0.index < $1.index }
    }

    private func probes() throws -> [ProbeRecord] {
        try fetch("SELECT * FROM probes WHERE run = ? ORDER BY probe").map { row in
            var probe = ProbeRecord(
                index: row["probe"], name: row["name"], place: row["place"],
                started: Nanoseconds(row["started_ns"]))
            probe.ended = time(row["ended_ns"])
            probe.exitCode = row["exit_code"]
            probe.number = row["number"]
            probe.numberLine = row["number_line"]
            probe.output = row["output"]
            probe.problem = row["problem"]
            return probe
        }
    }

    /// Of a table with a row, or some, for each second.
    private func fetch(_ table: String, from second: Int, order: String = "second") throws -> [Row] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM \(table) WHERE run = ? AND second >= ? ORDER BY \(order)",
            arguments: [run, second])
    }

    private func fetch(_ sql: String) throws -> [Row] { try Row.fetchAll(db, sql: sql, arguments: [run]) }

    private func time(_ count: Int64?) -> Nanoseconds? { count.map { Nanoseconds($0) } }

    private func count(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) }
}
