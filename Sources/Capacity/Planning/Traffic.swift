import Foundation

/// Requests a second over time, as somebody has recorded them.
package struct Traffic: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        /// Seconds; only differences matter.
        package var time: Double
        package var rate: Double
    }

    /// By time, no two at the same.
    package let points: [Point]

    package struct Problem: Error, Hashable, CustomStringConvertible {
        package var line: Int
        package var words: String
        package var description: String { "line \(line): \(words)" }
    }

    package init(points: [Point]) { self.points = points.sorted { $0.time < $1.time } }

    /// A header, then `time,rate` lines: seconds or ISO 8601, and requests a second. Further columns are not read.
    package static func csv(_ text: String) throws(Problem) -> Traffic {
        var points: [Point] = []
        for (place, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            if cells.allSatisfy(\.isEmpty) { continue }
            guard cells.count >= 2 else {
                throw Problem(line: place + 1, words: "expected time,rate, found \"\(line)\"")
            }
            guard let rate = Double(cells[1]) else {
                // Only what stands above all figures can be their names.
                if points.isEmpty, time(cells[0]) == nil { continue }
                throw Problem(
                    line: place + 1, words: "\"\(cells[1])\" is no rate in requests a second, such as 120")
            }
            guard let time = time(cells[0]) else {
                throw Problem(
                    line: place + 1,
                    words: "\"\(cells[0])\" is no time: seconds, or as in 2026-11-26T09:00:00Z")
            }
            guard rate.isFinite, rate >= 0 else {
                throw Problem(line: place + 1, words: "the rate is \(cells[1]), but must be from 0 up")
            }
            if let last = points.last, last.time >= time {
                throw Problem(line: place + 1, words: "\(cells[0]) does not come after the line before it")
            }
            points.append(Point(time: time, rate: rate))
        }
        guard points.count >= 2 else { throw Problem(line: 1, words: "two lines of time,rate are the least") }
        return Traffic(points: points)
    }

    private static func time(_ text: String) -> Double? {
        if let seconds = Double(text), seconds.isFinite { return seconds }
        return ISO8601DateFormatter().date(from: text)?.timeIntervalSince1970
    }

    package var peak: Double { points.map(\.rate).max() ?? 0 }
    /// Seconds from the first to the last.
    package var length: Double { (points.last?.time ?? 0) - (points.first?.time ?? 0) }

    /// Between two points it changes evenly; before the first and after the last it stays.
    package func rate(at time: Double) -> Double {
        guard let first = points.first, let last = points.last else { return 0 }
        if time <= first.time { return first.rate }
        if time >= last.time { return last.rate }
        var (low, high) = (0, points.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if points[middle].time <= time { low = middle } else { high = middle }
        }
        let (a, b) = (points[low], points[high])
        return a.rate + (b.rate - a.rate) * (time - a.time) / (b.time - a.time)
    }

    /// The moment at which the rate has grown the most, in proportion, within `lag` seconds; nil: it never grows.
    ///
    /// Between points it is linear, so the largest ratio lies where either end is a point.
    package func steepest(within lag: Double) -> (time: Double, before: Double, after: Double)? {
        let moments = points.flatMap { [$0.time, $0.time + lag] }
        let ramps = moments.map { (time: $0, before: rate(at: $0 - lag), after: rate(at: $0)) }
        return ramps.filter { $0.after > $0.before && $0.before > 0 }
            .max { $0.after / $0.before < $1.after / $1.before }
    }
}
