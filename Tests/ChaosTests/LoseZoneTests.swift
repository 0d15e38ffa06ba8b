import AWS
import Chaos
import History
import Plan
import TestKit
import Testing

@Suite struct LoseZoneTests {
    /// The scripted database's primary is in zone b.
    private func fault(_ letter: String) -> PlannedFault {
        PlannedFault(
            name: "lose zone eu-test-1\(letter)", fault: .loseZone("eu-test-1\(letter)"), at: .zero,
            duration: .seconds(240))
    }
    private static let both = ["subnet-private-a", "subnet-private-b"]

    @Test func `a zone is blocked, emptied and left by the database, and given back whole`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([fault("b")])
        try await engine.preflight()
        #expect(stage.mutations.isEmpty)
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(
            record.targets.suffix(3) == [
                "placement of web", "placement of app", "database shop-db, from eu-test-1b",
            ])
        #expect(record.effectProof?.hasSuffix("; database shop-db has left eu-test-1b") == true)
        #expect(record.reverted == .seconds(40))
        #expect(stage.lists == Stage.original)
        #expect(stage.cloud.now.placements == ["web": Self.both, "app": Self.both])
        #expect(stage.cloud.now.database.zone == "eu-test-1a", "the database stays where it went")
        #expect(
            Array(stage.mutations.prefix(8)) == [
                "TagResource", "TagResource", "CreateNetworkAcl", "ReplaceNetworkAclAssociation",
                "ReplaceNetworkAclAssociation",
                "UpdateService", "UpdateService", "RebootDBInstance",
            ])
        #expect(try stage.journal().all().map(\.state) == [.reverted])
    }

    @Test func `while it is lost no service has a subnet in it`() async throws {
        let stage = try Stage()
        stage.cloud.answer { [weak cloud = stage.cloud] request in
            if request.action == "RebootDBInstance" {
                #expect(cloud?.now.placements == ["web": ["subnet-private-a"], "app": ["subnet-private-a"]])
                #expect(cloud?.now.subnets["subnet-private-b"]?.acl == "acl-new1")
            }
            return nil
        }
        await (try stage.engine([fault("b")])).play(0)
        #expect(stage.server.count("RebootDBInstance") == 1)
    }

    @Test func `a database whose primary is elsewhere is left alone`() async throws {
        let stage = try Stage()
        await (try stage.engine([fault("a")])).play(0)
        #expect(stage.history.faults[0]?.state == .healed)
        #expect(!stage.mutations.contains("RebootDBInstance"))
        #expect(stage.cloud.now.database.zone == "eu-test-1b")
    }

    @Test func `a service with subnets in this zone only is refused before anything is done`() async throws {
        let stage = try Stage()
        stage.cloud.change { $0.placements["app"] = ["subnet-private-b"] }
        let engine = try stage.engine([fault("b")])
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(
            error?.description.contains("app has subnets in this zone only: it could not be placed at all")
                == true)
        #expect(stage.mutations.isEmpty)
    }

    @Test func `if the database cannot be failed over, the block and the placements are taken back`()
        async throws
    {
        let stage = try Stage()
        stage.cloud.answer { request in
            request.action == "RebootDBInstance"
                ? .status(
                    400, "<ErrorResponse><Error><Code>InvalidDBInstanceState</Code></Error></ErrorResponse>")
                : nil
        }
        await (try stage.engine([fault("b")])).play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.problem?.contains("InvalidDBInstanceState") == true)
        #expect(stage.lists == Stage.original)
        #expect(stage.cloud.now.placements == ["web": Self.both, "app": Self.both])
        #expect(try stage.journal().all().map(\.state) == [.reverted])
    }

    @Test func `subnets that somebody else has given a service meanwhile are left alone`() async throws {
        let stage = try Stage()
        stage.cloud.answer { [weak cloud = stage.cloud] request in
            if request.action == "RebootDBInstance" {
                cloud?.change { $0.placements["web"] = ["subnet-of-another"] }
            }
            return nil
        }
        await (try stage.engine([fault("b")])).play(0)
        #expect(stage.cloud.now.placements == ["web": ["subnet-of-another"], "app": Self.both])
    }
}
