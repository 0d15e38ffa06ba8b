import History
import Plan
import Verdict

/// One run as a page in one file: opens from the disk, asks the network for nothing, and shows what RunReport says with
/// drawings over one axis of time.
package struct RunPage {
    private let report: RunReport

    package init(_ report: RunReport) { self.report = report }

    package func text() throws -> String {
        let recording = report.recording
        let drawn = Charts(recording)
        let charts = drawn.all
        let time = Axis.time(drawn.duration)
        let readings = Readings(charts, duration: drawn.duration, speed: recording.run.plan.speed)
        let figures = charts.map { figure(Drawing(chart: $0, bands: drawn.bands, time: time)) }
        let distribution = Distribution(recording)
        let name = HTML.escaped(recording.run.plan.name)
        let answer = report.verdict.answer.word.uppercased()
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <title>\(name): \(report.verdict.answer.word)</title>
            <style>
            \(PageStyle.text)
            </style>
            </head>
            <body>
            <header>
            <h1>\(name)</h1>
            <p><span class="answer \(Self.colour(report.verdict.answer))">\(answer)</span>
            <span class="dim">\(HTML.escaped(recording.run.id)), \(HTML.escaped(recording.run.startedAt))</span></p>
            </header>
            <main>
            \(HTML.section(report.section(.verdict)))
            \(HTML.section(report.section(.faults)))
            <section aria-labelledby="over-time">
            <h2 id="over-time">Over the scenario's time</h2>
            <p class="dim">\(HTML.escaped(Self.explanation(recording.run.plan)))</p>
            \(figures.joined(separator: "\n"))
            \(distribution.isEmpty ? "" : distribution.figure)
            </section>
            \(Self.rest.map { HTML.section(report.section($0)) }.joined(separator: "\n"))
            </main>
            <script type="application/json" id="readings">\(try readings.json())</script>
            <script>
            \(PageScript.text)
            </script>
            </body>
            </html>

            """
    }

    /// What is not at the top already; the long list of events last but one.
    private static let rest: [RunReport.Part] = [
        .requests, .failures, .latency, .hops, .lostWrites, .probes, .logs, .generator, .run, .events, .again,
    ]

    private func figure(_ drawing: Drawing) -> String {
        """
        <figure>
        <figcaption><h3>\(HTML.escaped(drawing.chart.title))</h3>\(drawing.legend)<output></output></figcaption>
        \(drawing.svg)
        </figure>
        """
    }

    private static func explanation(_ plan: Plan) -> String {
        let speed =
            plan.speed == 1
            ? "" : " The scenario's clock runs \(Canvas.number(plan.speed)) times as fast as the wall's."
        return "Shaded: a fault was in place; lighter, in blue: it was reverted, and the system healed. "
            + "Point at a drawing, or choose one and use the arrow keys, to read the values of a moment.\(speed)"
    }

    private static func colour(_ answer: Answer) -> String {
        switch answer {
        case .kept: "good"
        case .knownBroken, .unknown: "doubt"
        case .broken, .notHealed: "bad"
        }
    }
}
