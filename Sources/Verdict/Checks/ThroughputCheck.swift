import History
import Plan

extension Evidence {
    /// `throughput > 100/s`: ok answers per real second, over whole seconds, by when they were due.
    func judgeThroughput(_ bound: Bound<Double>, _ seconds: [SecondTotals], _ label: String) -> Measurement {
        let whole = whole(seconds)
        let ok = whole.reduce(0) { $0 + $1.ok }
        guard whole.contains(where: { $0.counted > 0 }) else { return .unknown("no request in this window") }
        let rate = Double(ok) / Double(whole.count)
        let count = Wording.plural(whole.count, "second")
        guard let blocks = BlockBootstrap(whole, seed: recording.run.seed, label: label).throughput() else {
            return .unknown(
                "\(count) of data are too few for an interval", measured: "\(Wording.rate(rate)) (\(count))")
        }
        let answer = blocks.answer(bound)
        return Measurement(
            answer: answer,
            measured: "\(Wording.rate(rate)) (95% interval \(Wording.rate(blocks.low)) to "
                + "\(Wording.rate(blocks.high)), \(count))",
            figure: Figure(
                value: rate, low: blocks.low, high: blocks.high, unit: "per_second", count: ok),
            reason: Measurement.reason(answer, point: bound.holds(for: rate)))
    }

    /// Without the load's last second if it was cut short: its rate says nothing.
    func whole(_ seconds: [SecondTotals]) -> [SecondTotals] {
        seconds.filter { .seconds(Double($0.second + 1)) <= endTime }
    }
}
