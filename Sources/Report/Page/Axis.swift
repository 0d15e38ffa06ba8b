import Foundation

/// One axis of a drawing: where a value lies, and which values are named.
struct Axis {
    var scale: Chart.Scale
    var low: Double
    var high: Double
    var ticks: [Double]

    /// 0…1 from the low end to the high; what lies outside is put at the end.
    func place(_ value: Double) -> Double {
        let part =
            switch scale {
            case .linear, .counted: (value - low) / (high - low)
            case .logarithmic: log10(Swift.max(value, low) / low) / log10(high / low)
            }
        return min(max(part, 0), 1)
    }

    /// From 0 to a round number above all values.
    static func linear(_ values: [Double], whole: Bool = false) -> Axis {
        let most = values.max() ?? 0
        let step = max(roundStep(most / 4), whole ? 1 : 0)
        let count = max(1, (most / step).rounded(.up))
        return Axis(
            scale: .linear, low: 0, high: step * count,
            ticks: stride(from: 0, through: step * count, by: step).map { $0 })
    }

    /// Whole decades around all values.
    static func logarithmic(_ values: [Double]) -> Axis {
        let positive = values.filter { $0 > 0 }
        let low = floor(log10(positive.min() ?? 1))
        let high = max(low + 1, ceil(log10(positive.max() ?? 10)))
        return Axis(
            scale: .logarithmic, low: pow(10, low), high: pow(10, high),
            ticks: stride(from: low, through: high, by: 1).map { pow(10, $0) })
    }

    /// The scenario's time, at most twelve named moments.
    static func time(_ duration: Double) -> Axis {
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400,
        ]
        let step = steps.first { duration / $0 <= 12 } ?? 86_400
        return Axis(
            scale: .linear, low: 0, high: max(duration, 1),
            ticks: stride(from: 0, through: duration, by: step).map { $0 })
    }

    /// 1, 2 or 5 times a power of ten, at least `least`.
    private static func roundStep(_ least: Double) -> Double {
        guard least > 0 else { return 0.25 }
        let decade = pow(10, floor(log10(least)))
        return [1, 2, 5, 10].map { $0 * decade }.first { $0 >= least } ?? 10 * decade
    }
}
