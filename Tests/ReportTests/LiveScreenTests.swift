import History
import Plan
import TestKit
import Testing
import Verdict

@testable import Report

/// The screen of a run in progress, from recordings.
@Suite struct LiveScreenTests {
    private static let p95 = Expectation.Check.latency(percentile: 95, .below(.milliseconds(100)))

    /// Two minutes in which a zone is dark from 40 s to 60 s, seen at 70 s.
    private static let load = RecordingBuilder(seconds: 120)
        .expecting("p95 latency < 100ms when calm", p95)
        .expecting("error rate < 1%", .errorRate(.below(0.01)), .measured)
        .expecting("lost writes = 0", .lostWrites(.equal(0)), .measured)
        .fault("block zone a", at: 40, healed: 60)
        .failing(40..<50, each: 5)
        .tasks(2, "web", at: 0, metric: .healthyTasks, zone: "a")
        .tasks(1, "web", at: 0, metric: .healthyTasks, zone: "b")
        .tasks(4, "web", at: 0)
        .changed { recording in
            recording.run.ending = .open
            recording.seconds.removeAll { $0.second > 70 }
            recording.run.plan.system = System(
                name: "shop", region: "r", zones: ["a", "b"], cluster: "c", balancer: "alb",
                balancedService: "web",
                services: [System.Service(name: "web", tasks: 2...4, port: 80, cpu: 256, memory: 512)])
            recording.events = [
                Event(at: .seconds(41), kind: .fault, subject: "block zone a", text: "injected"),
                Event(at: .seconds(42), kind: .log, subject: "web", text: "a complaint"),
            ]
        }

    private func screen(
        _ load: RecordingBuilder = load, at now: Double = 71, width: Int = 100, height: Int = 30,
        notice: String? = nil
    ) -> [String] {
        let now = Nanoseconds.seconds(now)
        let soFar = RunSoFar(load.recording)
        return LiveScreen(
            soFar.timeline, now: now, standings: standings(soFar, now: now), notice: notice
        ).lines(.plain, width: width, height: height)
    }

    @Test func `everything stands over one axis`() throws {
        let lines = screen()
        #expect(lines[0].hasPrefix("A test  1m11s of 2m00s  49.0s left  20261124-093000-a-test-x7k2"))
        let fault = try #require(lines.first { $0.hasPrefix("faults") })
        #expect(fault.hasSuffix("block zone a: healed"))
        let cursor = try #require(lines.first { $0.contains("▼") })
        let bar = Array(fault)
        let first = try #require(bar.firstIndex(of: "█"))
        let last = try #require(bar.lastIndex(of: "█"))
        let now = try #require(Array(cursor).firstIndex(of: "▼"))
        #expect(first < last && last < now, "the fault lies before now")
        // The failures of each second from 40 to 49 make the p95 endless: a full block above the fault's beginning.
        let p95 = Array(try #require(lines.first { $0.hasPrefix("p95") }))
        #expect(p95[first] == "█" && p95[last] == "▅")
        #expect(String(p95[now + 1..<74]).allSatisfy { $0 == " " }, "the future is empty")
        let bad = Array(try #require(lines.first { $0.hasPrefix("bad") }))
        #expect(bad[first] == "█" && bad[last] == " ")
    }

    @Test func `expectations stand by what has settled`() {
        let lines = screen()
        #expect(lines.contains { $0.hasPrefix("✓ so far   p95 latency < 100ms when calm  p95 2") })
        #expect(lines.contains("! missing  error rate < 1%  1.43%, 50 of 3,500"))
        #expect(lines.contains("· pending  lost writes = 0"))
    }

    @Test func `tasks are dots, and those that are wanted are empty ones`() {
        #expect(screen().contains("web           a ●●  b ●  ○  4 wanted"))
    }

    @Test func `the newest events fill what is left, without the tasks' complaints`() {
        let lines = screen()
        #expect(lines.last?.hasSuffix("block zone a: injected") == true)
        #expect(!lines.contains { $0.contains("complaint") })
    }

    @Test func `a notice is always the last line`() {
        for height in [12, 30] {
            let lines = screen(height: height, notice: "SIGINT: stopping the load and healing; please wait")
            #expect(
                lines.last == "SIGINT: stopping the load and healing; please wait" && lines.count <= height)
        }
    }

    @Test(arguments: [60, 61, 80, 100, 211], [12, 13, 24, 60])
    func `no screen is larger than the terminal`(_ width: Int, _ height: Int) {
        for now in [-1.0, 0, 0.5, 1, 40, 71, 119, 120, 500] {
            let lines = screen(at: now, width: width, height: height)
            #expect(lines.count <= height && lines.allSatisfy { $0.count <= width })
        }
    }

    @Test func `text from outside cannot move the cursor`() {
        let evil = Self.load.changed { $0.run.plan.name = "A\u{1B}[2J\ntest" }
        #expect(screen(evil)[0].hasPrefix("A [2J test"))
    }

    @Test func `a line is cut with an ellipsis`() {
        var line = ScreenLine("abc")
        line.add("defgh", .red)
        #expect(line.text(.plain, width: 8) == "abcdefgh")
        #expect(line.text(.plain, width: 7) == "abcdef…" && line.text(.plain, width: 3) == "ab…")
        #expect(line.text(.terminal, width: 5) == "abc\u{1B}[31md…\u{1B}[0m")
    }

    @Test func `a sparkline is as high as its values`() {
        #expect(Sparkline.text([0, 1, nil, 4, 8, 100], low: 0, high: 8) == "▁▂ ▅██")
        #expect(
            Sparkline.text([1, 10, 100, .infinity], low: 1, high: 100, isLogarithmic: true) == "▁▅██")
        #expect(Sparkline.text([3], low: 3, high: 3) == "▁")
    }
}
