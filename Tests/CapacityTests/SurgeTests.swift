import Capacity
import History
import Plan
import TestKit
import Testing

/// How long scaling out took, from a recording.
@Suite struct SurgeTests {
    private static let plan: Plan = {
        var scenario = RecordingBuilder(seconds: 60, speed: 10).recording.run.plan
        scenario.system = Shop.system
        return Surge.plan(scenario, service: "web", capacity: 200, held: ["cache": 1])
    }()

    private static func recording(_ samples: [PlatformSample]) -> Recording {
        var recording = RecordingBuilder(seconds: 126, speed: 10).recording
        recording.run.plan = plan
        recording.platform = samples
        return recording
    }

    private static func tasks(
        _ at: Double, _ metric: PlatformSample.Metric, _ value: Double, zone: String? = nil
    ) -> PlatformSample {
        PlatformSample(at: .seconds(at), metric: metric, service: "web", zone: zone, value: value)
    }

    private static let atRest = [
        tasks(-0.5, .desiredTasks, 2), tasks(-0.5, .healthyTasks, 1, zone: "a"),
        tasks(-0.5, .healthyTasks, 1, zone: "b"),
    ]

    @Test func `the load steps from ease to all that the fewest tasks carry`() {
        guard case .open(let phases) = Self.plan.streams[0].load else {
            Issue.record("closed")
            return
        }
        #expect(phases.map(\.startRate) == [80, 190] && phases.map(\.kind) == [.warmUp, .hold])
        #expect(Self.plan.faults.map(\.name) == ["scale cache to 1 task"])
    }

    @Test func `it is counted from the step of the load, on the scenario clock`() throws {
        // The step is at 84 real seconds.
        let samples =
            Self.atRest + [
                Self.tasks(94, .desiredTasks, 3), Self.tasks(98, .healthyTasks, 2, zone: "a"),
            ]
        let surge = try #require(Surge(Self.recording(samples), of: "web"))
        #expect(surge.decided == 100 && surge.served == 140 && surge.resolution == 10)
    }

    @Test func `what did not come is not made up`() throws {
        let none = try #require(Surge(Self.recording(Self.atRest), of: "web"))
        #expect(none.decided == nil && none.served == nil)
        // A task that was healthy before the decision is not its doing.
        let early =
            Self.atRest + [
                Self.tasks(86, .healthyTasks, 2, zone: "a"), Self.tasks(87, .healthyTasks, 1, zone: "a"),
                Self.tasks(94, .desiredTasks, 3),
            ]
        let surge = try #require(Surge(Self.recording(early), of: "web"))
        #expect(surge.decided == 100 && surge.served == nil)
    }

    @Test func `with more than the fewest tasks at the step nothing had to come`() throws {
        let samples = Self.atRest + [Self.tasks(20, .desiredTasks, 3), Self.tasks(94, .desiredTasks, 4)]
        #expect(try #require(Surge(Self.recording(samples), of: "web")).decided == nil)
    }

    @Test func `a stage is no surge`() {
        let stage = StagePlan(
            scenario: Self.plan, objective: Objective(latency: .milliseconds(100)), service: "web", tasks: 2)
        var recording = Self.recording(Self.atRest)
        recording.run.plan = stage.plan(rate: 100)
        #expect(Surge(recording, of: "web") == nil)
    }
}
