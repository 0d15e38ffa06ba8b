package import History
package import Plan
import Verdict

/// A run in progress as a page that asks for its drawings again and again: the same as the report's.
package struct LivePage {
    private let recording: Recording
    private let now: Nanoseconds

    /// `now`: real time since the start of the load.
    package init(_ recording: Recording, now: Nanoseconds) { (self.recording, self.now) = (recording, now) }

    package func text() throws -> String {
        let run = recording.run
        return try PageFrame(
            title: "\(run.plan.name): running",
            heading: """
                <h1>\(HTML.escaped(run.plan.name))</h1>
                <p class="dim">\(HTML.escaped(run.id)), \(HTML.escaped(run.startedAt))</p>
                <p id="state" role="status">running</p>
                """,
            main: try figures(), readings: nil, isLive: true
        ).text()
    }

    /// What the page swaps in: the line of the moment, drawings with their readings, faults, and the events.
    package func figures() throws -> String {
        let drawn = Charts(recording)
        let charts = drawn.all
        let time = Axis.time(drawn.duration)
        let line = ProgressLine.text(recording, now: now, .plain, width: 500)
        let figures = charts.map { PageFrame.figure(Drawing(chart: $0, bands: drawn.bands, time: time)) }
        let readings = Readings(charts, duration: drawn.duration, speed: recording.run.plan.speed)
        return """
            <p class="strong" data-ending="\(recording.run.ending.rawValue)">\(HTML.escaped(line))</p>
            \(PageFrame.overTime(PageFrame.explanation(speed: recording.run.plan.speed), figures))
            \(HTML.section(Section("Events", EventLog.blocks(recording))))
            \(try PageFrame.script(readings))
            """
    }
}
