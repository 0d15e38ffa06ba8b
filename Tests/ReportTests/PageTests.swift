import Foundation
import History
import Plan
import TestKit
import Testing
import Verdict

@testable import Report

@Suite struct PageTests {
    /// A blocked zone at speed 6, ten bad seconds, a service with tasks in two zones.
    private static let builder = RecordingBuilder(seconds: 100, warmUp: 5, speed: 6)
        .expecting("p95 latency < 100ms when calm", .latency(percentile: 95, .below(.milliseconds(100))))
        .promising("few errors")
        .fault("block zone a", at: 20, healed: 60)
        .failing(22..<32, each: 50)
        .tasks(2, "web", at: -1, metric: .desiredTasks)
        .tasks(1, "web", at: -1, metric: .healthyTasks, zone: "a")
        .tasks(0, "web", at: 30, metric: .healthyTasks, zone: "a")
        .cpu([40, 75], "web")
        .changed { recording in
            recording.run.plan.system?.services = [
                System.Service(name: "web", tasks: 2...4, port: 80, cpu: 256, memory: 512)
            ]
        }

    private func page(_ recording: Recording) throws -> String {
        try RunPage(
            RunReport(recording, judge(recording), database: "results/loadchaos.sqlite", folder: "results/x")
        )
        .text()
    }

