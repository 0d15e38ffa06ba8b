import Foundation
import History
import Plan

/// Intervals from resampled blocks of seconds.
///
/// Requests that are neighbours in time share queues and pauses, so they are not independent, and resampling single
/// requests would claim too much. Whole blocks of L consecutive seconds keep what is shared inside a block
/// (Carlstein, Ann. Statist. 14, 1986); L = ∛n for n seconds (Hall, Horowitz and Jing, Biometrika 82, 1995).
/// Every choice comes from the run's seed: judging twice gives the same interval.
struct BlockBootstrap {
    static let replicates = 1_000
    /// With fewer blocks there is nothing to resample.
    static let leastBlocks = 5

    /// What happened in some consecutive seconds.
    struct Block {
        var seconds = 0
        var ok: UInt64 = 0
        var infinite: UInt64 = 0
        /// Index into `buckets`, and how many.
        var counts: [(bucket: Int, count: UInt64)] = []
    }

    private let blocks: [Block]
    /// The filled buckets of all blocks, ascending.
    private let buckets: [Int]
    private let seed: UInt64
    private let label: UInt64

    /// `label` tells the checks of a run apart, so that each has its own draws.
    init(_ seconds: [SecondTotals], seed: UInt64, label: String) {
        let length = max(1, Int(Foundation.cbrt(Double(seconds.count)).rounded()))
        let groups = Self.groups(of: seconds, length: length)
        var filled: Set<Int> = []
        for second in seconds { for entry in second.latency { filled.insert(Int(entry.bucket)) } }
        let buckets = filled.sorted()
        let places = Dictionary(uniqueKeysWithValues: buckets.enumerated().map { ($1, $0) })
        blocks = groups.map { group in
            var block = Block()
            var counts: [Int: UInt64] = [:]
            for second in group {
                block.seconds += 1
                block.ok += second.ok
                block.infinite += second.bad
                for entry in second.latency {
                    counts[places[Int(entry.bucket)] ?? 0, default: 0] += UInt64(entry.count)
                }
            }
            block.counts = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            return block
        }
        self.buckets = buckets
        self.seed = seed
        self.label = Draw.hash(label)
    }

    /// Consecutive seconds in groups of `length`; a gap in the window starts a new group.
    static func groups(of seconds: [SecondTotals], length: Int) -> [[SecondTotals]] {
        var groups: [[SecondTotals]] = []
        for second in seconds {
            if let last = groups.last, last.count < length, let before = last.last,
                before.second + 1 == second.second
            {
                groups[groups.count - 1].append(second)
            } else {
                groups.append([second])
            }
        }
        return groups
    }

    var isEnough: Bool { blocks.count >= Self.leastBlocks }

    /// The 95 % interval of the user-view percentile; nil if there are too few blocks.
    func percentile(_ percentile: Double) -> Estimate<Nanoseconds>? {
        interval { times in
            var totals = [UInt64](repeating: 0, count: buckets.count)
            var all: UInt64 = 0
            for (block, weight) in zip(blocks, times) where weight > 0 {
                for entry in block.counts {
                    totals[entry.bucket] += entry.count * weight
                    all += entry.count * weight
                }
                all += block.infinite * weight
            }
            let rank = max(1, UInt64((percentile / 100 * Double(all) - 1e-9).rounded(.up)))
            var seen: UInt64 = 0
            for (place, count) in totals.enumerated() {
                seen += count
                if seen >= rank { return LatencyHistogram.middle(of: buckets[place]) }
            }
            return .infinite
        }
    }

    /// The 95 % interval of ok answers per second; nil if there are too few blocks.
    func throughput() -> Estimate<Double>? {
        interval { times in
            var ok: UInt64 = 0
            var seconds: UInt64 = 0
            for (block, weight) in zip(blocks, times) {
                ok += block.ok * weight
                seconds += UInt64(block.seconds) * weight
            }
            return Double(ok) / Double(seconds)
        }
    }

    /// The percentile method: the ends are the 2.5 % and 97.5 % ranks of the replicates.
    private func interval<Value>(_ statistic: ([UInt64]) -> Value) -> Estimate<Value>? {
        guard isEnough else { return nil }
        var values: [Value] = []
        values.reserveCapacity(Self.replicates)
        for replicate in 0..<Self.replicates {
            var draw = Draw(seed: seed ^ label, runHash: 0, index: UInt64(replicate))
            var times = [UInt64](repeating: 0, count: blocks.count)
            for _ in blocks { times[Int(draw.int(in: 0...Int64(blocks.count - 1)))] += 1 }
            values.append(statistic(times))
        }
        values.sort()
        return Estimate(low: values[Self.replicates / 40 - 1], high: values[Self.replicates * 39 / 40 - 1])
    }
}
