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
    package var second: Int { Int((Double(count) / 1e9).rounded(.down)) }

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
    /// The language's own spelling: `250us`, `90s`, `1.5ms`, `2m`, `1h`; a fraction only where it is needed.
    package var description: String {
        let units: [(Int64, String)] = [
            (3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"),
        ]
        if count == 0 { return "0s" }
        for (size, unit) in units where count % size == 0 { return "\(count / size)\(unit)" }
        for (size, unit) in units where abs(count) >= size {
            var digits = "\((Double(count) / Double(size) * 1000).rounded() / 1000)"
            if digits.hasSuffix(".0") { digits.removeLast(2) }
            return digits + unit
        }
        return "\(count)ns"
    }
}
