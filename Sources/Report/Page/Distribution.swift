import Foundation
import History
import Plan
import Verdict

/// How durations are distributed over the measured load: shares of the answered requests, by a logarithmic scale of 24
/// steps a decade.
struct Distribution {
    private static let stepsPerDecade = 24.0

    /// Each drawn as a line of its own.
    private let durations: [(name: String, histogram: LatencyHistogram)]
    /// Requests without a good answer.
    private let bad: UInt64

    init(_ durations: [(name: String, histogram: LatencyHistogram)], bad: UInt64) {
        (self.durations, self.bad) = (durations, bad)
    }

    init(_ recording: Recording) {
        let totals = Totals(recording.measuredRows)
        self.init(
            [
                ("latency, from due to done", totals.latency),
                ("service time, from sent to done", totals.serviceTime),
            ], bad: totals.bad)
    }

    var isEmpty: Bool { durations.allSatisfy(\.histogram.isEmpty) }

    /// A step from each lower edge in ms, with its share of the values in %.
    private func shares(_ histogram: LatencyHistogram) -> [(edge: Double, share: Double)] {
        var counts: [Int: UInt64] = [:]
        for bin in histogram.bins {
            let middle = max(LatencyHistogram.middle(of: Int(bin.bucket)).inMilliseconds, 1e-3)
            counts[Int((log10(middle) * Self.stepsPerDecade).rounded(.down)), default: 0] += UInt64(bin.count)
        }
        guard let first = counts.keys.min(), let last = counts.keys.max(), histogram.total > 0 else {
            return []
        }
        return (first...last + 1).map { step in
            (
                pow(10, Double(step) / Self.stepsPerDecade),
                Double(counts[step] ?? 0) / Double(histogram.total) * 100
            )
        }
    }

    var figure: String {
        let drawn = durations.map { ($0.name, shares($0.histogram)) }
        let edges = Axis.logarithmic(drawn.flatMap { $0.1.map(\.edge) })
        let share = Axis.linear(drawn.flatMap { $0.1.map(\.share) })
        let outlines = drawn.enumerated().map { place, one -> String in
            var path = ""
            for (edge, value) in one.1 {
                let (x, y) = (Canvas.x(edges.place(edge)), Canvas.y(share.place(value)))
                path += path.isEmpty ? "M\(x) \(Canvas.y(0))V\(y)" : "H\(x)V\(y)"
            }
            return "<path class=\"s\(place)\" d=\"\(path)\"/>"
        }
        let grid = Canvas.grid(share, { "\(Canvas.number($0)) %" }, edges, Canvas.duration)
        let never = bad == 0 ? "" : " \(Wording.count(bad)) requests without a good answer are not in it."
        let label = "Distribution of \(durations.map(\.name).joined(separator: ", "))"
        return PageFrame.figure(
            "Distribution of the answered requests",
            drawn.enumerated().map { ($0.element.0, "s\($0.offset)") },
            Canvas.svg(label, [grid] + outlines),
            remark: "<p class=\"dim\">Warm-up left out.\(never)</p>\n")
    }
}
