import History
import Plan
import TestKit
import Testing

@testable import Verdict

@Suite struct HopTests {
    private let coarse = System.Hop(name: "a to b", whole: "a", part: "b", resolution: .milliseconds(1))
    private let fine = System.Hop(name: "a to b", whole: "a")

    private func load(
        _ hop: System.Hop, _ time: Nanoseconds?, under bound: Double, name: String = "a to b"
    ) -> RecordingBuilder {
        RecordingBuilder(seconds: 60).hops([(hop, time)])
            .expecting("p95 hop", .hop(name, percentile: 95, .below(.seconds(bound / 1e3))))
    }

    private func finding(_ builder: RecordingBuilder) -> Finding { judge(builder.recording).findings[0] }

    @Test func `a hop is kept, broken, or too near its bound for the system's clock to tell`() {
        let rows: [(hop: System.Hop, time: Double, bound: Double, answer: Answer)] = [
            (fine, 4, 5, .kept), (fine, 6, 5, .broken), (fine, 4.95, 5, .kept), (fine, 5.05, 5, .broken),
            // 1 ms to either side.
            (coarse, 3.9, 5, .kept), (coarse, 4.1, 5, .unknown), (coarse, 5.9, 5, .unknown),
            (coarse, 6.1, 5, .broken),
        ]
        for row in rows {
            let found = finding(load(row.hop, .seconds(row.time / 1e3), under: row.bound))
            #expect(found.answer == row.answer, "\(row)")
        }
    }

    @Test func `the verdict says what was measured, and how exactly`() {
        let near = finding(load(coarse, .microseconds(4200), under: 5))
        #expect(near.measured == "p95 4.2ms (95% interval 3.2ms to 5.21ms, n 3,000, resolution 1ms)")
        #expect(near.reason == "the bound is nearer than the resolution, 1ms, can tell")
        #expect(near.figure?.unit == "ms" && near.figure?.count == 3_000)
        let within = finding(load(coarse, .milliseconds(3), under: 1))
        #expect(within.answer == .unknown && within.reason == "the bound is within the resolution, 1ms")
    }

    @Test func `a hop that no answer told is unknown`() {
        #expect(
            finding(load(fine, nil, under: 5)).reason == "no answer in this window told the time of this hop")
        #expect(finding(load(fine, .milliseconds(1), under: 5, name: "b to c")).answer == .unknown)
    }

    @Test func `a hop is broken by the seconds in which it was slow, and the steady state with it`() {
        let slow = load(fine, .milliseconds(2), under: 5).changed { recording in
            for row in 0..<30 {
                recording.seconds[row].hops[0].reset()
                recording.seconds[row].hops[0].record(.milliseconds(50), times: 50)
            }
        }
        #expect(finding(slow).answer == .broken)
        #expect(steadyState(slow.recording).map(\.expectation.text) == ["p95 hop"])
        #expect(steadyState(load(fine, .milliseconds(2), under: 5).recording).isEmpty)
        #expect(steadyState(load(coarse, .microseconds(5500), under: 5).recording).isEmpty, "cannot be told")
        #expect(steadyState(load(fine, nil, under: 5).recording).isEmpty, "no data is not broken")
    }

    @Test func `in the lab a miss that a busy machine can explain is unknown, a larger one broken`() {
        let late = load(fine, .milliseconds(7), under: 5).changed { recording in
            for second in recording.generator.indices {
                recording.generator[second].lateness.record(.milliseconds(4), times: 10)
            }
        }
        let reason =
            "the lab's machine was busy: it woke the generator's own threads late, p99 4ms, "
            + "which can explain the miss; the whole interval misses the bound"
        #expect(finding(late).answer == .unknown && finding(late).reason == reason)
        #expect(steadyState(late.recording).isEmpty)
        let slower = late.hops([(fine, .milliseconds(10))])
        #expect(finding(slower).answer == .broken && steadyState(slower.recording).count == 1)
        let onAWS = late.changed { $0.run.environment.platform = "aws" }
        #expect(finding(onAWS).answer == .broken, "there the generator has a machine of its own")
    }

    @Test func `answers are told apart by the second they were due in`() {
        let late = load(fine, .milliseconds(2), under: 5).changed { recording in
            for row in 0..<30 {
                recording.seconds[row].hops[0].reset()
                recording.seconds[row].hops[0].record(.milliseconds(50), times: 50)
            }
            recording.run.plan.streams[0].load = .open([
                Phase(.warmUp, startRate: 50, endRate: 50, duration: .seconds(30)),
                Phase(.hold, startRate: 50, endRate: 50, duration: .seconds(30)),
            ])
        }
        #expect(finding(late).answer == .kept, "the slow half is the warm-up")
        #expect(finding(late).figure?.count == 1_500)
    }
}

@Suite struct KnownBrokenTests {
    private func load(errors: Int, bound: Double = 0.01) -> RecordingBuilder {
        RecordingBuilder(seconds: 60)
            .expecting("error rate", .errorRate(.below(bound)), promise: "few errors")
            .failing(0..<60, each: errors)
    }

    @Test func `a promise that is known broken and is broken does not break the run`() {
        let verdict = judge(load(errors: 5).promising("few errors", knownBroken: "errors are free").recording)
        #expect(verdict.answer == .knownBroken)
        #expect(verdict.findings[0].answer == .knownBroken)
        #expect(verdict.findings[0].reason == "known broken: errors are free")
        #expect(verdict.notes.isEmpty)
        #expect(judge(load(errors: 5).recording).answer == .broken, "unless the system file says so")
    }

    @Test func `it is kept to everybody's surprise`() {
        let verdict = judge(load(errors: 0).promising("few errors", knownBroken: "errors are free").recording)
        #expect(verdict.answer == .kept)
        #expect(
            verdict.notes == [
                "a surprise: \"few errors\" was kept, and the system file calls it known broken: errors are free"
            ])
    }

    @Test func `known broken excuses nothing else`() {
        let other = load(errors: 5).promising("few errors", knownBroken: "errors are free")
            .expecting("p95 latency", .latency(percentile: 95, .below(.milliseconds(1))))
        #expect(judge(other.recording).answer == .broken)
        let unsure = load(errors: 0, bound: 0.001).promising("few errors", knownBroken: "errors are free")
        #expect(judge(unsure.recording).answer == .unknown, "3,000 requests do not show a rate under 0.1 %")
    }

    @Test func `what is known broken neither stops a fault nor makes a second bad`() {
        let load = load(errors: 5).promising("few errors", knownBroken: "errors are free")
        #expect(steadyState(load.recording).isEmpty)
        let slow = RecordingBuilder(seconds: 60)
            .expecting("p95", .latency(percentile: 95, .below(.milliseconds(1))), promise: "fast")
        #expect(judge(slow.recording).badSeconds == 60)
        #expect(judge(slow.promising("fast", knownBroken: "slow disks").recording).badSeconds == 0)
    }

    @Test func `by construction is said where the lab's settings decide`() {
        let kept = load(errors: 0).promising("few errors", byConstruction: true)
        let reason = "by construction: the lab's own settings decide it, only AWS can tell"
        #expect(judge(kept.recording).findings[0].reason == reason)
        #expect(judge(kept.recording).answer == .kept)
        let onAWS = kept.changed { $0.run.environment.platform = "aws" }
        #expect(judge(onAWS.recording).findings[0].reason == "")
    }
}
