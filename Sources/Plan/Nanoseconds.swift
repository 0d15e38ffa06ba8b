/// A length of time, or a point on a time axis, in whole nanoseconds.
///
/// Signed: times before the start of the load are negative. Range ±292 years.
package struct Nanoseconds: Hashable, Comparable, Codable, Sendable {
    package var count: Int64

    package init(_ count: Int64) { self.count = count }

    /// Encoded as the bare count, so that recordings read `90000000000`.
    package init(from decoder: any Decoder) throws {
        count = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(count)
    }

    package static let zero = Nanoseconds(0)

    package static func microseconds(_ value: Int64) -> Nanoseconds { Nanoseconds(value * 1_000) }
    package static func milliseconds(_ value: Int64) -> Nanoseconds { Nanoseconds(value * 1_000_000) }

    /// Rounded to the nearest nanosecond; exact for whole seconds up to 104 days.
    package static func seconds(_ value: Double) -> Nanoseconds {
        Nanoseconds(Int64((value * 1e9).rounded()))
    }

    package var inSeconds: Double { Double(count) / 1e9 }
    package var inMilliseconds: Double { Double(count) / 1e6 }

    /// The whole second this point lies in; −0.5 s lies in second −1.
    package var second: Int {
        let (quotient, remainder) = count.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Int(remainder < 0 ? quotient - 1 : quotient)
    }

    package static func < (a: Nanoseconds, b: Nanoseconds) -> Bool { a.count < b.count }
    package static func + (a: Nanoseconds, b: Nanoseconds) -> Nanoseconds { Nanoseconds(a.count + b.count) }
    package static func - (a: Nanoseconds, b: Nanoseconds) -> Nanoseconds { Nanoseconds(a.count - b.count) }
    package static func += (a: inout Nanoseconds, b: Nanoseconds) { a = a + b }
    package static func * (a: Nanoseconds, factor: Double) -> Nanoseconds {
        Nanoseconds(Int64((Double(a.count) * factor).rounded()))
    }
    package static func / (a: Nanoseconds, divisor: Double) -> Nanoseconds {
        Nanoseconds(Int64((Double(a.count) / divisor).rounded()))
    }
}

extension Nanoseconds: CustomStringConvertible {
    /// The language's own spelling: `250us`, `1.5ms`, `90s`, `2m`, `1h`; at most three decimals, rounded.
    ///
    /// Hours and minutes only when they are whole, as people write them: `90s` rather than `1.5m`.
    package var description: String {
        if count == 0 { return "0s" }
        let sign = count < 0 ? "-" : ""
        let size = count.magnitude
        for (unit, suffix) in [(UInt64(3_600_000_000_000), "h"), (60_000_000_000, "m")] where size % unit == 0
        {
            return "\(sign)\(size / unit)\(suffix)"
        }
        for (unit, suffix) in [(UInt64(1_000_000_000), "s"), (1_000_000, "ms"), (1_000, "us")] {
            // In thousandths of the unit; 999.9999ms rounds to 1000ms, which the next larger unit has taken
            // as 1s.
            let thousandth = unit / 1_000
            let thousandths =
                size / thousandth + (size % thousandth * 2 >= thousandth && thousandth > 1 ? 1 : 0)
            guard thousandths >= 1_000 else { continue }
            return "\(sign)\(thousandths / 1_000)\(Nanoseconds.decimals(thousandths % 1_000))\(suffix)"
        }
        return "\(count)ns"
    }

    /// `.5` for 500, `.025` for 25, nothing for 0.
    private static func decimals(_ thousandths: UInt64) -> String {
        guard thousandths > 0 else { return "" }
        var digits = String(thousandths + 1_000).dropFirst()
        while digits.hasSuffix("0") { digits.removeLast() }
        return "." + digits
    }
}
