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
        var throughputPerSecond: Nullable
        var planned: UInt64
        var sent: UInt64
        var dropped: UInt64
        var ok: UInt64
        var failed: UInt64
        var unfinished: UInt64
        var latency: Percentiles
        var serviceTime: Percentiles
        var hops: [Hop]
        var latenessP99Ms: Nullable
        var generatorCpu: Nullable
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
            throughputPerSecond = Nullable(
                seconds == 0 ? nil : Double(totals.ok) / Self.length(recording, seconds))
            (planned, sent, dropped) = (totals.planned, totals.sent, totals.dropped)
            (ok, failed, unfinished) = (totals.ok, totals.failed, totals.unfinished)
            latency = Percentiles(totals.latency, infinite: totals.bad)
            serviceTime = Percentiles(totals.serviceTime, infinite: 0)
            hops = HopTable.measured(recording).map { Hop($0) }
            latenessP99Ms = Nullable(verdict.generator.latenessP99?.inMilliseconds)
            generatorCpu = Nullable(verdict.generator.cpu)
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
        var p50Ms: Nullable
        var p90Ms: Nullable
        var p95Ms: Nullable
        var p99Ms: Nullable
        var p999Ms: Nullable
        /// Of the ok requests.
        var maxMs: Nullable

        init(_ histogram: LatencyHistogram, infinite: UInt64) {
            func value(_ percentile: Double) -> Nullable {
                Nullable(histogram.value(atPercentile: percentile, infinite: infinite)?.inMilliseconds)
            }
            (p50Ms, p90Ms, p95Ms) = (value(50), value(90), value(95))
            (p99Ms, p999Ms) = (value(99), value(99.9))
            maxMs = Nullable(histogram.isEmpty ? nil : histogram.maximum.inMilliseconds)
        }
    }

    struct Hop: Encodable {
        var hop: String
        var count: UInt64
        var p50Ms: Nullable
        var p95Ms: Nullable
        var p99Ms: Nullable
        /// The true times lie this far to either side.
        var resolutionMs: Double

        init(_ line: HopTable.Line) {
            (hop, count) = (line.hop.name, line.times.total)
            resolutionMs = line.hop.resolution.inMilliseconds
            func value(_ percentile: Double) -> Nullable {
                Nullable(line.times.value(atPercentile: percentile)?.inMilliseconds)
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
        var value: Nullable
        var low: Nullable
        var high: Nullable
        var unit: String?
        var count: UInt64?

        init(_ finding: Finding) {
            (expectation, promise) = (finding.expectation.text, finding.expectation.promise)
            (verdict, measured, reason) = (finding.answer.rawValue, finding.measured, finding.reason)
            let figure = finding.figure
            (value, low, high) = (Nullable(figure?.value), Nullable(figure?.low), Nullable(figure?.high))
            (unit, count) = (figure?.unit, figure?.count)
        }
    }

    struct Fault: Encodable {
        var name: String
        var state: String
        var injectedS: Nullable
        var effectS: Nullable
        var revertedS: Nullable
        var healedS: Nullable
        var recoveryScenarioS: Nullable
        var badSeconds: Int
        var problem: String?

        init(_ fault: FaultRecord, _ plan: Plan, _ aftermaths: [Aftermath]) {
            let aftermath = aftermaths.first { $0.fault == fault.index }
            (name, state, problem) = (fault.name, fault.state.rawValue, fault.problem)
            injectedS = Nullable(fault.injected?.inSeconds)
            effectS = Nullable(fault.effect?.inSeconds)
            revertedS = Nullable(fault.reverted?.inSeconds)
            healedS = Nullable(fault.healed?.inSeconds)
            recoveryScenarioS = Nullable(aftermath?.time?.inSeconds)
            badSeconds = aftermath?.badSeconds ?? 0
        }
    }

    /// A number that is written as null, not left out, when it is not there.
    struct Nullable: Encodable {
        var value: Double?

        init(_ value: Double?) { self.value = value }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if let value, value.isFinite { try container.encode(value) } else { try container.encodeNil() }
        }
    }
}
