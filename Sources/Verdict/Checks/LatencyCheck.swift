import History
import Plan

/// Durations in a window, by second and merged.
struct PercentileSample {
    var seconds: [SecondTotals]
    var values: LatencyHistogram
    /// Values that are longer than any, beside `values`.
    var infinite: UInt64 = 0
    /// The true value lies this far to either side of the one that was told.
    var resolution = Nanoseconds.zero
}

extension Evidence {
    /// `p95 latency < 100ms`: the user-view percentile, a request without a good answer counting as infinitely slow.
    func judgeLatency(
        _ percentile: Double, _ bound: Bound<Nanoseconds>, _ seconds: [SecondTotals], _ label: String
    )
        -> Measurement
    {
        guard seconds.contains(where: { $0.counted > 0 }) else {
            return .unknown("no request in this window")
        }
        let sample = PercentileSample(
            seconds: seconds, values: latency(seconds), infinite: seconds.reduce(0) { $0 + $1.bad })
        return judgePercentile(percentile, bound, sample, label)
    }

    /// The interval is the wider of two: the block bootstrap's, which knows that neighbours are alike, and the binomial
    /// one of the ranks, which knows how few values lie beyond a high percentile.
    func judgePercentile(
        _ percentile: Double, _ bound: Bound<Nanoseconds>, _ sample: PercentileSample, _ label: String
    ) -> Measurement {
        let values = sample.values
        let all = values.total + sample.infinite
        let value = values.value(atPercentile: percentile, infinite: sample.infinite) ?? .infinite
        let name = "p\(Self.digits(percentile))"
        let count = Wording.count(all)
        let resolution = sample.resolution == .zero ? "" : ", resolution \(sample.resolution)"
        let bootstrap = BlockBootstrap(sample.seconds, seed: recording.run.seed, label: label)
        guard let blocks = bootstrap.percentile(percentile) else {
            return .unknown(
                "\(Wording.plural(sample.seconds.count, "second")) of data are too few for an interval",
                measured: "\(name) \(Wording.duration(value)) (n \(count)\(resolution))")
        }
        func ranked(_ rank: UInt64) -> Nanoseconds {
            values.value(atPercentile: Double(rank) / Double(all) * 100, infinite: sample.infinite)
                ?? .infinite
        }
        let ranks = Binomial.quantileRanks(percentile / 100, of: all)
        let exact = Estimate(
            low: min(blocks.low, ranks.low.map(ranked) ?? .zero, value),
            high: max(blocks.high, ranks.high.map(ranked) ?? .infinite, value))
        let interval = exact.widened(by: sample.resolution)
        var answer = interval.answer(bound)
        var reason = Measurement.reason(answer, point: bound.holds(for: value))
        if answer == .unknown && ranks.high == nil {
            reason = "\(count) requests are too few for an upper end of \(name)"
        } else if let limit = bound.upperLimit, limit <= sample.resolution {
            answer = .unknown
            reason = "the bound is within the resolution, \(sample.resolution)"
        } else if answer == .unknown && exact.answer(bound) != .unknown {
            reason = "the bound is nearer than the resolution, \(sample.resolution), can tell"
        }
        return Measurement(
            answer: answer,
            measured: "\(name) \(Wording.duration(value)) (95% interval \(Wording.duration(interval.low)) to "
                + "\(Wording.duration(interval.high)), n \(count)\(resolution))",
            figure: Figure(
                value: Self.milliseconds(value), low: Self.milliseconds(interval.low),
                high: Self.milliseconds(interval.high), unit: "ms", count: all),
            reason: reason)
    }

    static func milliseconds(_ time: Nanoseconds) -> Double? { time == .infinite ? nil : time.inMilliseconds }

    static func digits(_ percentile: Double) -> String {
        percentile == percentile.rounded() ? String(Int(percentile)) : String(percentile)
    }
}

extension Estimate<Nanoseconds> {
    /// What lies this far around it is possible too.
    func widened(by resolution: Nanoseconds) -> Self {
        Estimate(
            low: low == .infinite ? low : max(.zero, low - resolution),
            high: high == .infinite ? high : high + resolution)
    }
}
