import Foundation

/// How many times as large a measure is in some runs as in others, with an interval.
///
/// The interval is that of the t test for two samples, on logarithms: how much like runs differ by themselves is taken
/// from the runs on both sides, each about its own side's mean. One run says nothing of that, however long it is: its
/// own requests share the hour, the neighbours and the state of the machine.
package struct RunRatio: Hashable, Sendable {
    package let value: Double
    package let low: Double
    package let high: Double

    /// Fewer runs on both sides together tell nothing of how much like runs differ.
    package static let leastRuns = 3

    /// Values of a measure, one a run, all over 0. nil: too few.
    init?(baseline: [Double], candidate: [Double], confidence: Double) {
        guard !baseline.isEmpty, !candidate.isEmpty, baseline.count + candidate.count >= Self.leastRuns else {
            return nil
        }
        let (before, after) = (baseline.map(log), candidate.map(log))
        let (mean, other) = (Self.mean(before), Self.mean(after))
        let degrees = before.count + after.count - 2
        let squares = Self.squares(before, about: mean) + Self.squares(after, about: other)
        let error =
            (squares / Double(degrees) * (1 / Double(before.count) + 1 / Double(after.count))).squareRoot()
        let reach = StudentT.quantile(within: confidence, degrees: degrees) * error
        value = exp(other - mean)
        low = exp(other - mean - reach)
        high = exp(other - mean + reach)
    }

    /// The smallest difference that these runs could have shown, as a part of the baseline.
    package var visible: Double { (high / low).squareRoot() - 1 }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    private static func squares(_ values: [Double], about mean: Double) -> Double {
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
}