    /// What the page's script reads.
    private func readings(_ page: String) throws -> [String: Any] {
        let from = try #require(page.range(of: #"id="readings">"#)?.upperBound)
        let to = try #require(page.range(of: "</script>", range: from..<page.endIndex)?.lowerBound)
        return try #require(
            try JSONSerialization.jsonObject(with: Data(page[from..<to].utf8)) as? [String: Any])
    }

    @Test func `the verdict comes first, then the drawings, and every part of the report is there`() throws {
        let page = try page(Self.builder.recording)
        let places = [
            "id=\"verdict\"", "id=\"faults\"", "id=\"over-time\"", "id=\"requests\"", "id=\"events\"",
            "id=\"again\"",
        ]
        .map { page.range(of: $0)?.lowerBound }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        for chart in ["latency", "rate", "failures", "tasks-web", "cpu", "lateness", "open"] {
            #expect(page.contains("id=\"chart-\(chart)\""), "\(chart)")
        }
        #expect(!page.contains("id=\"chart-hops\""), "what was not measured is not drawn")
    }

    @Test func `it asks the network for nothing`() throws {
        let page = try page(Self.builder.recording)
        for word in ["src=", "href=", "url(", "@import", "https://", "fetch(", "XMLHttp"] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test func `both sides of a comparison are in the same drawings, and their words are text`() throws {
        let named = { (recording: Recording) -> Recording in
            var recording = recording
            recording.run.plan.name = "A <b>zone</b>"
            return recording
        }
        let before = [Self.builder.recording, Self.builder.recording].map(named)
        let after = [named(Self.builder.slow(50..<90, .milliseconds(40)).recording)]
        let page = try ComparisonPage(
            Comparison(baseline: before, candidate: after), baseline: before, candidate: after
        ).text()
        #expect(page.contains("<h1>A &lt;b&gt;zone&lt;/b&gt;, compared</h1>") && !page.contains("<b>"))
        for word in ["src=", "href=", "url(", "@import", "https://", "fetch(", "XMLHttp"] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("block zone a, healing"), "the fault is shaded")
        let charts = try #require(try readings(page)["charts"] as? [String: [String: Any]])
        #expect(charts.keys.sorted() == ["bad", "latency", "rate"])
        let lines = try #require(charts["latency"]?["lines"] as? [[String: Any]])
        #expect(
            lines.map { $0["name"] as? String } == [
                "p50, baseline", "p50, candidate", "p95, baseline", "p95, candidate",
            ])
        let rates = try #require(charts["rate"]?["lines"] as? [[String: Any]])
        // Of a run, not of the two together.
        #expect(rates.map { ($0["v"] as? [Double?])?[0] } == [50, 50])
        #expect(page.contains("latency, baseline</li>") && page.contains("latency, candidate</li>"))
    }

    @Test func `text from outside is text`() throws {
        let hostile = "</script><script>alert(1)</script><img onerror=\"x\">"
        let recording = Self.builder.changed { recording in
            recording.run.plan.name = hostile
            recording.run.plan.system?.services[0].name = hostile
            recording.platform = recording.platform.map {
                var sample = $0
                sample.service = hostile
                return sample
            }
            recording.events.append(Event(at: .zero, kind: .warning, subject: hostile, text: hostile))
        }.recording
        let page = try page(recording)
        #expect(!page.contains("<script>alert") && !page.contains("<img"))
        #expect(page.components(separatedBy: "</script>").count == 3, "the readings and the script itself")
        #expect(try readings(page)["speed"] as? Double == 6)
    }

    @Test func `a fault is shaded on every drawing, where it was and where it healed`() throws {
        let page = try page(Self.builder.recording)
        let charts = page.components(separatedBy: "data-chart=").count - 1
        #expect(page.components(separatedBy: "<rect class=\"fault\"").count - 1 == charts)
        #expect(page.components(separatedBy: "<rect class=\"healing\"").count - 1 == charts)
        // Injected after 20.1 s of 100 s, on 884 of 960 pixels from 64: as Charts.bands has it.
        let band = try #require(Charts(Timeline(Self.builder.recording)).bands.first)
        let x = Canvas.x(band.from / 600)
        #expect(page.contains("<rect class=\"fault\" x=\"\(x)\""))
    }

    @Test func `the values under the cursor are those of the recording`() throws {
        let recording = Self.builder.recording
        let charts = try #require(try readings(try page(recording))["charts"] as? [String: [String: Any]])
        func line(_ chart: String, _ name: String) throws -> [Double?] {
            let lines = try #require(charts[chart]?["lines"] as? [[String: Any]])
            let values = try #require(lines.first { $0["name"] as? String == name }?["v"] as? [Any])
            return values.map { $0 as? Double }
        }
        let ok = try line("rate", "answered well")
        for row in recording.seconds { #expect(ok[row.second] == Double(row.ok)) }
        let p95 = try line("latency", "p95")
        for row in recording.seconds {
            let exact = row.okLatency.value(atPercentile: 95, infinite: row.bad)?.inMilliseconds
            #expect((p95[row.second] == nil) == (exact == nil || row.bad > 2))
            if let exact, let shown = p95[row.second] { #expect(abs(shown - exact) <= exact / 1000) }
        }
        #expect(try line("tasks-web", "healthy in a") == [1, 0, 0])
        #expect(try line("cpu", "web") == [40, 75])
    }

    @Test func `an hour of three routes stays under two megabytes`() throws {
        let hour = RecordingBuilder(seconds: 3_600).expecting("error rate < 1%", .errorRate(.below(0.01)))
            .failing(
                100..<400, each: 3
            ).recording
        #expect(try page(hour).utf8.count < 2_000_000)
    }

    @Test func `a run without a single second is a page as well`() throws {
        let empty = Self.builder.changed { recording in
            recording.seconds = []
            recording.generator = []
            recording.faults = []
            recording.platform = []
            recording.run.ending = .unreachable
        }.recording
        let page = try page(empty)
        #expect(page.contains("UNKNOWN") && !page.contains("<svg"))
    }

    // MARK: Axes

    @Test func `axes name round values`() {
        #expect(Axis.linear([0, 83]).ticks == [0, 50, 100])
        #expect(Axis.linear([4]).ticks == [0, 1, 2, 3, 4])
        #expect(Axis.linear([]).high == 0.25)
        #expect(Axis.linear([2], whole: true).ticks == [0, 1, 2])
        #expect(Axis.logarithmic([2.5, 480]).ticks == [1, 10, 100, 1000])
        #expect(Axis.logarithmic([3]).ticks == [1, 10])
        #expect(Axis.time(600).ticks.count == 11)
        #expect(Axis.time(1200).ticks.map(Canvas.moment).prefix(3) == ["0s", "2m", "4m"])
        #expect(Axis.time(86_400).ticks.count <= 13)
        #expect(Axis.logarithmic([1, 1000]).place(1) == 0 && Axis.logarithmic([1, 1000]).place(1000) == 1)
        #expect(abs(Axis.logarithmic([1, 1000]).place(10) - 1.0 / 3) < 1e-9)
    }

    @Test func `a step goes level and then up, and what is unknown interrupts a line`() {
        let chart = Chart(
            id: "x", title: "X", unit: "",
            lines: [
                Chart.Line(name: "step", times: [0, 50, 100], values: [0, 1, 1], isStep: true),
                Chart.Line(name: "line", times: [0, 50, 75, 100], values: [0, 1, nil, 0]),
            ])
        let svg = Drawing(chart: chart, bands: [], time: .time(100)).svg
        #expect(svg.contains("d=\"M64 168h0.1H506V8H948\""), "\(svg)")
        #expect(svg.contains("d=\"M64 168h0.1L506 8M948 168h0.1\""), "\(svg)")
    }
}
