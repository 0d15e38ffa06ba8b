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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Document(recording, verdict)), as: UTF8.self) + "\n"
    }

    struct Document: Encodable {
        var run: String
        var scenario: String
        var started_at: String
        var platform: String
        var ending: String
        var seed: String
        var speed: Double
        var command: String
        var version: String
        var verdict: String
        var notes: [String]
        var throughput_per_second: Nullable
        var planned: UInt64
        var sent: UInt64
        var dropped: UInt64
        var ok: UInt64
        var failed: UInt64
        var unfinished: UInt64
        var latency: Percentiles
        var service_time: Percentiles
        var hops: [Hop]
        var lateness_p99_ms: Nullable
        var generator_cpu: Nullable
        var expectations: [Expected]
        var faults: [Fault]
        var probes: [ProbeAnswer]

        init(_ recording: Recording, _ verdict: Verdict) {
            let run = recording.run
            let rows = recording.measuredRows
            let totals = Totals(rows)
            (self.run, scenario, started_at) = (run.id, run.plan.name, run.startedAt)
            (platform, ending, seed) = (run.environment.platform, run.ending.rawValue, String(run.seed))
            (speed, command, version) = (run.plan.speed, run.command, run.version)
            (self.verdict, notes) = (verdict.answer.rawValue, verdict.notes)
            let seconds = verdict.measuredSeconds
            throughput_per_second = Nullable(
                seconds == 0 ? nil : Double(totals.ok) / Self.length(recording, seconds))
            (planned, sent, dropped) = (totals.planned, totals.sent, totals.dropped)
            (ok, failed, unfinished) = (totals.ok, totals.failed, totals.unfinished)
            latency = Percentiles(totals.latency, infinite: totals.bad)
            service_time = Percentiles(totals.serviceTime, infinite: 0)
            hops = HopTable.measured(recording).map { Hop($0) }
            lateness_p99_ms = Nullable(verdict.generator.latenessP99?.inMilliseconds)
            generator_cpu = Nullable(verdict.generator.cpu)
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
        var p50_ms: Nullable
        var p90_ms: Nullable
        var p95_ms: Nullable
        var p99_ms: Nullable
        var p999_ms: Nullable
        /// Of the ok requests.
        var max_ms: Nullable

        init(_ histogram: LatencyHistogram, infinite: UInt64) {
            func value(_ percentile: Double) -> Nullable {
                Nullable(histogram.value(atPercentile: percentile, infinite: infinite)?.inMilliseconds)
            }
            (p50_ms, p90_ms, p95_ms) = (value(50), value(90), value(95))
            (p99_ms, p999_ms) = (value(99), value(99.9))
            max_ms = Nullable(histogram.isEmpty ? nil : histogram.maximum.inMilliseconds)
        }
    }

    struct Hop: Encodable {
        var hop: String
        var count: UInt64
        var p50_ms: Nullable
        var p95_ms: Nullable
        var p99_ms: Nullable
        /// The true times lie this far to either side.
        var resolution_ms: Double

        init(_ line: HopTable.Line) {
            (hop, count) = (line.hop.name, line.times.total)
            resolution_ms = line.hop.resolution.inMilliseconds
            func value(_ percentile: Double) -> Nullable {
                Nullable(line.times.value(atPercentile: percentile)?.inMilliseconds)
            }
            (p50_ms, p95_ms, p99_ms) = (value(50), value(95), value(99))
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
        var injected_s: Nullable
        var effect_s: Nullable
        var reverted_s: Nullable
        var healed_s: Nullable
        var recovery_scenario_s: Nullable
        var bad_seconds: Int
        var problem: String?

        init(_ fault: FaultRecord, _ plan: Plan, _ aftermaths: [Aftermath]) {
            let aftermath = aftermaths.first { $0.fault == fault.index }
            (name, state, problem) = (fault.name, fault.state.rawValue, fault.problem)
            injected_s = Nullable(fault.injected?.inSeconds)
            effect_s = Nullable(fault.effect?.inSeconds)
            reverted_s = Nullable(fault.reverted?.inSeconds)
            healed_s = Nullable(fault.healed?.inSeconds)
            recovery_scenario_s = Nullable(aftermath?.time?.inSeconds)
            bad_seconds = aftermath?.badSeconds ?? 0
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
