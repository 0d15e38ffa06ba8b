import Foundation
import History
import Plan

/// A percentile of due → done, in the user's view: a request without a good answer is infinitely slow.
enum LatencyCheck {
    static func judge(
        _ expectation: Expectation, _ percentile: Double, _ bound: Bound<Nanoseconds>, _ evidence: Evidence
    ) -> Finding {
        switch evidence.seconds(of: expectation.window) {
        case .failure(let missing):
            return Finding(expectation: expectation, answer: .unknown, measured: "–", reason: missing.reason)
        case .success(let seconds):
            return judge(expectation, percentile, bound, seconds, evidence)
        }
    }

    private static func judge(
        _ expectation: Expectation, _ percentile: Double, _ bound: Bound<Nanoseconds>, _ seconds: [Evidence.Second],
        _ evidence: Evidence
    ) -> Finding {
        let all = Merged(seconds)
        let value = all.value(percentile)
        guard let interval = interval(percentile, seconds, evidence) else {
            return Finding(
                expectation: expectation, answer: .unknown, measured: "\(name(percentile)) \(milliseconds(value))",
                reason: "only \(seconds.count) seconds were measured; an interval needs at least 5")
        }
        let measured =
            "\(name(percentile)) \(milliseconds(value)) (95 %: \(milliseconds(finite(interval.lowerBound)))"
            + "–\(milliseconds(finite(interval.upperBound))), n = \(grouped(all.count)))"
        let low = finite(interval.lowerBound) ?? Nanoseconds(.max)
        // Too few requests to bound the percentile from above: the bootstrap cannot see beyond the largest value.
        let needed = requestsNeeded(percentile)
        let high = all.count < needed ? Nanoseconds(.max) : finite(interval.upperBound) ?? Nanoseconds(.max)
        var answer = bound.answer(low: low, high: high)
        var reason = ""
        if answer == .unknown {
            reason =
                all.count < needed
                ? "\(grouped(all.count)) requests cannot bound \(name(percentile)): it takes \(grouped(needed))"
                : "the interval reaches over the bound"
        }
        if answer == .broken, let excuse = evidence.generator.excuse {
            answer = .unknown
            reason = excuse
        }
        return Finding(expectation: expectation, answer: answer, measured: measured, reason: reason)
    }

    static func name(_ percentile: Double) -> String {
        percentile == 100
            ? "max" : percentile == percentile.rounded() ? "p\(Int(percentile))" : "p\(percentile)"
    }

    /// Below this many requests even their largest is no upper bound with 97.5 %: p^n > 0.025.
    static func requestsNeeded(_ percentile: Double) -> UInt64 {
        guard percentile < 100 else { return 1 }
        guard percentile > 0 else { return 1 }
        return UInt64((log(0.025) / log(percentile / 100)).rounded(.up))
    }

    private static func finite(_ seconds: Double) -> Nanoseconds? {
        seconds.isFinite ? .seconds(seconds) : nil
    }

    private static func interval(
        _ percentile: Double, _ seconds: [Evidence.Second], _ evidence: Evidence
    ) -> ClosedRange<Double>? {
        let blocks = BlockBootstrap.blocks(of: seconds).map(Merged.init)
        // Only buckets that were used at all are added up again for each resample.
        let used = LatencyHistogram.usedBuckets(blocks.map(\.latency))
        let counts = blocks.map { block in used.map { UInt64(block.latency.counts[$0]) } }
        return BlockBootstrap.interval(blocks: blocks.count, seed: evidence.recording.run.seed) { drawn in
            var sums = [UInt64](repeating: 0, count: used.count)
            var infinite: UInt64 = 0
            for (block, times) in drawn.enumerated() where times > 0 {
                infinite += blocks[block].bad * UInt64(times)
                for at in sums.indices { sums[at] += counts[block][at] * UInt64(times) }
            }
            let total = sums.reduce(0, +)
            let rank = max(1, UInt64((percentile / 100 * Double(total + infinite) - 1e-9).rounded(.up)))
            guard rank <= total else { return .infinity }
            var seen: UInt64 = 0
            for (at, sum) in sums.enumerated() {
                seen += sum
                if seen >= rank { return LatencyHistogram.middle(of: used[at]).inSeconds }
            }
            return .infinity
        }
    }

    /// Some seconds as one.
    struct Merged {
        var latency = LatencyHistogram()
        var bad: UInt64 = 0
        var count: UInt64 { latency.total + bad }

        init(_ seconds: some Sequence<Evidence.Second>) {
            for second in seconds {
                latency.merge(second.latency)
                bad += second.bad
            }
        }

        func value(_ percentile: Double) -> Nanoseconds? { latency.value(atPercentile: percentile, infinite: bad) }
    }
}

extension LatencyHistogram {
    static func usedBuckets(_ histograms: [LatencyHistogram]) -> [Int] {
        (0..<bucketCount).filter { bucket in histograms.contains { $0.counts[bucket] > 0 } }
    }
}
