import AWS
import Chaos
import Foundation
import History
import Plan
import TestKit
import Testing

@Suite struct ExhaustConnectionsTests {
    private static let fault = PlannedFault(
        name: "exhaust connections of database as app", fault: .exhaustConnections(service: "app"), at: .zero,
        duration: .seconds(120))

    private func played(_ stage: Stage) async throws -> FaultRecord {
        let engine = try stage.engine([Self.fault])
        try await engine.preflight()
        await engine.play(0)
        return try #require(stage.history.faults[0])
    }

    @Test func `a task of the service takes what there is, says so, and is stopped`() async throws {
        let stage = try Stage()
        let record = try await played(stage)
        #expect(record.state == .healed)
        #expect(record.targets == ["database shop-db, as a task of app"])
        #expect(
            record.effectProof
                == "task hand1 holds 7 connections, refused: FATAL: sorry, too many clients already")
        #expect(record.healedProof == "app: 3 of 3 tasks run")
        #expect(stage.mutations == ["RunTask", "StopTask"])
        #expect(
            try stage.undos() == [.stopTasks(StopTasks(cluster: "shop", startedBy: "loadchaos/run-1/0"))])
    }

    @Test func `the task has the service's revision and place, and a time of its own to end`() async throws {
        let stage = try Stage()
        _ = try await played(stage)
        let request = try #require(stage.server.requests.first { $0.action == "RunTask" })
        let order = try #require(
            try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
        #expect(order["taskDefinition"] as? String == stage.cloud.now.revisions.current["app"])
        let network = try #require(order["networkConfiguration"] as? [String: [String: Any]])
        #expect(
            network["awsvpcConfiguration"]?["subnets"] as? [String] == [
                "subnet-private-a", "subnet-private-b",
            ])
        let overrides = try #require(order["overrides"] as? [String: [[String: Any]]])
        let command = overrides["containerOverrides"]?.first?["command"] as? [String]
        // The fault's 2 minutes and one of grace.
        #expect(command?.prefix(4) == ["timeout", "180", "python3", "-c"])
    }

    @Test(arguments: [
        [], ["Traceback (most recent call last):", "ModuleNotFoundError: No module named 'psycopg2'"],
    ])
    func `a task that was never refused has had no effect`(log: [String]) async throws {
        let stage = try Stage()
        stage.cloud.change { $0.taskLog = log }
        let record = try await played(stage)
        #expect(record.effect == nil && record.state == .healed)
        let told = stage.history.events.map(\.text).first { $0.hasPrefix("no effect was seen") }
        #expect(told == "no effect was seen: \(log.last ?? "task hand1 has written nothing yet")")
    }

    @Test func `nobody else's task is stopped`() async throws {
        let stage = try Stage()
        stage.cloud.change { state in
            for starter in ["loadchaos/run-1", "loadchaos/run-1/1", "loadchaos/run-2/0", "somebody"] {
                state.tasks.append(.init(id: starter, service: "app", zone: "eu-test-1a", startedBy: starter))
            }
        }
        let undo = Undo.stopTasks(StopTasks(cluster: "shop", startedBy: "loadchaos/run-1/0"))
        #expect(try await undo.revert(on: stage.platform, applied: [:]) == [])
        #expect(stage.mutations == [])
    }
}
