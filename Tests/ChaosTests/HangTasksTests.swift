import AWS
import Chaos
import Foundation
import History
import Plan
import TestKit
import Testing

@Suite struct HangTasksTests {
    private static let hang = PlannedFault(
        name: "hang 1 task of web", fault: .hangTasks(count: 1, service: "web", zone: nil), at: .zero,
        duration: .seconds(180))

    @Test func `a port is blackholed by a command that is journaled, proved, cancelled and proved over`()
        async throws
    {
        let stage = try Stage()
        let engine = try stage.engine([Self.hang], harm: { "9 of 20 requests failed" })
        try await engine.preflight()
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        let command = try #require(stage.cloud.now.commands.first)
        #expect(command.comment == "loadchaos run-1 hang 1 task of web")
        #expect(command.status == "Cancelled")
        let instance = try #require(command.instances.first)
        #expect(
            record.effectProof
                == "port 80 of \(instance) is a black hole (command \(command.id)); 9 of 20 requests failed")
        #expect(record.healedProof == "web: 2 of 2 tasks run, 2 targets healthy")
        #expect(stage.mutations == ["SendCommand", "CancelCommand"])
        let sent = try #require(stage.server.requests.first { $0.action == "SendCommand" })
        // A minute longer than the fault: the command ends by itself if nobody is left to cancel it.
        #expect(String(decoding: sent.body, as: UTF8.self).contains(#""DurationSeconds":["240"]"#))
        let debt = try #require(try stage.journal().all().first)
        #expect(debt.state == .reverted && debt.applied == ["command": command.id])
    }

    @Test func `a command that runs is no effect until somebody notices`() async throws {
        let stage = try Stage()
        await (try stage.engine([Self.hang])).play(0)
        #expect(stage.history.faults[0]?.effect == nil)
        #expect(stage.history.faults[0]?.state == .healed)
    }

    @Test func `a command whose answer never came is found by its comment, and nobody else's is touched`()
        async throws
    {
        let stage = try Stage()
        let cancel = CancelCommand(
            document: "AWSFIS-Run-Network-Blackhole-Port-ECS", comment: "loadchaos run-1 hang 1 task of web")
        stage.cloud.change {
            $0.commands = [
                .init(id: "ours", comment: cancel.comment, instances: ["mi-weba"]),
                .init(id: "ours, ended", comment: cancel.comment, instances: ["mi-weba"], status: "Success"),
                .init(id: "theirs", comment: "loadchaos run-2 hang 1 task of web", instances: ["mi-weba"]),
            ]
        }
        let undo = Undo.cancelCommand(cancel)
        #expect(try await undo.revert(on: stage.platform, applied: [:]) == ["command ours is cancelled"])
        #expect(stage.cloud.now.commands.map(\.status) == ["Cancelled", "Success", "InProgress"])
        #expect(try await undo.revert(on: stage.platform, applied: [:]) == [])
    }

    @Test func `a cancellation that fails keeps the debt, and says what to run by hand`() async throws {
        let stage = try Stage()
        stage.cloud.answer(instead: {
            $0.action == "CancelCommand" ? .status(400, #"{"__type":"AccessDenied","message":"no"}"#) : nil
        })
        await (try stage.engine([Self.hang])).play(0)
        #expect(stage.history.faults[0]?.state == .notHealed)
        #expect(stage.history.faults[0]?.problem?.contains("cancel-command --command-id command-1") == true)
        #expect(try stage.journal().unpaid().count == 1)
    }

    @Test func `a task that is no managed instance is refused before anything is changed`() async throws {
        let stage = try Stage()
        stage.cloud.answer(instead: {
            $0.action == "DescribeInstanceInformation" ? .ok(#"{"InstanceInformationList":[]}"#) : nil
        })
        let engine = try stage.engine([Self.hang])
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(error?.description.contains("is no managed instance of SSM") == true)
        #expect(stage.mutations == [])
    }
}
