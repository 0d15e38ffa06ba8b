package import History
package import Plan
import Verdict

/// A run in progress as a page that asks for its drawings again and again: the same as the report's.
package struct LivePage {
    private let timeline: Timeline
    private let now: Nanoseconds

    /// `now`: real time since the start of the load.
    package init(_ timeline: Timeline, now: Nanoseconds) { (self.timeline, self.now) = (timeline, now) }

    package func text() throws -> String {
        let run = timeline.run
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
        let drawn = Charts(timeline)
        let charts = drawn.all
        let time = Axis.time(drawn.duration)
        let line = ProgressLine.text(timeline, now: now, .plain, width: 500)
        let figures = charts.map { PageFrame.figure(Drawing(chart: $0, bands: drawn.bands, time: time)) }
        let readings = Readings(charts, duration: drawn.duration, speed: timeline.run.plan.speed)
        return """
            <p class="strong" data-ending="\(timeline.run.ending.rawValue)">\(HTML.escaped(line))</p>
            \(PageFrame.overTime(PageFrame.explanation(speed: timeline.run.plan.speed), figures))
            \(HTML.section(Section("Events", EventLog.blocks(timeline.events, timeline.faults, timeline.run.plan))))
            \(try PageFrame.script(readings))
            """
    }
}
