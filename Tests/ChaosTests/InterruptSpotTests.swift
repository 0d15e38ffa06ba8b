import AWS
import Chaos
import History
import Plan
import TestKit
import Testing

@Suite struct InterruptSpotTests {
    private static let interrupt = PlannedFault(
        name: "interrupt 1 task of web", fault: .interruptSpot(count: 1, service: "web"), at: .zero)

    private func stage(spot: Bool, template: Bool) throws -> Stage {
        let stage = try Stage()
        stage.cloud.change { state in
            if spot {
                for index in state.tasks.indices where state.tasks[index].id == "webb" {
                    state.tasks[index].capacityProvider = "FARGATE_SPOT"
                }
            }
            if template { state.templates = ["EXTother": "app", "EXTweb": "web"] }
        }
        return stage
    }

    @Test func `a task on Spot is interrupted by its service's template, and replaced`() async throws {
        let stage = try stage(spot: true, template: true)
        let engine = try stage.engine([Self.interrupt])
        try await engine.preflight()
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(record.targets == ["1 task of web on FARGATE_SPOT, chosen by template EXTweb"])
        #expect(record.effectProof == "task webb is STOPPED, SpotInterruption")
        #expect(record.healedProof == "web: 2 of 2 tasks run, 2 targets healthy")
        let started = stage.server.requests.filter { $0.method == "POST" && $0.path == "/experiments" }
        #expect(started.count == 1)
        #expect(started.first?.field("clientToken") == "run-1-0-1")
        #expect(started.first?["Authorization"]?.contains("/fis/aws4_request") == true)
    }

    @Test(arguments: [
        (false, true, "0 tasks of web run on FARGATE_SPOT, 1 are to be interrupted: ask for fewer"),
        (
            true, false,
            """
            AWS has no call that interrupts a Fargate Spot task, and no FIS experiment template is tagged \
            loadchaos:fault = "interrupt web": use `kill` in its place
            """
        ),
    ])
    func `without a Spot task or a template it is refused`(spot: Bool, template: Bool, words: String)
        async throws
    {
        let stage = try stage(spot: spot, template: template)
        let engine = try stage.engine([Self.interrupt])
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(error?.description == "interrupt 1 task of web: \(words)")
    }
}
