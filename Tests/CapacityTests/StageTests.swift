import Capacity
import History
import Plan
import TestKit
import Testing

import struct Plan.Expectation

/// A stage as a Plan, and what its recording says.
@Suite struct StageTests {
    private static let objective = Objective(latency: .milliseconds(100))
    private static let scenario: Plan = {
        var plan = RecordingBuilder(seconds: 60, speed: 10).recording.run.plan
        plan.system = Shop.system
        return plan
    }()
    private static let stage = StagePlan(
        scenario: scenario, objective: objective, service: "web", tasks: 3, held: ["cache": 1])

    /// A recording of the stage at 200/s in which everything went as planned.
    private static func played(_ change: (inout Recording) -> Void = { _ in }) -> Recording {
        let plan = stage.plan(rate: 200)
        var recording = RecordingBuilder(seconds: 37, rate: 200, warmUp: 17, speed: 10).recording
        recording.run.plan = plan
        recording.faults = plan.faults.enumerated().map { index, fault in
            var record = FaultRecord(index: index, name: fault.name, state: .healed)
            (record.injected, record.effect) = (.seconds(0.1), .seconds(4))
            (record.reverted, record.healed) = (.seconds(37), .seconds(38))
            return record
        }
        recording.platform = [
            PlatformSample(at: .zero, metric: .runningTasks, service: "web", value: 3),
            PlatformSample(at: .seconds(12), metric: .cpuUtilization, service: "web", value: 20),
            PlatformSample(at: .seconds(24), metric: .cpuUtilization, service: "web", value: 60),
            PlatformSample(at: .seconds(30), metric: .cpuUtilization, service: "web", value: 64),
            PlatformSample(at: .seconds(36), metric: .cpuUtilization, service: "web", value: 62),
        ]
        change(&recording)
        return recording
    }

    @Test func `a stage holds every service and expects the objective`() {
        let plan = Self.stage.plan(rate: 200)
        #expect(plan.faults.map(\.name) == ["scale web to 3 tasks", "scale cache to 1 task"])
        #expect(plan.faults.allSatisfy { $0.at == .zero && $0.duration == plan.duration })
        #expect(
            plan.expectations.map(\.text) == [
                "p95 latency < 100ms", "error rate < 1%", "running tasks of web = 3",
            ])
        // Real time: 12 s to settle, 5 s to warm up, 20 s measured, at ten times the speed.
        #expect(plan.real(plan.duration) == .seconds(37) && plan.real(plan.measuredFrom) == .seconds(17))
        #expect(Self.stage.plan(rate: 200, isConfirming: true).duration == plan.duration + .seconds(200))
        #expect(plan.requests.allSatisfy { $0.tracking == nil })
    }

    @Test func `on AWS a stage is long enough for whole minutes of CloudWatch`() {
        var scenario = Self.scenario
        scenario.speed = 1
        let plan = StagePlan(scenario: scenario, objective: Self.objective, service: "web", tasks: 3).plan(
            rate: 9)
        #expect(plan.duration - plan.measuredFrom == .seconds(180) && plan.measuredFrom == .seconds(125))
    }

    @Test func `what is measured is the held rate`() throws {
        let stage = try #require(Stage(Self.played()))
        #expect(stage.tasks == 3 && stage.rate == 200 && stage.service == "web" && stage.outcome == .met)
        #expect(stage.seconds == 20 && stage.throughput == 200 && stage.errorRate == 0)
        // Of the minutes, six real seconds each, those that began after the warm-up.
        #expect(stage.cpu.mapValues { ($0 * 1000).rounded() } == ["web": 620])
        #expect((20.0...22).contains(stage.p95 ?? 0))
    }

    @Test func `slow is missed`() throws {
        let slow = RecordingBuilder(seconds: 37, rate: 200).slow(17..<37, .milliseconds(400)).recording
        let stage = try #require(Stage(Self.played { $0.seconds = slow.seconds }))
        #expect(stage.outcome == .missed)
    }

    @Test func `failed is missed`() throws {
        let failing = RecordingBuilder(seconds: 37, rate: 200).failing(17..<37, each: 20).recording
        let stage = try #require(Stage(Self.played { $0.seconds = failing.seconds }))
        #expect(stage.outcome == .missed && abs(stage.errorRate - 0.1) < 1e-9)
    }

    @Test func `a generator that did not offer the rate was the limit`() throws {
        let stage = try #require(
            Stage(Self.played { $0.seconds.removeAll { (20..<30).contains($0.second) } }))
        guard case .generator(let why) = stage.outcome else {
            Issue.record("\(stage.outcome)")
            return
        }
        #expect(why.hasPrefix("the generator offered 50% of the planned requests"))
    }

    @Test func `other tasks than asked for tell nothing`() throws {
        let stage = try #require(
            Stage(
                Self.played {
                    $0.platform.append(
                        PlatformSample(at: .seconds(25), metric: .runningTasks, service: "web", value: 2))
                }))
        guard case .invalid(let why) = stage.outcome else {
            Issue.record("\(stage.outcome)")
            return
        }
        #expect(why.hasPrefix("running tasks of web = 3: web 2 to 3"))
    }

    @Test func `a count that was not proved tells nothing`() throws {
        let stage = try #require(Stage(Self.played { $0.faults[1].effect = nil }))
        guard case .invalid(let why) = stage.outcome else {
            Issue.record("\(stage.outcome)")
            return
        }
        #expect(why.hasPrefix("scale cache to 1 task was not proved"))
    }

    @Test func `another run is no stage`() {
        #expect(Stage(RecordingBuilder(seconds: 30).recording) == nil)
    }

    @Test func `an objective is the tightest p95 that a system promises`() {
        var system = Shop.system
        #expect(Objective(of: system) == nil)
        func promise(_ latency: Double, knownBroken: String? = nil) -> System.Promise {
            System.Promise(
                name: "\(latency)", source: "",
                expectations: [
                    Expectation(
                        text: "", check: .latency(percentile: 95, .below(.seconds(latency))), window: .calm)
                ], knownBroken: knownBroken)
        }
        system.promises = [promise(0.3), promise(0.1), promise(0.01, knownBroken: "never")]
        #expect(Objective(of: system)?.words == "p95 latency < 100ms, error rate < 1%")
    }
}
