import Foundation

/// What one run measured, over 0.
package struct RunFigure: Hashable, Sendable {
    package var value: Double
    /// Standard error of its logarithm, from within the run.
    package var error: Double
}

/// How many times as large a measure is in some runs as in others, with an interval: Student's t test on logarithms.
///
/// How much like runs differ by themselves is taken from the runs. One says nothing of that, however long it is: its
/// own requests share the hour, the neighbours and the state of the machine. But it cannot be less than each run is
/// uncertain in itself: two runs whose percentiles fall into the same bucket do not differ by nothing.
package struct RunRatio: Hashable, Sendable {
    package let value: Double
    package let low: Double
    package let high: Double

    /// Fewer runs on both sides together tell nothing of how much like runs differ.
    package static let leastRuns = 3
    /// Neighbours in time are alike, so runs of one side in a row differ less among each other than from the other
    /// side's, for no reason of the system's. With a correlation of 0.6 between neighbours, which 25 like runs had
    /// (scripts/likeness), the true standard error is twice the one of independent runs, for 3 runs a side as for 10.
    static let drift = 2.0

    /// nil: too few runs. Of `.inTurns`, run i of the one side was played next to run i of the other.
    init?(baseline: [RunFigure], candidate: [RunFigure], confidence: Double, order: RunOrder) {
        let (before, after) = (baseline.map { log($0.value) }, candidate.map { log($0.value) })
        let all = baseline + candidate
        let within = Self.mean(all.map { $0.error * $0.error })
        let difference: Double
        let error: Double
        let degrees: Int
        switch order {
        case .inTurns:
            guard baseline.count == candidate.count, baseline.count > 1 else { return nil }
            let differences = zip(before, after).map { $1 - $0 }
            degrees = differences.count - 1
            difference = Self.mean(differences)
            let variance = max(Self.squares(differences) / Double(degrees), 2 * within)
            error = (variance / Double(differences.count)).squareRoot()
        case .apart:
            guard !baseline.isEmpty, !candidate.isEmpty, all.count >= Self.leastRuns else { return nil }
            degrees = all.count - 2
            difference = Self.mean(after) - Self.mean(before)
            let between = (Self.squares(before) + Self.squares(after)) / Double(degrees)
            let shares = 1 / Double(before.count) + 1 / Double(after.count)
            error = Self.drift * (max(between, within) * shares).squareRoot()
        }
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
