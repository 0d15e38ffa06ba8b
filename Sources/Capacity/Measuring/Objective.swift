package import Plan

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
        "p\(Self.digits(percentile)) latency < \(latency), error rate < \(Self.digits(errorRate * 100))%"
    }

    var expectations: [Expectation] {
        [
            Expectation(
                text: "p\(Self.digits(percentile)) latency < \(latency)",
                check: .latency(percentile: percentile, .below(latency)), window: .measured),
            Expectation(
                text: "error rate < \(Self.digits(errorRate * 100))%", check: .errorRate(.below(errorRate)),
                window: .measured),
        ]
    }

    private static func digits(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
