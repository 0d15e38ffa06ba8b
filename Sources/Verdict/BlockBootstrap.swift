import Plan

/// Intervals for what is computed from many seconds, by resampling blocks of neighbouring seconds with replacement.
///
/// Neighbouring requests are not independent (one slow second slows them all), so requests cannot be resampled one by
/// one (Künsch 1989). Seeded: judging a recording twice gives the same interval.
enum BlockBootstrap {
    static let resamples = 400
    static let blocksAtMost = 120

    /// The 95 % interval of `statistic` over resampled blocks; nil with fewer than five blocks.
    ///
    /// `statistic` gets how often each block was drawn. It may be infinite.
    static func interval(blocks: Int, seed: UInt64, statistic: ([Int]) -> Double) -> ClosedRange<Double>? {
        guard blocks >= 5 else { return nil }
        var values: [Double] = []
        values.reserveCapacity(resamples)
        for sample in 0..<resamples {
            var draw = Draw(seed: seed, runHash: 0, index: UInt64(sample))
            var counts = [Int](repeating: 0, count: blocks)
            for _ in 0..<blocks { counts[Int(draw.int(in: 0...Int64(blocks - 1)))] += 1 }
            values.append(statistic(counts))
        }
        values.sort()
        let tail = Int(Double(resamples) * 0.025)
        return values[tail]...values[resamples - 1 - tail]
    }

    /// Neighbouring elements in at most `blocksAtMost` groups of equal size.
    static func blocks<Element>(of elements: [Element]) -> [ArraySlice<Element>] {
        let size = (elements.count + blocksAtMost - 1) / blocksAtMost
        guard size > 0 else { return [] }
        return stride(from: 0, to: elements.count, by: size).map { elements[$0..<min($0 + size, elements.count)] }
    }
}
