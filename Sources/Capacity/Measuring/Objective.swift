package import Plan
import Verdict

/// What a rate must meet to be carried: the service level that capacity is measured by.
package struct Objective: Hashable, Sendable {
    /// Of due → done, user view.
    package var percentile: Double
    package var latency: Nanoseconds
    /// A fraction, not reached.
    package var errorRate: Double

    package static let usualErrorRate = 0.01

    package init(percentile: Double = 95, latency: Nanoseconds, errorRate: Double = usualErrorRate) {
        self.percentile = percentile
        self.latency = latency
        self.errorRate = errorRate
    }

    /// The tightest p95 that the system promises; nil: it promises none.
    package init?(of system: System, errorRate: Double = usualErrorRate) {
        let bounds = system.promises.filter { $0.knownBroken == nil }.flatMap(\.expectations)
            .compactMap { expectation -> Nanoseconds? in
                switch expectation.check {
                case .latency(95, .below(let bound)), .latency(95, .atMost(let bound)): bound
                default: nil
                }
            }
        guard let tightest = bounds.min() else { return nil }
        self.init(latency: tightest, errorRate: errorRate)
    }

    package var words: String {
        "p\(Wording.number(percentile)) latency < \(latency), error rate < \(Wording.percent(errorRate))"
    }

    var expectations: [Expectation] {
        [
            Expectation(
                text: "p\(Wording.number(percentile)) latency < \(latency)",
                check: .latency(percentile: percentile, .below(latency)), window: .measured),
            Expectation(
                text: "error rate < \(Wording.percent(errorRate))", check: .errorRate(.below(errorRate)),
                window: .measured),
        ]
    }
}
