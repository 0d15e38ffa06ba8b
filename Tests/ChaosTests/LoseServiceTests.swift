import AWS
import Chaos
import History
import Plan
import TestKit
import Testing

@Suite struct LoseServiceTests {
    private static let lose = PlannedFault(
        name: "lose app", fault: .loseService("app"), at: .zero, duration: .seconds(60))
    private static let undo = Undo.restoreDesiredCount(
        RestoreDesiredCount(cluster: "shop", service: "app", ours: 0, original: 3))

    @Test func `a service is scaled to nothing and back to what it was`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([Self.lose])
        try await engine.preflight()
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(record.targets == ["service app, 3 tasks"])
        #expect(record.effectProof == "no task of app runs")
        #expect(record.healedProof == "app: 3 of 3 tasks run")
        #expect(stage.mutations == ["TagResource", "UpdateService", "UpdateService", "UntagResource"])
        #expect(stage.cloud.now.desired["app"] == 3)
        #expect(try stage.undos() == [Self.undo])
    }

    @Test func `a count that somebody else has set since is left alone`() async throws {
        let stage = try Stage()
        stage.cloud.change { $0.desired["app"] = 2 }
        #expect(try await Self.undo.revert(on: stage.platform, applied: [:]) == [])
        #expect(stage.cloud.now.desired["app"] == 2 && stage.mutations == [])
    }

    @Test func `a service that wants nothing has nothing to lose`() async throws {
        let stage = try Stage()
        stage.cloud.change { $0.desired["app"] = 0 }
        let engine = try stage.engine([Self.lose])
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(error?.description == "lose app: service app wants no task already: there is nothing to lose")
    }
}
