import AWS
import Chaos
import History
import Plan
import TestKit
import Testing

@Suite struct KillTasksTests {
    private func fault(_ count: Int, _ service: String, zone: String? = nil) -> PlannedFault {
        PlannedFault(
            name: "kill \(count)", fault: .killTasks(count: .number(count), service: service, zone: zone),
            at: .zero)
    }

    @Test func `a task is stopped for our reason, replaced, and proved so`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([Stage.kill])
        try await engine.preflight()
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(record.targets.count == 1)
        let stopped = try #require(stage.cloud.now.tasks.first { $0.lastStatus == "STOPPED" })
        #expect(stopped.reason == "loadchaos run-1")
        #expect(record.effectProof == "task \(stopped.id) is STOPPED, stopped by us")
        #expect(record.healedProof == "web: 2 of 2 tasks run, 2 targets healthy")
        #expect(stage.mutations == ["StopTask"])
        #expect(try stage.journal().all().map(\.state) == [.reverted])
    }

    @Test(
        arguments: [
            (3, "app", nil, 3), (2, "app", "eu-test-1b", 2), (1, "app", "eu-test-1a", 1),
            (1, "web", "eu-test-1b", 1),
        ] as [(Int, String, String?, Int)])
    func `only running tasks of the service and the zone are stopped`(
        count: Int, service: String, zone: String?, stopped: Int
    ) async throws {
        let stage = try Stage()
        await (try stage.engine([fault(count, service, zone: zone)])).play(0)
        let victims = stage.cloud.now.tasks.filter { $0.lastStatus == "STOPPED" }
        #expect(victims.count == stopped)
        #expect(victims.allSatisfy { $0.service == service && (zone == nil || $0.zone == zone) })
    }

    @Test(
        arguments: [
            (3, "web", nil, "2 tasks of web run, 3 are to be killed: ask for fewer"),
            (
                2, "web", "eu-test-1a",
                "1 tasks of web run in zone eu-test-1a, 2 are to be killed: ask for fewer"
            ),
            (
                1, "web", "eu-test-1z",
                "0 tasks of web run in zone eu-test-1z, 1 are to be killed: ask for fewer"
            ),
        ] as [(Int, String, String?, String)])
    func `more tasks than there are is refused, not rounded down`(
        count: Int, service: String, zone: String?, words: String
    ) async throws {
        let stage = try Stage()
        let engine = try stage.engine([fault(count, service, zone: zone)])
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(error?.description == "kill \(count): \(words)")
        await engine.play(0)
        #expect(stage.history.faults[0]?.state == .skipped)
        #expect(stage.history.faults[0]?.problem == words)
        #expect(stage.mutations.isEmpty)
        #expect(try stage.journal().all().isEmpty)
    }

    @Test func `the choice depends on the seed, not on the order of the list`() {
        let tasks = (0..<20).map { ECSTask(arn: "t/\($0)", group: "service:web") }
        let chosen = KillTasks.pick(5, of: tasks, seed: 3, index: 1)
        #expect(KillTasks.pick(5, of: tasks.reversed(), seed: 3, index: 1) == chosen)
        #expect(Set(chosen).count == 5)
        #expect(KillTasks.pick(5, of: tasks, seed: 4, index: 1) != chosen)
        #expect(KillTasks.pick(5, of: tasks, seed: 3, index: 2) != chosen)
        let all = Set((0..<200).flatMap { KillTasks.pick(1, of: tasks, seed: $0, index: 0) })
        #expect(all.count == 20)
    }

    @Test func `a task that is not replaced is not healed, and it says what is missing`() async throws {
        let stage = try Stage()
        stage.cloud.change { $0.replacesTasks = false }
        let engine = try stage.engine([Stage.kill])
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .notHealed)
        #expect(
            record.problem == "reverted, but not healed within 5m of scenario time: web: 1 of 2 tasks run")
        #expect(await engine.healAll() == [record])
    }

    @Test func `another's stop of the same task is no proof`() async throws {
        let stage = try Stage()
        stage.cloud.answer { [weak cloud = stage.cloud] request in
            guard request.action == "StopTask" else { return nil }
            cloud?.change { state in
                for at in state.tasks.indices where state.tasks[at].service == "web" {
                    (state.tasks[at].desiredStatus, state.tasks[at].reason) = ("STOPPED", "scaling in")
                }
            }
            return .ok(#"{"task":{"taskArn":"x"}}"#)
        }
        await (try stage.engine([Stage.kill])).play(0)
        #expect(stage.history.faults[0]?.effect == nil)
        #expect(stage.history.events.contains { $0.text.hasSuffix("stopped for another reason: scaling in") })
    }

    @Test func `a part of the tasks is struck, and none or all of them is refused`() async throws {
        func kill(_ percent: Int, of service: String) -> PlannedFault {
            PlannedFault(
                name: "kill \(percent)% of \(service)",
                fault: .killTasks(count: .percent(percent), service: service, zone: nil), at: .zero)
        }
        let stage = try Stage()
        await (try stage.engine([kill(50, of: "app")])).play(0)
        #expect(stage.mutations == ["StopTask", "StopTask"], "half of three")
        for percent in [10, 90] {
            let refused = try Stage()
            let engine = try refused.engine([kill(percent, of: "web")])
            let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
            #expect(
                error?.description.contains("2 tasks run of web, and the percentage to be killed") == true)
            #expect(refused.mutations == [])
        }
    }
}
