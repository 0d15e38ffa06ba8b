import Foundation
import History
import Load
import Plan
import Report

/// What `hit` shows: everything from the recorded seconds.
struct HitReport {
    let name: String
    let seed: UInt64
    let summary: LoadSummary
    /// Of all seconds and routes.
    let totals: Totals
    private(set) var failures: [FailureCount] = []
    let lateness: LatencyHistogram
    let cpu: Double
    let targetWentDown: Bool

    init(name: String, seed: UInt64, summary: LoadSummary, seconds: RecentSeconds) {
        self.name = name
        self.seed = seed
        self.summary = summary
        targetWentDown = Self.wentDown(seconds.figures)
        totals = seconds.totals
        lateness = seconds.lateness
        cpu = seconds.generatorFigures.map(\.cpuFraction).max() ?? 0
        for failure in totals.failures { count(failure) }
        failures.sort { $0.count > $1.count }
    }

    private mutating func count(_ failure: FailureCount) {
        let same = failures.firstIndex {
            $0.failure == failure.failure && $0.status == failure.status && $0.node == failure.node
        }
        if let same { failures[same].count += failure.count } else { failures.append(failure) }
    }

    /// After the last second with an ok answer there is at least one with failures of the connection only.
    private static func wentDown(_ seconds: [TimelineSecond]) -> Bool {
        let lastOk: Int = seconds.last(where: { $0.ok > 0 })?.second ?? -1
        let after = seconds.filter { $0.second > lastOk && $0.planned > 0 }
        let gone: Set<FailureClass> = [.dns, .connect, .tls, .reset, .reusedReset, .timeout]
        let causes = after.flatMap(\.failures.keys)
        return !causes.isEmpty && causes.allSatisfy(gone.contains)
    }

    var throughput: Double {
        let length = summary.loadEnded.inSeconds
        return length > 0 ? Double(summary.ok) / length : 0
    }

    /// The generator is behind when its own lateness is over a tenth of the median answer, or its CPU is
    /// full.
    var warnings: [String] {
        var warnings: [String] = []
        if let problem = summary.ledgerProblem { warnings.append(problem) }
        if let late = lateness.value(atPercentile: 99), let typical = totals.latency.value(atPercentile: 50),
            late.count * 10 > typical.count, late > .milliseconds(1)
        {
            warnings.append(
                "the generator was behind: p99 lateness \(late.short) beside a median latency of "
                    + "\(typical.short); use a lower rate, or more or calmer CPUs")
        }
        if cpu > 0.9, lateness.total > 0 {
            warnings.append(
                "the generator's busiest thread used \(Int((cpu * 100).rounded())) % of a CPU; "
                    + "the target may be faster than shown")
        }
        if totals.droppedByUs > 0 {
            warnings.append("\(totals.droppedByUs) requests were dropped for reasons of our own")
        }
        return warnings
    }
}

// MARK: - For people

