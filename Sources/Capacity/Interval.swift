/// A value that is known to lie between two ends, both included.
package struct Interval: Hashable, Sendable {
    package var low: Double
    package var high: Double

    package init(_ low: Double, _ high: Double) {
        self.low = min(low, high)
        self.high = max(low, high)
    }

    /// The geometric middle: what is halfway in proportion.
    package var middle: Double { (low * high).squareRoot() }

    package static func * (interval: Interval, factor: Double) -> Interval {
        Interval(interval.low * factor, interval.high * factor)
    }
}
