package import History
import Plan
package import Verdict

/// Runs beside others as a page: what the comparison says, and both sides in the same drawings.
package struct ComparisonPage {
    private let comparison: Comparison
    private let baseline: [Recording]
    private let candidate: [Recording]

    package init(_ comparison: Comparison, baseline: [Recording], candidate: [Recording]) {
        (self.comparison, self.baseline, self.candidate) = (comparison, baseline, candidate)
    }

    package func text() throws -> String {
        let plan = baseline[0].run.plan
        let sides = ComparedCharts(baseline: baseline, candidate: candidate)
        let charts = sides.all
        let time = Axis.time(sides.duration)
        // The plan's faults strike all runs at the same moments; how long each held them differs by seconds.
        let bands = Charts(Timeline(baseline[0])).bands
        let figures = charts.map { PageFrame.figure(Drawing(chart: $0, bands: bands, time: time)) }
        let distribution = Distribution(
            [
                ("latency, baseline", Totals(baseline.flatMap(\.measuredRows)).latency),
                ("latency, candidate", Totals(candidate.flatMap(\.measuredRows)).latency),
            ], bad: (baseline + candidate).reduce(0) { $0 + Totals($1.measuredRows).bad })
        let remark = "Runs of one side are taken together, second by second; dashed is the baseline. "
        let sections =
            ComparisonText.sections(comparison).map(HTML.section)
            + [
                PageFrame.overTime(
                    remark + PageFrame.explanation(speed: plan.speed),
                    figures + (distribution.isEmpty ? [] : [distribution.figure]))
            ]
        return try PageFrame(
            title: "\(plan.name): \(comparison.answer.rawValue)", heading: heading,
            main: sections.joined(separator: "\n"),
            readings: Readings(charts, duration: sides.duration, speed: plan.speed)
        ).text()
    }

    private var heading: String {
        let (words, colour) = ComparisonText.answer(comparison.answer)
        return """
            <h1>\(HTML.escaped(baseline[0].run.plan.name)), compared</h1>
            <p><span class="answer \(HTML.style(colour))">\(HTML.escaped(words))</span></p>
            """
    }
}

/// The drawings of a comparison: each quantity of both sides in one.
private struct ComparedCharts {
    private struct Side {
        var name: String
        var runs: Int
        var speed: Double
        var isDashed: Bool
        /// Of all its runs together, by real second.
        var seconds: [(second: Int, totals: Totals)]

        init(_ name: String, _ recordings: [Recording], isDashed: Bool) {
            self.name = name
            self.isDashed = isDashed
            runs = recordings.count
            speed = recordings[0].run.plan.speed
            let rows = Dictionary(grouping: recordings.flatMap(\.seconds), by: \.second)
            seconds = rows.map { ($0.key, Totals($0.value)) }.sorted { $0.0 < $1.0 }
        }

        /// A run's share.
        func line(_ what: String, isStep: Bool = false, _ value: (Totals) -> Double?) -> Chart.Line {
            Chart.Line(
                name: "\(what), \(name)", times: seconds.map { Double($0.second) * speed },
                values: seconds.map { value($0.totals) }, isStep: isStep, isDashed: isDashed)
        }
    }

    private let sides: [Side]
    /// Scenario seconds.
    let duration: Double

    init(baseline: [Recording], candidate: [Recording]) {
        sides = [
            Side("baseline", baseline, isDashed: true), Side("candidate", candidate, isDashed: false),
        ]
        duration = (baseline + candidate).map { Charts(Timeline($0)).duration }.max() ?? 0
    }

    var all: [Chart] { [latency, rate, bad].filter { !$0.isEmpty } }

    private var latency: Chart {
        let lines = [50.0, 95].flatMap { percentile in
            sides.map { side in
                side.line("p\(Int(percentile))") { totals in
                    guard let time = totals.latency(percentile), time.count != .max else { return nil }
                    return time.inMilliseconds
                }
            }
        }
        return Chart(
            id: "latency", title: "Latency of requests due in each second", unit: "ms", scale: .logarithmic,
            lines: lines)
    }

    private var rate: Chart {
        Chart(
            id: "rate", title: "Good answers per second, of a run", unit: "answers/s",
            lines: sides.map { side in
                side.line("answered well", isStep: true) { Double($0.ok) / Double(side.runs) }
            })
    }

    private var bad: Chart {
        let lines = sides.map { side in
            side.line("without a good answer", isStep: true) { Double($0.bad) / Double(side.runs) }
        }
        // Nothing failed: nothing to draw.
        let isQuiet = lines.allSatisfy { $0.values.allSatisfy { $0 == 0 } }
        return Chart(
            id: "bad", title: "Requests without a good answer, of a run", unit: "requests/s",
            lines: isQuiet ? [] : lines)
    }
}
