package import Foundation

/// How demand grows, compounded.
package struct Growth: Hashable, Sendable {
    /// A fraction: 0.08 is 8 % more every month.
    package var perMonth: Double

    package init(perMonth: Double) { self.perMonth = perMonth }

    /// `8%/month`, `120%/year`; nil: it is neither.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, parts[0].hasSuffix("%"), let percent = Double(parts[0].dropLast()),
            percent.isFinite, percent > 0, percent <= 10_000
        else { return nil }
        switch parts[1] {
        case "month": self.init(perMonth: percent / 100)
        case "year": self.init(perMonth: pow(1 + percent / 100, 1.0 / 12) - 1)
        default: return nil
        }
    }

    /// Months until `from` has become `to`; 0: it is there already.
    package func months(from: Double, to: Double) -> Double {
        from >= to ? 0 : log(to / from) / log(1 + perMonth)
    }

    /// The day on which `from` has become `to`.
    package func day(from: Double, to: Double, today: Date) -> Date {
        today.addingTimeInterval(months(from: from, to: to) * Self.secondsPerMonth)
    }

    /// A twelfth of the mean Gregorian year.
    static let secondsPerMonth = 365.2425 / 12 * 86_400
}
