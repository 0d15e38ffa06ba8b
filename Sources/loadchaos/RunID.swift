import Foundation
import Plan

/// Names a run and its start: sortable by time, readable, unique.
enum RunID {
    /// `20261124-093000-az-failure-x7k2`: UTC, the scenario's file name, four characters of the seed and process.
    static func make(scenario: String, at start: Date, seed: UInt64, process: Int32) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "yyyyMMdd-HHmmss"
        let name = scenario.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" }
        let mixed = Draw.mix(
            seed ^ UInt64(bitPattern: Int64(process)) ^ UInt64(start.timeIntervalSince1970 * 1e3))
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let tail = (0..<4).map { letters[Int(truncatingIfNeeded: mixed >> UInt64($0 * 5)) & 31] }
        return "\(format.string(from: start))-\(String(name.prefix(40)))-\(String(tail))"
    }

    /// `2026-11-24T09:30:00.123Z`
    static func timestamp(_ time: Date) -> String {
        time.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true)
                .timeZone(separator: .omitted))
    }
}
