import History
import Plan

extension Evidence {
    /// `error rate < 0.5%`: (failed + dropped + unfinished) / planned, with the interval of Clopper and Pearson.
    /// Requests that we dropped for reasons of our own are in neither number.
    func judgeErrorRate(_ bound: Bound<Double>, _ seconds: [SecondTotals]) -> Measurement {
        let counted = seconds.reduce(0) { $0 + $1.counted }
        guard counted > 0 else { return .unknown("no request in this window") }
        let bad = seconds.reduce(0) { $0 + $1.bad }
        let rate = Double(bad) / Double(counted)
        let range = Binomial.interval(bad, of: counted)
        let answer = Estimate(low: range.lowerBound, high: range.upperBound).answer(bound)
        return Measurement(
            answer: answer,
            measured: "\(Wording.percent(rate)) (95% interval \(Wording.percent(range.lowerBound)) to "
                + "\(Wording.percent(range.upperBound)), \(Wording.count(bad)) of \(Wording.count(counted)))",
            figure: Figure(
                value: rate, low: range.lowerBound, high: range.upperBound, unit: "fraction", count: counted),
            reason: Measurement.reason(answer, point: bound.holds(for: rate)))
    }
}
