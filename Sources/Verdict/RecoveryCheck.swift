import History
import Plan

/// From the first bad second after the injection to the start of the first lasting calm, on the scenario clock.
///
/// Known to one real second on either side. A fault nobody noticed took no time to recover from.
enum RecoveryCheck {
    static func judge(_ expectation: Expectation, _ bound: Bound<Nanoseconds>, _ evidence: Evidence) -> Finding {
        func unknown(_ reason: String, measured: String = "–") -> Finding {
            Finding(expectation: expectation, answer: .unknown, measured: measured, reason: reason)
        }
        let fault: String
        switch expectation.window {
        case .after(let name), .during(let name): fault = name
        case .calm, .measured: return unknown("recovery needs a fault to recover from: write `after …`")
        }
        let aftermath: Aftermath
        switch evidence.aftermath(of: fault) {
        case .failure(let missing): return unknown(missing.reason)
        case .success(let found): aftermath = found
        }
        let resolution = evidence.plan.scenario(.seconds(1))
        guard bound.limit > resolution else {
            return unknown("the bound lies within the resolution of ±\(resolution)")
        }
        switch aftermath.recovery {
        case .neverBad:
            return Finding(
                expectation: expectation, answer: bound.answer(low: .zero, high: .zero),
                measured: "0s (no bad second)")
        case .notSeen(let firstBad):
            let waited = evidence.plan.scenario(.seconds(Double(evidence.measured.upperBound - firstBad)))
            // What is longer than the bound already is broken, whatever would have come.
            return bound.answer(low: waited, high: waited) == .broken
                ? Finding(
                    expectation: expectation, answer: .broken, measured: "not within \(waited)",
                    reason: "the load ended before calm had lasted \(evidence.plan.windows.hold)")
                : unknown("the load ended \(waited) after the first bad second, before calm had lasted")
        case .recovered(let firstBad, let calmAgain):
            let time = evidence.plan.scenario(.seconds(Double(calmAgain - firstBad)))
            let low = max(.zero, time - resolution)
            let answer = bound.answer(low: low, high: time + resolution)
            var reason = answer == .unknown ? "the bound lies within the resolution" : ""
            if aftermath.laterBadSeconds > 0 {
                let dip = "\(aftermath.laterBadSeconds) bad s later on"
                reason = reason.isEmpty ? dip : "\(reason); \(dip)"
            }
            return Finding(
                expectation: expectation, answer: answer,
                measured: "\(time) ± \(resolution) (\(aftermath.badSeconds) bad s)", reason: reason)
        }
    }
}
