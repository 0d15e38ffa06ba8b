import History
import Plan
import TestKit
import Testing

@testable import Verdict

@Suite struct BootstrapTests {
    /// Seconds whose latency wanders (an autoregressive mean), as real load does: neighbours are alike.
    private func seconds(_ count: Int, seed: UInt64) -> [SecondTotals] {
        var draw = Draw(seed: seed, run: "coverage", index: 0)
        var level = 0.0
        return (0..<count).map { second in
            level = 0.5 * level + (draw.unit() - 0.5)
            var row = LoadSecond(second: second, route: 0)
            for _ in 0..<20 {
                row.planned += 1
                row.sent += 1
                row.ok += 1
                row.okLatency.record(.milliseconds(100) * (1 + 0.4 * level + 0.5 * draw.unit()))
            }
            return SecondTotals(second: second, [row])
        }
    }

    @Test func `the same seed gives the same interval and another seed another`() {
        let data = seconds(60, seed: 3)
        let first = BlockBootstrap(data, seed: 1, label: "p95").percentile(95)
        #expect(first == BlockBootstrap(data, seed: 1, label: "p95").percentile(95))
        #expect(first != nil)
        let others = (2..<6).map { BlockBootstrap(data, seed: $0, label: "p95").percentile(95) }
        #expect(others.contains { $0 != first })
    }

    @Test func `the interval covers the true percentile about as often as it says`() throws {
        // The truth from a very long run of the same process.
        var long = LatencyHistogram()
        for part in seconds(5_000, seed: 99) {
            for entry in part.latency {
                long.record(LatencyHistogram.middle(of: Int(entry.bucket)), times: entry.count)
            }
        }
        let truth = try #require(long.value(atPercentile: 90))
        let runs = 40
        let covered = (0..<UInt64(runs)).count { run in
            guard
                let interval = BlockBootstrap(seconds(120, seed: 1_000 + run), seed: run, label: "")
                    .percentile(90)
            else { return false }
            return interval.low <= truth && truth <= interval.high
        }
        // Block bootstraps fall a little short of 95 % for 120 correlated seconds; 80 % would mean that blocks fail.
        #expect(covered >= 32, "covered \(covered) of \(runs)")
    }

    @Test func `a gap in the window starts a new block`() {
        let data = [0, 1, 2, 3, 10, 11].map { SecondTotals(second: $0) }
        let groups = BlockBootstrap.groups(of: data, length: 3).map { $0.map(\.second) }
        #expect(groups == [[0, 1, 2], [3], [10, 11]])
    }

    @Test func `fewer than five blocks give no interval`() {
        #expect(BlockBootstrap(seconds(4, seed: 1), seed: 1, label: "").percentile(50) == nil)
        #expect(BlockBootstrap(seconds(4, seed: 1), seed: 1, label: "").throughput() == nil)
        #expect(BlockBootstrap(seconds(8, seed: 1), seed: 1, label: "").percentile(50) == nil, "blocks of 2")
        #expect(BlockBootstrap(seconds(10, seed: 1), seed: 1, label: "").percentile(50) != nil)
    }
}
