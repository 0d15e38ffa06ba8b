import AWS
import Chaos
import History
import Plan
import TestKit
import Testing

@Suite struct RecoveryTests {
    /// A debt as a killed run leaves it: the zone is blocked, nobody is there to unblock it.
    private func leaveDebt(_ stage: Stage, isCreateJournaled: Bool = true) throws {
        let restore = RestoreNetworkAcls(
            vpc: "vpc-1", run: "run-0", fault: "block zone eu-test-1a",
            originals: [.init(subnet: "subnet-public-a", acl: "acl-old")])
        let journal = try stage.journal()
        let id = try journal.open(
            run: "run-0", fault: "block zone eu-test-1a",
            platform: PlatformIdentity(
                endpoints: Endpoints(all: stage.server.url), account: "123456789012", region: "eu-test-1"),
            undo: .restoreNetworkAcls(restore))
        if isCreateJournaled { try journal.applied(id, ["acl": "acl-ours"]) }
        stage.cloud.change { state in
            state.acls["acl-ours"] = ["loadchaos:run": "run-0", "loadchaos:fault": "block zone eu-test-1a"]
            state.subnets["subnet-public-a"]?.acl = "acl-ours"
        }
    }

    @Test(arguments: [true, false])
    func `a run refuses to start over an unpaid debt, and recover pays it`(isCreateJournaled: Bool)
        async throws
    {
        let stage = try Stage()
        try leaveDebt(stage, isCreateJournaled: isCreateJournaled)
        let error = await #expect(throws: ChaosRefusal.self) {
            try await stage.engine([Stage.kill]).preflight()
        }
        let text = try #require(error?.description)
        #expect(
            text.hasPrefix(
                """
                faults of an earlier run are not reverted yet; first: loadchaos recover --journal \(stage.journalPath)
                  block zone eu-test-1a, run run-0, since 20
                """))
        #expect(text.hasSuffix("Z, on \(stage.server.url), account 123456789012, eu-test-1"))
        #expect(stage.mutations.isEmpty)

        let platform = stage.platform
        let outcomes = try await Recovery.recover(try stage.journal()) { _ in platform }
        #expect(outcomes.count == 1)
        #expect(stage.lists == Stage.original)
        #expect(stage.cloud.now.acls["acl-ours"] == nil)
        try await stage.engine([Stage.kill]).preflight()
        #expect(try await Recovery.recover(try stage.journal()) { _ in platform }.isEmpty)
    }

    @Test func `a watchdog pays for its own run and for no other`() async throws {
        let stage = try Stage()
        try leaveDebt(stage)
        let platform = stage.platform
        #expect(try await Recovery.recover(try stage.journal(), of: "run-1") { _ in platform }.isEmpty)
        #expect(stage.mutations.isEmpty, "another run may still be at it")
        let own = try await Recovery.recover(try stage.journal(), of: "run-0") { _ in platform }
        #expect(own.map(\.debt.run) == ["run-0"] && stage.lists == Stage.original)
    }

    @Test func `a debt to a lab that is gone is paid, by recover and by the next run`() async throws {
        let gone = try Stage()
        try leaveDebt(gone)
        gone.server.stop()
        let platform = gone.platform
        let outcomes = try await Recovery.recover(try gone.journal()) { _ in platform }
        guard case .paid(let why)? = outcomes.first?.outcome else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(
            why
                == "the lab at \(gone.server.url) is gone, and what was changed in it with it: nothing is left to revert"
        )

        let other = try Stage()
        let id = try other.journal().open(
            run: "run-0", fault: "f",
            platform: PlatformIdentity(endpoints: Endpoints(all: gone.server.url), account: "1", region: "r"),
            undo: .nothing)
        try await other.engine([Stage.kill]).preflight()
        #expect(try other.journal().all().first { $0.id == id }?.state == .paid)
    }

    @Test func `an API that answers no is no lab that is gone: the debt stays`() async throws {
        let stage = try Stage()
        try leaveDebt(stage)
        stage.cloud.answer { _ in .status(500, "oops") }
        let platform = stage.platform
        let outcomes = try await Recovery.recover(try stage.journal()) { _ in platform }
        guard case .failed(let why, _)? = outcomes.first?.outcome else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(
            why
                == "sts GetCallerIdentity: not supported by this endpoint: it answered 500 with neither JSON nor XML"
        )
        #expect(try stage.journal().unpaid().count == 1)
        #expect(try stage.journal().unpaid().first?.note == why)
    }

    @Test func `the newest debt is paid first`() async throws {
        let stage = try Stage()
        let journal = try stage.journal()
        for fault in ["first", "second", "third"] {
            _ = try journal.open(
                run: "r", fault: fault,
                platform: PlatformIdentity(
                    endpoints: Endpoints(all: stage.server.url), account: "123456789012", region: "r"),
                undo: .nothing)
        }
        let platform = stage.platform
        let outcomes = try await Recovery.recover(journal) { _ in platform }
        #expect(outcomes.map(\.debt.fault) == ["third", "second", "first"])
    }

    @Test func `tags are read of the services that are there`() async throws {
        let stage = try Stage()
        let system = try #require(Stage.plan([]).system)
        let engine = try stage.engine([
            PlannedFault(name: "lose app", fault: .loseService("app"), at: .zero, duration: .seconds(60))
        ])
        stage.cloud.answer { request in
            request.action == "UntagResource"
                ? .status(400, #"{"__type":"ClientException","message":"not now"}"#) : nil
        }
        await engine.play(0)
        stage.cloud.answer { request in
            request.action == "DescribeServices" && request.list("services") == ["web"]
                ? .ok(#"{"services":[],"failures":[{"arn":"web","reason":"MISSING"}]}"#) : nil
        }
        let found = try await TagRecovery.find(system, on: stage.platform)
        #expect(found.debts.map(\.debt.fault) == ["lose app"])
    }

    @Test func `every undo reads back from the journal as it was`() throws {
        let stage = try Stage()
        let undos: [Undo] = [
            .nothing,
            .restoreNetworkAcls(
                RestoreNetworkAcls(
                    vpc: "v", run: "r\"'", fault: "ü", originals: [.init(subnet: "s", acl: "a")])),
            .restoreScale(
                RestoreScale(
                    RestoreDesiredCount(cluster: "c", service: "s", ours: 3, original: 2),
                    limits: .init(minimum: 2, maximum: 4, suspended: .whole))),
            .restoreScale(
                RestoreScale(
                    RestoreDesiredCount(cluster: "c", service: "s", ours: 3, original: 2),
                    limits: nil)),
        ]
        let platform = PlatformIdentity(
            endpoints: Endpoints(all: nil, byService: ["ec2": "http://x"]), account: "1", region: "r")
        for undo in undos {
            _ = try stage.journal().open(run: "r", fault: "f", platform: platform, undo: undo)
        }
        let read = try stage.journal().all()
        #expect(read.map(\.undo) == undos)
        #expect(read.allSatisfy { $0.platform == platform && $0.state == .intent && $0.closedAt == nil })
    }
}