extension HitReport {
    static let percentiles: [(name: String, value: Double)] = [
        ("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99), ("p999", 99.9),
    ]

    var table: String {
        var lines = [
            "\(name)   \(summary.loadEnded)\(summary.wasStopped ? " (interrupted)" : "")   seed \(seed)", "",
            "planned \(summary.planned)  sent \(summary.sent)  dropped \(summary.dropped)",
            "ok \(summary.ok)  failed \(summary.failed)  unfinished \(summary.unfinished)"
                + "   \(Self.decimal(throughput)) ok/s", "",
            Self.row("", Self.percentiles.map(\.name) + ["max"]),
            Self.row("latency", values(totals.latency, totals.bad)),
            Self.row("service time", values(totals.serviceTime, 0)),
            "latency: due to done, a request without a good answer counts as infinitely slow",
            "service time: sent to done, of ok answers", "",
        ]
        if !failures.isEmpty {
            lines.append("failures")
            for failure in failures {
                let status = failure.status > 0 ? " \(failure.status)" : ""
                let node = failure.node.isEmpty ? "" : "  \(failure.node)"
                lines.append("  \(failure.count)  \(failure.failure.rawValue)\(status)\(node)")
            }
            lines.append("")
        }
        let late = lateness.value(atPercentile: 99).map { "p99 lateness \($0.short), " } ?? ""
        lines.append(
            "generator: \(late)busiest thread \(Int((cpu * 100).rounded())) % CPU, "
                + "\(totals.newConnections) connections dialled")
        return lines.joined(separator: "\n")
    }

    private func values(_ histogram: LatencyHistogram, _ infinite: UInt64) -> [String] {
        (Self.percentiles.map(\.value) + [100]).map { percentile in
            if let value = histogram.value(atPercentile: percentile, infinite: infinite) {
                return value.short
            }
            return histogram.total + infinite > 0 ? "never" : "-"
        }
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        let head = name.padding(toLength: 14, withPad: " ", startingAt: 0)
        return cells.reduce(head) { $0 + String(repeating: " ", count: max(1, 10 - $1.count)) + $1 }
    }

    static func decimal(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String((value * 10).rounded() / 10)
    }
}

extension Nanoseconds {
    /// Three digits are enough for a table.
    fileprivate var short: String {
        switch count {
        case ..<1_000_000: "\((Double(count) / 10).rounded() / 100)us"
        case ..<1_000_000_000: "\((Double(count) / 10_000).rounded() / 100)ms"
        default: "\((Double(count) / 10_000_000).rounded() / 100)s"
        }
    }
}

// MARK: - For machines

extension HitReport {
    private struct Percentiles: Encodable {
        var p50Ms: Double?
        var p90Ms: Double?
        var p95Ms: Double?
        var p99Ms: Double?
        var p999Ms: Double?
        var maxMs: Double?

        init(_ histogram: LatencyHistogram, infinite: UInt64) {
            func at(_ percentile: Double) -> Double? {
                histogram.value(atPercentile: percentile, infinite: infinite)?.inMilliseconds
            }
            p50Ms = at(50)
            p90Ms = at(90)
            p95Ms = at(95)
            p99Ms = at(99)
            p999Ms = at(99.9)
            maxMs = at(100)
        }

        func encode(to encoder: any Encoder) throws {
            // A percentile that is infinite, or of nothing, is null rather than absent.
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(p50Ms, forKey: .p50Ms)
            try container.encode(p90Ms, forKey: .p90Ms)
            try container.encode(p95Ms, forKey: .p95Ms)
            try container.encode(p99Ms, forKey: .p99Ms)
            try container.encode(p999Ms, forKey: .p999Ms)
            try container.encode(maxMs, forKey: .maxMs)
        }

        enum Key: String, CodingKey { case p50Ms, p90Ms, p95Ms, p99Ms, p999Ms, maxMs }
    }

    private struct Failure: Encodable {
        var failure: String
        var status: Int
        var node: String
        var count: UInt64
    }

    private struct Document: Encodable {
        var name: String
        var seed: UInt64
        var seconds: Double
        var throughputPerSecond: Double
        var planned: UInt64
        var sent: UInt64
        var dropped: UInt64
        var ok: UInt64
        var failed: UInt64
        var unfinished: UInt64
        var latency: Percentiles
        var serviceTime: Percentiles
        var failures: [Failure]
        var latenessP99Ms: Double?
        var latenessMaxMs: Double?
        var generatorCpu: Double
        var connectionsDialled: UInt64
        var bytesReceived: UInt64
    }

    func json() throws -> String {
        let document = Document(
            name: name, seed: seed, seconds: summary.loadEnded.inSeconds, throughputPerSecond: throughput,
            planned: summary.planned, sent: summary.sent, dropped: summary.dropped, ok: summary.ok,
            failed: summary.failed, unfinished: summary.unfinished,
            latency: Percentiles(totals.latency, infinite: totals.bad),
            serviceTime: Percentiles(totals.serviceTime, infinite: 0),
            failures: failures.map {
                Failure(failure: $0.failure.rawValue, status: $0.status, node: $0.node, count: $0.count)
            },
            latenessP99Ms: lateness.value(atPercentile: 99)?.inMilliseconds,
            latenessMaxMs: lateness.value(atPercentile: 100)?.inMilliseconds, generatorCpu: cpu,
            connectionsDialled: totals.newConnections, bytesReceived: totals.bytesReceived)
        return try JSONText.of(document)
    }
}
