import History
import Plan
import TestKit
import Testing

@testable import Verdict

/// W = 5 s and H = 30 s at speed 1: 35 s without a bad second are lasting calm.
@Suite struct RecoveryTests {
    private func load(_ bound: Nanoseconds = .seconds(30), seconds: Int = 200, speed: Double = 1)
        -> RecordingBuilder
    {
        RecordingBuilder(seconds: seconds, speed: speed)
            .expecting("recovery after block", .recovery(.below(bound)), .after(fault: "block"))
            .fault("block", at: 40, healed: 80)
    }

    private func judged(_ builder: RecordingBuilder) -> (Finding, Aftermath?) {
        let verdict = judge(builder.recording)
        return (verdict.findings[0], verdict.aftermaths.first)
    }

    @Test func `no bad second is a recovery of zero`() {
        let (finding, aftermath) = judged(load())
        #expect(finding.answer == .kept)
        #expect(finding.measured == "0s: no bad second (resolution 1s)")
        #expect(aftermath?.outcome == .unharmed)
    }

    @Test func `recovery runs from the first bad second to the first of lasting calm`() {
        // Bad from 43 to 52, so 10 s: not from the injection at 40, not to the healing at 80.
        let (finding, aftermath) = judged(load().failing(43..<53, each: 3))
        #expect(finding.answer == .kept)
        #expect(finding.measured == "10s (resolution 1s)")
        #expect(aftermath?.outcome == .recovered(at: 53))
        #expect(aftermath?.badSeconds == 10)
    }

    @Test func `a pause shorter than W and H does not end it`() {
        // 20 good seconds between two bad stretches are not 35: 40 to 70 is one recovery.
        let (finding, aftermath) = judged(load().failing(40..<42, each: 3).failing(62..<70, each: 3))
        #expect(finding.measured == "30s (resolution 1s)")
        #expect(aftermath?.outcome == .recovered(at: 70))
    }

    @Test func `a second dip after lasting calm is reported and named fail-back when the fault was reverted`()
    {
        let (finding, aftermath) = judged(load().failing(40..<42, each: 3).failing(79..<82, each: 3))
        #expect(finding.answer == .kept)
        #expect(finding.measured == "2s (resolution 1s), then 1 more dip")
        #expect(aftermath?.dips == [Aftermath.Dip(from: 79, to: 82, isFailBack: true)])
    }

    @Test func `slow seconds are bad when calm has a p95 bound and not when it has none`() {
        let slow = load().slow(40..<50, .milliseconds(500))
        #expect(judged(slow).1?.outcome == .unharmed)
        let bounded = slow.expecting("p95 < 100ms", .latency(percentile: 95, .below(.milliseconds(100))))
        #expect(judged(bounded).1?.outcome == .recovered(at: 50))
        #expect(judged(bounded).1?.slowSeconds == 10)
    }

    @Test func `not recovered and already over the bound is broken`() {
        let (finding, _) = judged(load().failing(40..<200, each: 3))
        #expect(finding.answer == .broken)
        #expect(finding.measured == "over 160s")
        #expect(finding.reason == "no 35s without a bad second followed before the load ended")
    }

    @Test func `not recovered and still within the bound is unknown`() {
        let (finding, _) = judged(load(.seconds(300)).failing(40..<200, each: 3))
        #expect(finding.answer == .unknown)
    }

    @Test func `calm that the end cut short is unknown`() {
        let (finding, _) = judged(load(.seconds(300)).failing(100..<180, each: 3))
        #expect(finding.answer == .unknown, "20 good seconds before the end are not 35")
    }

    @Test func `a bound within the resolution cannot be told`() {
        let (finding, _) = judged(load(.seconds(6), speed: 6))
        #expect(finding.answer == .unknown)
        #expect(finding.reason == "the bound is not longer than the resolution: one real second is 6s here")
    }

    @Test func `a bound missed by less than the resolution is unknown and by more is broken`() {
        #expect(judged(load(.seconds(10)).failing(40..<50, each: 3)).0.answer == .unknown, "10s is not < 10s")
        #expect(judged(load(.seconds(9)).failing(40..<50, each: 3)).0.answer == .broken)
        #expect(judged(load(.seconds(11)).failing(40..<50, each: 3)).0.answer == .kept)
    }

    @Test func `times are on the scenario clock`() {
        // At speed 6, ten bad real seconds are a scenario minute; W is 1 real second and H 5.
        let (finding, _) = judged(load(.seconds(90), speed: 6).failing(40..<50, each: 3))
        #expect(finding.measured == "60s (resolution 6s)")
        #expect(finding.answer == .kept)
    }

    @Test func `the next fault ends the view of the first`() {
        let builder = load(.seconds(30)).fault("kill", at: 60, healed: 70).failing(45..<62, each: 3)
        let verdict = judge(builder.recording)
        #expect(verdict.aftermaths.map(\.to) == [60, 200])
        #expect(verdict.findings[0].answer == .unknown)
        #expect(verdict.findings[0].reason == "no 35s without a bad second followed before \"kill\" came")
    }

    @Test func `an unproved fault leaves its recovery unknown`() {
        let builder = RecordingBuilder(seconds: 200)
            .expecting("recovery", .recovery(.below(.seconds(30))), .after(fault: "block"))
            .fault("block", at: 40, healed: 80, isProved: false).failing(40..<100, each: 3)
        let finding = judge(builder.recording).findings[0]
        #expect(finding.answer == .unknown)
        #expect(finding.reason == "the effect of \"block\" was not proved; it misses the bound")
    }

    @Test func `calm is what lies outside a fault and its aftermath`() {
        // Fault at 40, healed at 80: calm ends with second 38 (39 may hold requests that were open at 40)
        // and begins again with second 110 = 80 + H.
        let evidence = Evidence(load().recording)
        #expect(evidence.seconds(.calm)?.map(\.second) == Array(0..<39) + Array(110..<200))
        // Recovered only at 120: calm begins there.
        let late = Evidence(load().failing(45..<120, each: 3).recording)
        #expect(late.seconds(.calm)?.map(\.second) == Array(0..<39) + Array(120..<200))
        #expect(evidence.seconds(.during(fault: "block"))?.map(\.second) == Array(40..<80))
        #expect(evidence.seconds(.after(fault: "block"))?.map(\.second) == Array(40..<200))
        #expect(evidence.seconds(.after(fault: "other")) == nil)
    }

    @Test func `nothing is calm after a fault that never healed`() {
        let builder = RecordingBuilder(seconds: 100).fault("block", at: 40, healed: nil)
        #expect(Evidence(builder.recording).seconds(.calm)?.map(\.second) == Array(0..<39))
        #expect(judge(builder.recording).answer == .notHealed)
    }
}
