import History
import Plan
import Verdict

/// One run as a page that opens from the disk and asks the network for nothing: it shows what RunReport says, with
/// drawings over one axis of time.
package struct RunPage {
    private let report: RunReport

    package init(_ report: RunReport) { self.report = report }

    package func text() throws -> String {
        let recording = report.recording
        let plan = recording.run.plan
        let drawn = Charts(Timeline(recording))
        let charts = drawn.all
        let time = Axis.time(drawn.duration)
        let distribution = Distribution(recording)
        let figures =
            charts.map { PageFrame.figure(Drawing(chart: $0, bands: drawn.bands, time: time)) }
            + (distribution.isEmpty ? [] : [distribution.figure])
        let sections =
            [HTML.section(report.section(.verdict)), HTML.section(report.section(.faults))]
            + [PageFrame.overTime(PageFrame.explanation(speed: plan.speed), figures)]
            + Self.rest.map { HTML.section(report.section($0)) }
        return try PageFrame(
            title: "\(plan.name): \(report.verdict.answer.word)", heading: heading,
            main: sections.joined(separator: "\n"),
            readings: Readings(charts, duration: drawn.duration, speed: plan.speed)
        ).text()
    }

    private var heading: String {
        let run = report.recording.run
        let answer = report.verdict.answer
        return """
            <h1>\(HTML.escaped(run.plan.name))</h1>
            <p><span class="answer \(HTML.style(VerdictTable.colour(answer)))">\(answer.word.uppercased())</span>
            <span class="dim">\(HTML.escaped(run.id)), \(HTML.escaped(run.startedAt))</span></p>
            """
    }

    /// What is not at the top already; the long list of events last but one.
    private static let rest: [RunReport.Part] = [
        .requests, .failures, .latency, .hops, .lostWrites, .probes, .logs, .generator, .run, .events, .again,
    ]
}
