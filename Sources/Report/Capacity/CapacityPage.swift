import Capacity
import Foundation
import Plan
import Verdict

extension CapacityReport {
    /// The plan as a page in one file, with what was measured as drawings.
    package func page() throws -> String {
        let answers: [Part] = [.demand, .document, .tasks]
        let evidence: [Part] = [.cost, .savings, .bottleneck, .scalingOut, .measured, .law, .stages]
        func parts(_ parts: [Part]) -> [String] { parts.map { HTML.section(section($0)) } }
        let figures = CapacityFigures(self)
        let drawn = """
            <section aria-labelledby="curves">
            <h2 id="curves">Curves</h2>
            \(figures.throughput)
            \(figures.latency)
            </section>
            """
        return try PageFrame(
            title: "\(plan.system.name): capacity", heading: heading,
            main: (parts(answers) + [drawn] + parts(evidence)).joined(separator: "\n")
        ).text()
    }

    private var heading: String {
        """
        <h1>Capacity of \(HTML.escaped(plan.system.name))</h1>
        <p><span class="dim">\(HTML.escaped(measurement)), \(HTML.escaped(environment.words)), \
        planned on \(Self.day(plan.today))</span></p>
        """
    }

    /// The plan in GitHub's Markdown.
    package func markdown() -> String {
        (["# Capacity of \(Markdown.escaped(plan.system.name))", ""]
            + Part.allCases.map(section).flatMap(Markdown.section))
            .joined(separator: "\n") + "\n"
    }
}

/// What was measured, as drawings: neither has the scenario's time as its axis.
struct CapacityFigures {
    let report: CapacityReport

    init(_ report: CapacityReport) { self.report = report }

    /// What tasks carry, by their number: measured intervals on the law's curve.
    var throughput: String {
        let plan = report.plan
        let counts = report.taskCounts
        let most = Double(counts.last ?? 1)
        let across = Axis(scale: .linear, low: 0, high: most, ticks: counts.map(Double.init))
        let carried = counts.map { plan.model.capacity($0) }
        let up = Axis.linear(carried.map(\.high) + [plan.demand ?? 0], whole: true)
        func point(_ tasks: Double, _ rate: Double) -> String {
            "\(Canvas.x(across.place(tasks))) \(Canvas.y(up.place(rate)))"
        }
        let steps = counts.last.map { $0 * 20 } ?? 0
        let curve = (0...steps).map { place -> String in
            let tasks = most * Double(place) / Double(max(1, steps))
            return (place == 0 ? "M" : "L") + point(tasks, plan.model.law.capacity(of: tasks))
        }
        var parts = [
            Canvas.grid(up, { Canvas.number($0) }, across, { Canvas.number($0) }),
            "<path class=\"s0\" d=\"\(curve.joined())\"/>",
        ]
        for (count, interval) in zip(counts, carried) {
            let x = Canvas.x(across.place(Double(count)))
            let (low, high) = (Canvas.y(up.place(interval.low)), Canvas.y(up.place(interval.high)))
            let style = plan.model.measured.contains(count) ? "s1 bar" : "s2 bar"
            parts.append("<path class=\"\(style)\" d=\"M\(x) \(low)V\(high)\"/>")
        }
        var legend = [("the scaling law", "s0"), ("measured, between carried and not carried", "s1")]
        if counts.contains(where: { !plan.model.measured.contains($0) }) {
            legend.append(("by the law, 95% interval", "s2"))
        }
        if let demand = plan.demand {
            let y = Canvas.y(up.place(demand))
            parts.append("<path class=\"s3 dashed\" d=\"M\(Canvas.x(0)) \(y)H\(Canvas.x(1))\"/>")
            legend.append(("the demand", "s3 dashed"))
        }
        let title = "Requests/s that tasks of \(plan.service.name) carry, by their number"
        return PageFrame.figure(title, legend, Canvas.svg(HTML.escaped(title), parts))
    }

    /// How long requests take, by their rate, for each number of tasks.
    var latency: String {
        let stages = report.knees.flatMap(\.stages)
        let rates = Axis.linear(stages.map(\.rate), whole: true)
        let times = Axis.logarithmic(
            stages.compactMap(\.p95) + [report.objective.latency.inMilliseconds])
        var parts = [Canvas.grid(times, Canvas.duration, rates, { Canvas.number($0) })]
        for (place, knee) in report.knees.enumerated() {
            let played = Dictionary(grouping: knee.stages.filter { $0.seconds > 0 }, by: \.rate)
            let marks = played.sorted { $0.key < $1.key }.map { rate, stages -> String in
                // Of a rate that was played more than once the middle; what was never answered lies above all.
                let all = stages.map { $0.p95 ?? .infinity }.sorted()
                let middle = all[all.count / 2]
                return "\(Canvas.x(rates.place(rate))) \(Canvas.y(middle.isFinite ? times.place(middle) : 1))"
            }
            guard let first = marks.first else { continue }
            let path = "M\(first)" + marks.dropFirst().map { "L\($0)" }.joined()
            parts.append("<path class=\"s\(place % 8)\" d=\"\(path)\"/>")
        }
        let bound = Canvas.y(times.place(report.objective.latency.inMilliseconds))
        parts.append("<path class=\"s7 dashed\" d=\"M\(Canvas.x(0)) \(bound)H\(Canvas.x(1))\"/>")
        let legend = report.knees.enumerated().map { place, knee in
            (Wording.plural(knee.tasks, "task"), "s\(place % 8)")
        }
        let title = "p95 latency by requests/s, of each stage"
        return PageFrame.figure(
            title, legend + [("what must be met", "s7 dashed")], Canvas.svg(HTML.escaped(title), parts))
    }
}
