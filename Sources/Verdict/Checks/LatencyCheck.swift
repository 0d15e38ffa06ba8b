import History
import Plan

extension Evidence {
    /// `p95 latency < 100ms`: the user-view percentile, a request without a good answer counting as infinitely slow.
    ///
    /// The interval is the wider of two: the block bootstrap's, which knows that neighbours are alike, and the binomial
    /// one of the ranks, which knows how few values lie beyond a high percentile.
    func judgeLatency(
        _ percentile: Double, _ bound: Bound<Nanoseconds>, _ seconds: [SecondTotals], _ label: String
    )
        -> Measurement
    {
        let counted = seconds.reduce(0) { $0 + $1.counted }
        guard counted > 0 else { return .unknown("no request in this window") }
        let latency = latency(seconds)
        let bad = seconds.reduce(0) { $0 + $1.bad }
        let value = latency.value(atPercentile: percentile, infinite: bad) ?? .infinite
        let name = "p\(Self.digits(percentile))"
        let count = Wording.count(counted)
        let bootstrap = BlockBootstrap(seconds, seed: recording.run.seed, label: label)
        guard let blocks = bootstrap.percentile(percentile) else {
            return .unknown(
                "\(Wording.plural(seconds.count, "second")) of data are too few for an interval",
                measured: "\(name) \(Wording.duration(value)) (n \(count))")
        }
        let all = latency.total + bad
        func ranked(_ rank: UInt64) -> Nanoseconds {
            latency.value(atPercentile: Double(rank) / Double(all) * 100, infinite: bad) ?? .infinite
        }
        let ranks = Binomial.quantileRanks(percentile / 100, of: all)
        let interval = Estimate(
            low: min(blocks.low, ranks.low.map(ranked) ?? .zero, value),
            high: max(blocks.high, ranks.high.map(ranked) ?? .infinite, value))
        let answer = interval.answer(bound)
        var reason = Measurement.reason(answer, point: bound.holds(for: value))
        if answer == .unknown && ranks.high == nil {
            reason = "\(count) requests are too few for an upper end of \(name)"
        }
        return Measurement(
            answer: answer,
            measured: "\(name) \(Wording.duration(value)) (95% interval \(Wording.duration(interval.low)) to "
                + "\(Wording.duration(interval.high)), n \(count))",
            figure: Figure(
                value: Self.milliseconds(value), low: Self.milliseconds(interval.low),
                high: Self.milliseconds(interval.high), unit: "ms", count: counted),
            reason: reason)
    }

    static func milliseconds(_ time: Nanoseconds) -> Double? { time == .infinite ? nil : time.inMilliseconds }

    static func digits(_ percentile: Double) -> String {
        percentile == percentile.rounded() ? String(Int(percentile)) : String(percentile)
    }
}
