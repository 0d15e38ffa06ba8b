import Conductor
import History
import Plan
import Testing

struct StopRuleTests {
    private static func recording(failure: FailureClass, ok: UInt64 = 0, fault: FaultRecord? = nil)
        -> Recording
    {
        let plan = Plan(name: "test", load: .closed(users: 1, duration: .seconds(60)), requests: [])
        var recording = Recording(
            run: RunRecord(
                id: "run", startedAt: "", plan: plan, seed: 1, command: "", version: "",
                environment: .init(platform: "", targets: [], host: "", kernel: "", processors: 1)))
        for second in 0..<20 {
            var row = LoadSecond(second: second, route: 0)
            (row.planned, row.sent, row.ok, row.failed) = (10 + ok, 10 + ok, ok, 10)
            row.failures = [
                FailureCount(failure: failure, node: "", reusedConnection: false, status: 0, count: 10)
            ]
            recording.seconds.append(row)
        }
        recording.faults = fault.map { [$0] } ?? []
        return recording
    }

    private static let openFault: FaultRecord = {
        var fault = FaultRecord(index: 0, name: "block zone a", state: .injected)
        fault.injected = .seconds(1)
        return fault
    }()

    @Test(arguments: [
        (FailureClass.connect, UInt64(0), false, true),  // nobody there
        (.dns, 0, false, true),  // the name is gone
        (.connect, 1, false, false),  // one good answer: it is up
        (.application5xx, 0, false, false),  // it answers: broken, but measurable
        (.timeout, 0, false, false),  // slow is measured, not stopped
        (.connect, 0, true, false),  // what the fault does is what we want to see
    ])
    func `only a silent target outside faults stops a run`(
        failure: FailureClass, ok: UInt64, faulty: Bool, stops: Bool
    ) {
        let recording = Self.recording(failure: failure, ok: ok, fault: faulty ? Self.openFault : nil)
        #expect((StopRule.reason(Timeline(recording), now: .seconds(20)) != nil) == stops)
    }

    @Test func `it takes fifteen seconds of silence`() {
        #expect(StopRule.reason(Timeline(Self.recording(failure: .connect)), now: .seconds(14.9)) == nil)
        #expect(StopRule.reason(Timeline(Self.recording(failure: .connect)), now: .seconds(15)) != nil)
    }

    private static func recording(stop kind: StopCondition.Kind, failedOf10: UInt64) -> Recording {
        var plan = Plan(
            name: "test", load: .closed(users: 1, duration: .seconds(600)), requests: [], speed: 6)
        plan.stops = [StopCondition(text: "the condition", kind: kind)]
        var recording = recording(failure: .application5xx)
        recording.run.plan = plan
        for place in recording.seconds.indices {
            let failed = place < 10 ? 0 : failedOf10
            (recording.seconds[place].failed, recording.seconds[place].ok) = (failed, 10 - failed)
        }
        return recording
    }

    /// 30 s of the scenario's clock are 5 real ones; requests fail from second 10 on.
    @Test(arguments: [
        (UInt64(5), 15, true), (5, 14.9, false), (4, 20, false), (10, 11.9, false), (10, 12.9, false),
        (10, 13, true), (0, 20, false), (10, 4.9, false),
    ])
    func `an error rate above the scenario's own bound stops a run`(
        failed: UInt64, now: Double, stops: Bool
    ) {
        let recording = Self.recording(
            stop: .errorRate(above: 0.4, length: .seconds(30)), failedOf10: failed)
        let reason = StopRule.reason(Timeline(recording), now: .seconds(now))
        #expect((reason != nil) == stops, "\(reason ?? "none")")
    }

    @Test func `a request that fails long after it was due counts when it was due`() {
        var recording = Self.recording(
            stop: .errorRate(above: 0.4, length: .seconds(6)), failedOf10: 0)
        // One second of the scenario's six, and its failures are known three seconds later only.
        (recording.seconds[15].ok, recording.seconds[15].unfinished) = (0, 10)
        #expect(StopRule.reason(Timeline(recording), now: .seconds(16)) == nil)
        (recording.seconds[15].failed, recording.seconds[15].unfinished) = (10, 0)
        #expect(StopRule.reason(Timeline(recording), now: .seconds(19)) != nil)
    }

    @Test func `what is still waited for has not failed`() {
        var recording = Self.recording(stop: .errorRate(above: 0.4, length: .seconds(30)), failedOf10: 0)
        for place in recording.seconds.indices {
            (recording.seconds[place].ok, recording.seconds[place].unfinished) = (0, 10)
        }
        #expect(StopRule.reason(Timeline(recording), now: .seconds(20)) == nil)
    }

    @Test func `a stop's alarm stops a run as soon as it is on, and another does not`() {
        var recording = Self.recording(stop: .alarm("errors"), failedOf10: 0)
        func change(_ name: String, _ old: String, _ new: String) {
            recording.events.append(
                .alarm(name, at: .seconds(1), from: old, to: new, because: "Threshold Crossed"))
        }
        change("cpu", "OK", "ALARM")
        #expect(StopRule.reason(Timeline(recording), now: .seconds(20)) == nil)
        change("errors", "INSUFFICIENT_DATA", "OK")
        #expect(StopRule.reason(Timeline(recording), now: .seconds(20)) == nil)
        change("errors", "OK", "ALARM")
        #expect(
            StopRule.reason(Timeline(recording), now: .seconds(20))
                == "the condition: OK → ALARM: Threshold Crossed")
    }
}
