import Foundation

/// What one run measured, over 0.
package struct RunFigure: Hashable, Sendable {
    package var value: Double
    /// Standard error of its logarithm, from within the run.
    package var error: Double
}

/// How many times as large a measure is in some runs as in others, with an interval.
///
/// The interval is that of the t test for two samples, on logarithms: how much like runs differ by themselves is taken
/// from the runs on both sides, each about its own side's mean. One run says nothing of that, however long it is: its
/// own requests share the hour, the neighbours and the state of the machine. But it cannot be less than each run is
/// uncertain in itself: two runs whose percentiles fall into the same bucket do not differ by nothing.
package struct RunRatio: Hashable, Sendable {
    package let value: Double
    package let low: Double
    package let high: Double

    /// Fewer runs on both sides together tell nothing of how much like runs differ.
    package static let leastRuns = 3

    /// nil: too few runs.
    init?(baseline: [RunFigure], candidate: [RunFigure], confidence: Double) {
        let all = baseline + candidate
        guard !baseline.isEmpty, !candidate.isEmpty, all.count >= Self.leastRuns else { return nil }
        let (before, after) = (baseline.map { log($0.value) }, candidate.map { log($0.value) })
        let difference = Self.mean(after) - Self.mean(before)
        let degrees = all.count - 2
        let between = (Self.squares(before) + Self.squares(after)) / Double(degrees)
        let variance = max(between, Self.mean(all.map { $0.error * $0.error }))
        let error = (variance * (1 / Double(before.count) + 1 / Double(after.count))).squareRoot()
        let reach = StudentT.quantile(within: confidence, degrees: degrees) * error
        value = exp(difference)
        low = exp(difference - reach)
        high = exp(difference + reach)
    }

    /// The smallest difference that these runs could have shown, as a part of the baseline.
    package var visible: Double { (high / low).squareRoot() - 1 }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    /// About their mean.
    private static func squares(_ values: [Double]) -> Double {
        let mean = mean(values)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
}
