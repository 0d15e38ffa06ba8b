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
        #expect((StopRule.reason(recording, now: .seconds(20)) != nil) == stops)
    }

    @Test func `it takes fifteen seconds of silence`() {
        #expect(StopRule.reason(Self.recording(failure: .connect), now: .seconds(14.9)) == nil)
        #expect(StopRule.reason(Self.recording(failure: .connect), now: .seconds(15)) != nil)
    }
}
