import Foundation
package import History
import Plan
package import Verdict

/// A run as JSON, for machines: the schema of `run --json`, `hit --json` and `verdict --json`.
///
/// Keys are never renamed or removed, only added. Requests and latencies are those of the measured load, without the
/// warm-up. `null` is what is not known or not bounded: a percentile that lies among requests without a good answer.
package enum RunJSON {
    package static func text(_ recording: Recording, _ verdict: Verdict) throws -> String {
        return try JSONText.of(Document(recording, verdict)) + "\n"
    }

    struct Document: Encodable {
        var run: String
        var scenario: String
        var startedAt: String
        var platform: String
        var ending: String
        var seed: String
        var speed: Double
        var command: String
        var version: String
        var verdict: String
        var notes: [String]
        @Nullable var throughputPerSecond: Double?
        var planned: UInt64
        var sent: UInt64
        var dropped: UInt64
        var ok: UInt64
        var failed: UInt64
        var unfinished: UInt64
        var latency: Percentiles
        var serviceTime: Percentiles
        var hops: [Hop]
        @Nullable var latenessP99Ms: Double?
        @Nullable var generatorCpu: Double?
        var expectations: [Expected]
        var faults: [Fault]
        var probes: [ProbeAnswer]

        init(_ recording: Recording, _ verdict: Verdict) {
            let run = recording.run
            let rows = recording.measuredRows
            let totals = Totals(rows)
            (self.run, scenario, startedAt) = (run.id, run.plan.name, run.startedAt)
            (platform, ending, seed) = (run.environment.platform, run.ending.rawValue, String(run.seed))
            (speed, command, version) = (run.plan.speed, run.command, run.version)
            (self.verdict, notes) = (verdict.answer.rawValue, verdict.notes)
            let seconds = verdict.measuredSeconds
            throughputPerSecond = seconds == 0 ? nil : Double(totals.ok) / Self.length(recording, seconds)
            (planned, sent, dropped) = (totals.planned, totals.sent, totals.dropped)
            (ok, failed, unfinished) = (totals.ok, totals.failed, totals.unfinished)
            latency = Percentiles(totals.latency, infinite: totals.bad)
            serviceTime = Percentiles(totals.serviceTime, infinite: 0)
            hops = HopTable.measured(recording).map { Hop($0) }
            latenessP99Ms = verdict.generator.latenessP99?.inMilliseconds
            generatorCpu = verdict.generator.cpu
            expectations = verdict.findings.map { Expected($0) }
            faults = recording.faults.map { Fault($0, run.plan, verdict.aftermaths) }
            probes = recording.probes.map(ProbeAnswer.init)
        }

        /// Real length of what was measured: to the end of the load, which need not be a whole second.
        private static func length(_ recording: Recording, _ seconds: Int) -> Double {
            let plan = recording.run.plan
            guard let ended = recording.run.loadEnded else { return Double(seconds) }
            let length = (ended - plan.real(plan.measuredFrom)).inSeconds
            return length > 0 ? length : Double(seconds)
        }
    }

    struct Percentiles: Encodable {
        @Nullable var p50Ms: Double?
        @Nullable var p90Ms: Double?
        @Nullable var p95Ms: Double?
        @Nullable var p99Ms: Double?
        @Nullable var p999Ms: Double?
        /// Of the ok requests.
        @Nullable var maxMs: Double?

        init(_ histogram: LatencyHistogram, infinite: UInt64) {
            func value(_ percentile: Double) -> Double? {
                histogram.value(atPercentile: percentile, infinite: infinite)?.inMilliseconds
            }
            (p50Ms, p90Ms, p95Ms) = (value(50), value(90), value(95))
            (p99Ms, p999Ms) = (value(99), value(99.9))
            maxMs = histogram.isEmpty ? nil : histogram.maximum.inMilliseconds
        }
    }

    struct Hop: Encodable {
        var hop: String
        var count: UInt64
        @Nullable var p50Ms: Double?
        @Nullable var p95Ms: Double?
        @Nullable var p99Ms: Double?
        /// The true times lie this far to either side.
        var resolutionMs: Double

        init(_ line: HopTable.Line) {
            (hop, count) = (line.hop.name, line.times.total)
            resolutionMs = line.hop.resolution.inMilliseconds
            func value(_ percentile: Double) -> Double? {
                line.times.value(atPercentile: percentile)?.inMilliseconds
            }
            (p50Ms, p95Ms, p99Ms) = (value(50), value(95), value(99))
        }
    }

    struct Expected: Encodable {
        var expectation: String
        var promise: String?
        var verdict: String
        var measured: String
        var reason: String
        @Nullable var value: Double?
        @Nullable var low: Double?
        @Nullable var high: Double?
        var unit: String?
        var count: UInt64?

        init(_ finding: Finding) {
            (expectation, promise) = (finding.expectation.text, finding.expectation.promise)
            (verdict, measured, reason) = (finding.answer.rawValue, finding.measured, finding.reason)
            let figure = finding.figure
            (value, low, high) = (figure?.value, figure?.low, figure?.high)
            (unit, count) = (figure?.unit, figure?.count)
        }
    }

    struct Fault: Encodable {
        var name: String
        var state: String
        @Nullable var injectedS: Double?
        @Nullable var effectS: Double?
        @Nullable var revertedS: Double?
        @Nullable var healedS: Double?
        @Nullable var recoveryScenarioS: Double?
        var badSeconds: Int
        var problem: String?

        init(_ fault: FaultRecord, _ plan: Plan, _ aftermaths: [Aftermath]) {
            let aftermath = aftermaths.first { $0.fault == fault.index }
            (name, state, problem) = (fault.name, fault.state.rawValue, fault.problem)
            injectedS = fault.injected?.inSeconds
            effectS = fault.effect?.inSeconds
            revertedS = fault.reverted?.inSeconds
            healedS = fault.healed?.inSeconds
            recoveryScenarioS = aftermath?.time?.inSeconds
            badSeconds = aftermath?.badSeconds ?? 0
        }
    }
}
