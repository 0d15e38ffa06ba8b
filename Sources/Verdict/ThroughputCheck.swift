import Foundation
import History
import Plan

/// Ok answers per real second: the mean over the window's seconds, with a bootstrap interval.
enum ThroughputCheck {
    static func judge(_ expectation: Expectation, _ bound: Bound<Double>, _ evidence: Evidence) -> Finding {
        switch evidence.seconds(of: expectation.window) {
        case .failure(let missing):
            return Finding(expectation: expectation, answer: .unknown, measured: "–", reason: missing.reason)
        case .success(let seconds):
            let mean = Double(seconds.reduce(0) { $0 + $1.ok }) / Double(seconds.count)
            let blocks = BlockBootstrap.blocks(of: seconds).map { block in
                (ok: Double(block.reduce(0) { $0 + $1.ok }), seconds: Double(block.count))
            }
            let interval = BlockBootstrap.interval(blocks: blocks.count, seed: evidence.recording.run.seed) { drawn in
                var (ok, length) = (0.0, 0.0)
                for (block, times) in drawn.enumerated() {
                    ok += blocks[block].ok * Double(times)
                    length += blocks[block].seconds * Double(times)
                }
                return ok / length
            }
            guard let interval else {
                return Finding(
                    expectation: expectation, answer: .unknown, measured: String(format: "%.1f/s", mean),
                    reason: "only \(seconds.count) seconds were measured; an interval needs at least 5")
            }
            let measured = String(
                format: "%.1f/s (95 %%: %.1f–%.1f over %d s)", mean, interval.lowerBound, interval.upperBound,
                seconds.count)
            var answer = bound.answer(low: interval.lowerBound, high: interval.upperBound)
            var reason = answer == .unknown ? "the interval reaches over the bound" : ""
            if answer == .broken, let shortfall = evidence.generator.shortfall {
                answer = .unknown
                reason = shortfall
            }
            return Finding(expectation: expectation, answer: answer, measured: measured, reason: reason)
        }
    }
}
