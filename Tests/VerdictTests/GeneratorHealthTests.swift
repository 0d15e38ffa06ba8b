import History
import Plan
import TestKit
import Testing

@testable import Verdict

/// What the generator's own state takes from a verdict, and what it leaves.
@Suite struct GeneratorHealthTests {
    private let p95 = Expectation.Check.latency(percentile: 95, .below(.milliseconds(100)))

    private func finding(_ builder: RecordingBuilder) -> Finding { judge(builder.recording).findings[0] }

    @Test func `a late or busy generator turns a broken latency into unknown, never a kept one`() {
        func late(_ builder: RecordingBuilder) -> RecordingBuilder {
            builder.changed { recording in
                for second in recording.generator.indices {
                    recording.generator[second].lateness.record(.milliseconds(30), times: 5)
                }
            }
        }
        let load = RecordingBuilder(seconds: 60).expecting("p95", p95)
        // p95 120 ms, 30 ms late: 90 ms without us, under the bound of 100 ms.
        let slightly = late(load.slow(0..<60, .milliseconds(110)))
        #expect(finding(slightly).answer == .unknown)
        #expect(
            finding(slightly).reason.hasPrefix(
                "the generator was late: p99 of lateness 29.9ms, over 10% of the tightest latency bound 100ms"
            ))
        let slow = load.slow(0..<60, .milliseconds(200))
        #expect(
            finding(late(slow)).answer == .broken, "a miss that is larger than our lateness is the system's")
        let lost = late(load.failing(0..<60, each: 10))
        #expect(finding(lost).answer == .broken, "what never came did not come late")
        let busy = slow.changed { recording in
            for second in recording.generator.indices { recording.generator[second].cpuFraction = 0.97 }
        }
        #expect(finding(busy).answer == .unknown)
        #expect(finding(busy).reason.contains("used 97% of a core"))
        func starved(_ load: RecordingBuilder) -> RecordingBuilder {
            load.changed { recording in
                for second in recording.generator.indices { recording.generator[second].waitFraction = 0.12 }
            }
        }
        // A fifth of the requests is slow, and 12 % of the time at each end was the generator's.
        let partly = starved(
            stride(from: 0, to: 60, by: 5).reduce(load) { $0.slow($1..<$1 + 1, .milliseconds(200)) })
        #expect(finding(partly).answer == .unknown)
        #expect(
            finding(partly).reason.hasPrefix(
                "the generator was starved: a worker was ready to run and had no core for 12% of the time, over 5%"
            ))
        #expect(
            finding(starved(slow)).answer == .broken,
            "more requests were slow than a starved generator can have touched")
        // A fifth never got a good answer, so p95 is infinite.
        let some = starved(lost)
        #expect(finding(some).answer == .unknown && steadyState(some.recording).isEmpty)
        let many = starved(load.failing(0..<60, each: 20))
        #expect(finding(many).answer == .broken && steadyState(many.recording).count == 1)
        #expect(finding(late(RecordingBuilder(seconds: 60).expecting("p95", p95))).answer == .kept)
    }

    @Test func `seconds that the generator never planned are a shortfall`() {
        let load = RecordingBuilder(seconds: 60).expecting("p95", p95, .measured)
        let stalled = load.changed { $0.seconds.removeAll { (20..<30).contains($0.second) } }
        #expect(finding(stalled).answer == .unknown)
    }
}
