import AWS
import Chaos
import Foundation
import History
import Plan
import TestKit
import Testing

/// What must not start is refused before anything is changed, and again just before each fault.
@Suite struct GuardTests {
    private static func kill(_ count: Int, _ service: String) -> PlannedFault {
        PlannedFault(
            name: "kill \(count) of \(service)",
            fault: .killTasks(count: .number(count), service: service, zone: nil),
            at: .zero)
    }
    private static let loseApp = PlannedFault(
        name: "lose app", fault: .loseService("app"), at: .zero, duration: .seconds(60))
    private static let loseNAT = PlannedFault(
        name: "lose nat", fault: .loseNAT(zone: nil), at: .zero, duration: .seconds(60))

    private func refusal(of engine: ChaosEngine) async -> String? {
        do {
            try await engine.preflight()
            return nil
        } catch { return error.description }
    }

    @Test(
        arguments: [
            (kill(1, "web"), System.Guard(leastLeft: 1), nil),
            (
                kill(2, "web"), System.Guard(leastLeft: 1),
                "it strikes 2 of 2 running tasks of web, and the guard leaves 1: strike fewer, or change `leave` in the system's guard"
            ),
            (kill(1, "web"), System.Guard(largestShare: 0.5), nil),
            (
                kill(2, "app"), System.Guard(largestShare: 0.5),
                "it strikes 2 of 3 running tasks of app, and the guard allows at most 50%: strike fewer, or change `strike` in the system's guard"
            ),
            // Zone a has one of the three tasks of app, and one of the two of web.
            (Stage.block, System.Guard(leastLeft: 1, largestShare: 0.5), nil),
            (
                Stage.block, System.Guard(leastLeft: 2),
                "it strikes 1 of 2 running tasks of web, and the guard leaves 2: strike fewer, or change `leave` in the system's guard"
            ),
            (
                loseApp, System.Guard(leastLeft: 1),
                "it strikes 3 of 3 running tasks of app, and the guard leaves 1: strike fewer, or change `leave` in the system's guard"
            ),
            (loseNAT, System.Guard(leastLeft: 9), nil),
        ] as [(PlannedFault, System.Guard, String?)])
    func `a service keeps what the guard leaves it`(
        fault: PlannedFault, guardrail: System.Guard, objection: String?
    ) async throws {
        let stage = try Stage()
        let said = await refusal(of: try stage.engine([fault], guardrail: guardrail))
        #expect(said == objection.map { "\(fault.name): \($0); nothing was changed" })
        #expect(stage.mutations.isEmpty)
    }

