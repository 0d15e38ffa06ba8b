import Foundation
package import Plan

/// How figures read for people: the same everywhere.
package enum Wording {
    /// Three digits and a unit: `41.2ms`, `1.24s`, `250us`; what no answer came for is `never`.
    package static func duration(_ time: Nanoseconds?) -> String {
        guard let time, time.count != .max else { return "never" }
        let size = abs(time.count)
        if size == 0 { return "0ms" }
        if size < 1_000_000 { return digits(Double(time.count) / 1e3) + "us" }
        if size < 1_000_000_000 { return digits(time.inMilliseconds) + "ms" }
        return digits(time.inSeconds) + "s"
    }

    /// Whole numbers in groups of three: `3,690`.
    package static func count(_ value: UInt64) -> String {
        var text = ""
        for (place, digit) in String(value).reversed().enumerated() {
            if place > 0 && place % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    package static func count(_ value: Int) -> String {
        (value < 0 ? "-" : "") + count(UInt64(value.magnitude))
    }

    /// A fraction as a percentage with two digits after the point where they say something: `0.02%`, `97.5%`, `12%`.
    package static func percent(_ fraction: Double) -> String {
        let value = fraction * 100
        if value != 0 && abs(value) < 0.01 { return trimmed(value, 4) + "%" }
        return trimmed(value, 2) + "%"
    }

    /// A number of unknown unit: `84,605`, `0.25`.
    package static func number(_ value: Double) -> String {
        1_000..<1e15 ~= value.magnitude ? count(Int(value.rounded())) : trimmed(value, 3)
    }

    /// A rate with one digit after the point: `79.8/s`.
    package static func rate(_ value: Double) -> String { trimmed(value, 1) + "/s" }

    /// A point or length of the scenario clock in seconds: `74s`.
    package static func seconds(_ time: Nanoseconds) -> String { trimmed(time.inSeconds, 1) + "s" }

    /// `1 second`, `2 seconds`.
    package static func plural(_ count: Int, _ noun: String) -> String {
        "\(self.count(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    private static func digits(_ value: Double) -> String {
        let size = abs(value)
        return trimmed(value, size >= 100 ? 0 : size >= 10 ? 1 : 2)
    }

    private static func trimmed(_ value: Double, _ places: Int) -> String {
        var text = String(format: "%.\(places)f", value)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }
}
