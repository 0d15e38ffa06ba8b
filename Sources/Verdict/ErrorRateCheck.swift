import History
import Plan

/// (failed + dropped + unfinished) / planned, with the exact binomial interval.
enum ErrorRateCheck {
    static func judge(_ expectation: Expectation, _ bound: Bound<Double>, _ evidence: Evidence) -> Finding {
        switch evidence.seconds(of: expectation.window) {
        case .failure(let missing):
            return Finding(expectation: expectation, answer: .unknown, measured: "–", reason: missing.reason)
        case .success(let seconds):
            let bad = seconds.reduce(0) { $0 + $1.bad }
            let planned = seconds.reduce(0) { $0 + $1.planned }
            guard planned > 0 else {
                return Finding(
                    expectation: expectation, answer: .unknown, measured: "–", reason: "no request was planned")
            }
            let interval = ClopperPearson.interval(events: bad, trials: planned)
            let measured =
                "\(percent(Double(bad) / Double(planned))) (95 %: \(percent(interval.lowerBound))"
                + "–\(percent(interval.upperBound)), \(grouped(bad)) of \(grouped(planned)))"
            var answer = bound.answer(low: interval.lowerBound, high: interval.upperBound)
            var reason = ""
            if answer == .unknown {
                reason =
                    bad == 0
                    ? "\(grouped(planned)) requests without an error cannot show less than \(percent(bound.limit)): "
                        + "it takes \(grouped(ClopperPearson.trialsNeeded(toShowBelow: bound.limit)))"
                    : "the interval reaches over the bound"
            }
            let ours = seconds.reduce(0) { $0 + $1.droppedByUs }
            if answer == .broken, ours > 0,
                bound.holds(for: Double(bad - ours) / Double(planned))
            {
                answer = .unknown
                reason = "\(grouped(ours)) requests were dropped by the generator itself"
            }
            return Finding(expectation: expectation, answer: answer, measured: measured, reason: reason)
        }
    }
}
