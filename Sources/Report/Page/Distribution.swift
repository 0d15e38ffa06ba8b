import Foundation
import History
import Plan
import Verdict

/// How latency and service time are distributed over the measured load: shares of the answered requests, by a
/// logarithmic scale of 24 steps a decade.
struct Distribution {
    private static let stepsPerDecade = 24.0

    let latency: LatencyHistogram
    let serviceTime: LatencyHistogram
    /// Requests without a good answer.
    let bad: UInt64

    init(_ recording: Recording) {
        let totals = Totals(recording.measuredRows)
        (latency, serviceTime, bad) = (totals.latency, totals.serviceTime, totals.bad)
    }

    var isEmpty: Bool { latency.isEmpty }

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
        let drawn = [
            ("latency, from due to done", shares(latency)),
            ("service time, from sent to done", shares(serviceTime)),
        ]
        let edges = Axis.logarithmic(drawn.flatMap { $0.1.map(\.edge) })
        let share = Axis.linear(drawn.flatMap { $0.1.map(\.share) })
        let height = 190.0
        func x(_ value: Double) -> String { Drawing.text(Drawing.x(edges.place(value))) }
        func y(_ value: Double) -> String {
            Drawing.text(
                height - Drawing.bottom - share.place(value) * (height - Drawing.bottom - Drawing.top))
        }
        var parts: [String] = share.ticks.map { tick in
            """
            <line class="grid" x1="\(Int(Drawing.left))" x2="\(Int(Drawing.width - Drawing.right))" y1="\(y(tick))" y2="\(y(tick))"/>
            <text class="value" x="\(Int(Drawing.left) - 6)" y="\(y(tick))">\(Drawing.number(tick)) %</text>
            """
        }
        parts += edges.ticks.map { tick in
            let label = tick >= 1000 ? "\(Drawing.number(tick / 1000)) s" : "\(Drawing.number(tick)) ms"
            return "<text class=\"time\" x=\"\(x(tick))\" y=\"\(Int(height) - 6)\">\(label)</text>"
        }
        for (place, (_, steps)) in drawn.enumerated() {
            var path = ""
            for (edge, value) in steps {
                path += path.isEmpty ? "M\(x(edge)) \(y(0))V\(y(value))" : "H\(x(edge))V\(y(value))"
            }
            parts.append("<path class=\"s\(place)\" d=\"\(path)\"/>")
        }
        let items = drawn.enumerated().map { "<li class=\"s\($0.offset)\">\($0.element.0)</li>" }
        let never = bad == 0 ? "" : " \(Wording.count(bad)) requests without a good answer are not in it."
        return """
            <figure>
            <figcaption><h3>Distribution of the answered requests</h3><ul class="legend">\(items.joined())</ul></figcaption>
            <svg class="chart" viewBox="0 0 \(Int(Drawing.width)) \(Int(height))" role="img" \
            aria-label="Distribution of latency and service time">
            \(parts.joined(separator: "\n"))
            </svg>
            <p class="dim">Warm-up left out.\(never)</p>
            </figure>
            """
    }
}
