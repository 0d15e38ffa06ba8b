import History
import Plan
import TestKit
import Testing

@testable import Verdict

@Suite struct ForecastTests {
    private func warnings(_ builder: RecordingBuilder) -> [String] {
        forecast(builder.recording.run.plan).map(\.description)
    }

    @Test func `too few calm requests are told beforehand`() {
        // 55 s at 50/s.
        let load = RecordingBuilder(seconds: 55, speed: 10)
            .expecting("error rate < 0.1% when calm", .errorRate(.below(0.001)))
            .expecting("error rate < 1% when calm", .errorRate(.below(0.01)))
            .expecting("p99.9 latency < 1s when calm", .latency(percentile: 99.9, .below(.seconds(1))))
            .expecting("p95 latency < 1s when calm", .latency(percentile: 95, .below(.seconds(1))))
        #expect(
            warnings(load) == [
                "error rate < 0.1% when calm: cannot be told: "
                    + "at speed 10 it needs 3,690 calm requests and will have 2,750",
                "p99.9 latency < 1s when calm: cannot be told: "
                    + "at speed 10 it needs 3,690 calm requests and will have 2,750",
            ])
    }

    @Test func `windows of faults swallow calm`() {
        let load = RecordingBuilder(seconds: 60, rate: 10)
            .expecting("error rate < 1% when calm", .errorRate(.below(0.01))).fault(
                "block", at: 10, healed: 40)
        #expect(
            warnings(load) == [
                "error rate < 1% when calm: cannot be told: it needs 368 calm requests and will have 90"
            ])
    }

    @Test func `a hop bound within its resolution, or with too few answers, is told`() {
        let hop = System.Hop(name: "a to b", whole: "a", resolution: .milliseconds(1))
        let load = RecordingBuilder(seconds: 60, rate: 1).hops([(hop, nil)])
            .expecting("p95 hop a to b < 1ms", .hop("a to b", percentile: 95, .below(.milliseconds(1))))
            .expecting("p95 hop a to b < 5ms", .hop("a to b", percentile: 95, .below(.milliseconds(5))))
        #expect(
            warnings(load) == [
                "p95 hop a to b < 1ms: cannot be told: the bound is within the resolution of this hop, 1ms",
                "p95 hop a to b < 5ms: cannot be told: it needs 72 calm requests and will have 60",
            ])
    }

    @Test func `an error rate of exactly zero can never be shown`() {
        let load = RecordingBuilder(seconds: 60).expecting("error rate = 0%", .errorRate(.equal(0)))
        #expect(
            warnings(load) == [
                "error rate = 0%: cannot be told: no number of requests shows a rate of exactly 0; "
                    + "ask for less than a small rate"
            ])
    }

    @Test func `a recovery bound within the resolution or too near the end is told`() {
        let fast = RecordingBuilder(seconds: 200, speed: 6).fault("block", at: 40, healed: 80)
            .expecting("recovery < 5s", .recovery(.below(.seconds(5))), .after(fault: "block"))
        #expect(
            warnings(fast) == [
                "recovery < 5s: cannot be told: the bound is within the resolution, one real second being 6s"
            ])
        let late = RecordingBuilder(seconds: 100).fault("block", at: 80, healed: 90)
            .expecting("recovery < 30s", .recovery(.below(.seconds(30))), .after(fault: "block"))
        #expect(
            warnings(late) == [
                "recovery < 30s: cannot be told: it needs 35s after \"block\" and will have 20s"
            ])
    }

    @Test func `lost writes need a tracked request`() {
        let load = RecordingBuilder(seconds: 60).expecting(
            "lost writes = 0", .lostWrites(.equal(0)), .measured)
        #expect(warnings(load) == ["lost writes = 0: cannot be told: no request is tracked"])
        let tracked = load.changed {
            $0.run.plan.requests[0].tracking = Tracking(readBack: Template([.literal("/items/"), .uuid]))
        }
        #expect(warnings(tracked).isEmpty)
    }

    @Test func `a plan that can be told has no warnings`() {
        let load = RecordingBuilder(seconds: 600).fault("block", at: 120, healed: 240)
            .expecting("error rate", .errorRate(.below(0.005)))
            .expecting("p95", .latency(percentile: 95, .below(.milliseconds(100))))
            .expecting("recovery", .recovery(.below(.seconds(120))), .after(fault: "block"))
        #expect(warnings(load).isEmpty)
    }
}