    @Test func `what is left is counted again when the fault is due`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([Self.kill(1, "web")], guardrail: System.Guard(leastLeft: 1))
        try await engine.preflight()
        stage.cloud.change { state in
            let at = state.tasks.firstIndex { $0.service == "web" } ?? 0
            (state.tasks[at].lastStatus, state.tasks[at].desiredStatus) = ("STOPPED", "STOPPED")
        }
        await engine.play(0)
        #expect(stage.history.faults[0]?.state == .skipped)
        #expect(stage.history.faults[0]?.problem?.hasPrefix("it strikes 1 of 1 running tasks of web") == true)
        #expect(stage.mutations.isEmpty)
        #expect(try stage.journal().all().isEmpty)
    }

    @Test(
        arguments: [
            (Stage.block, "subnet-private-a", false), (Stage.block, "subnet-private-b", true),
            (loseNAT, "subnet-private-b", false), (loseNAT, "subnet-public-b", true),
        ] as [(PlannedFault, String, Bool)])
    func `nobody cuts off the machine that must revert`(
        fault: PlannedFault, subnet: String, isAllowed: Bool
    ) async throws {
        let stage = try Stage()
        stage.cloud.change { $0.machines = [subnet: Stage.ownAddress.uppercased()] }
        let said = await refusal(of: try stage.engine([fault]))
        let words =
            "\(fault.name): it would cut off this machine (eni-\(subnet) in \(subnet)), which could then not revert it: "
            + "run loadchaos from another zone, or from outside of the VPC; nothing was changed"
        #expect(said == (isAllowed ? nil : words))
        #expect(stage.mutations.isEmpty)
    }

    @Test func `this machine's own interfaces are known, without loopback's`() throws {
        let found = try OwnInterfaces.hardwareAddresses()
        #expect(!found.contains("00:00:00:00:00:00") && found.allSatisfy { $0.count >= 17 }, "\(found)")
    }

    @Test(
        arguments: [
            (
                Credentials(
                    accessKey: "a", secretKey: "b", expiration: 1_000_000 + 900, source: "the environment"),
                true
            ),
            (
                Credentials(
                    accessKey: "a", secretKey: "b", expiration: 1_000_000 + 60, source: "the environment"),
                false
            ),
            (
                Credentials(
                    accessKey: "a", secretKey: "b", expiration: 1_000_000 + 60, renews: true,
                    source: "credential_process"), true
            ),
            (Credentials(accessKey: "a", secretKey: "b", source: "the environment"), true),
        ] as [(Credentials, Bool)])
    func `keys must live until the last fault is reverted, or renew themselves`(
        keys: Credentials, isAllowed: Bool
    ) async throws {
        let stage = try Stage()
        var configuration = stage.platform.configuration
        configuration.credentials = keys
        configuration.wallClock = { 1_000_000 }
        let engine = ChaosEngine(
            plan: Stage.plan([Stage.block]), platform: AWSPlatform(configuration: configuration),
            journal: try stage.journal(), runID: "run-1", seed: 11, clock: EagerClock(),
            writer: stage.history,
            ownAddresses: [])
        let said = await refusal(of: engine)
        // 600 s of load at speed 6, and 300 s of healing, of which 50 s are left.
        let words =
            "the keys from the environment end in 1m, and faults may have to be reverted until 150s from now: take keys "
            + "that live longer, or a profile that renews them; nothing was changed"
        #expect(said == (isAllowed ? nil : words))
        #expect(stage.mutations.isEmpty)
    }

    @Test func `one run at a time breaks a system`() async throws {
        let stage = try Stage()
        let first = try await stage.engine([Stage.block]).lock()
        let refusal = await #expect(throws: ChaosRefusal.self) {
            _ = try await stage.engine([Stage.kill], run: "run-2").lock()
        }
        #expect(
            refusal?.description
                == "another run breaks this system now (process \(ProcessInfo.processInfo.processIdentifier)); wait for "
                + "its end; nothing was changed")
        #expect(try await stage.engine([]).lock() == nil, "who breaks nothing waits for nobody")
        let other = try Stage()
        _ = try await other.engine([Stage.block]).lock()
        withExtendedLifetime(first) {}
    }

    @Test func `a run that has ended lets go of the system`() async throws {
        let stage = try Stage()
        do { _ = try await stage.engine([Stage.block]).lock() }
        _ = try await stage.engine([Stage.block]).lock()
    }

    @Test func `who cannot wait for the revert is told how to do it by hand`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([Stage.block], clock: EagerClock(endingAfter: 1))
        #expect(engine.undoByHand.isEmpty)
        stage.cloud.answer { request in
            request.action == "ReplaceNetworkAclAssociation"
                && request.form["NetworkAclId"]?.hasPrefix("acl-new") == false
                ? .status(400, "<Response><Errors><Error><Code>No</Code></Error></Errors></Response>") : nil
        }
        await engine.play(0)
        let commands = engine.undoByHand
        #expect(commands.count == 3, "\(commands)")
        #expect(
            commands.first?.hasPrefix("aws ec2 --region eu-test-1 --endpoint-url \(stage.server.url)") == true
        )
        #expect(commands.last?.contains("delete-network-acl --network-acl-id acl-new") == true)
        stage.cloud.answer(instead: nil)
        let platform = stage.platform
        _ = try await Recovery.recover(try stage.journal()) { _ in platform }
        #expect(stage.lists == Stage.original)
    }
}
