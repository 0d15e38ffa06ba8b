import AWS
import Chaos
import History
import Plan
import TestKit
import Testing

@Suite struct FailOverDatabaseTests {
    private let fault = PlannedFault(name: "fail over database", fault: .failOverDatabase, at: .zero)

    @Test func `the database fails over, is proved so, and stays where it went`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([fault])
        try await engine.preflight()
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(record.targets == ["database shop-db, from eu-test-1b to eu-test-1a"])
        #expect(record.effectProof == "shop-db is in eu-test-1a now, and available")
        #expect(record.healedProof == "shop-db is available in eu-test-1a, its standby in eu-test-1b")
        #expect(stage.mutations == ["RebootDBInstance"])
        #expect(stage.cloud.now.database.zone == "eu-test-1a")
        #expect(try stage.journal().all().map(\.state) == [.reverted])
    }

    @Test func `a database that reboots without anybody noticing is no effect, with harm it is one`()
        async throws
    {
        for harm in [nil, "12 of 30 requests failed"] {
            let stage = try Stage()
            // Reboots, and its zones are not swapped for as long as anybody looks.
            stage.cloud.answer { [weak cloud = stage.cloud] request in
                guard request.action == "RebootDBInstance" else { return nil }
                cloud?.change { $0.database.status = "rebooting" }
                return .ok("<RebootDBInstanceResponse><RebootDBInstanceResult/></RebootDBInstanceResponse>")
            }
            await (try stage.engine([fault], harm: { harm })).play(0)
            let record = try #require(stage.history.faults[0])
            #expect(record.effectProof == harm.map { "shop-db is rebooting, and \($0)" })
            #expect(record.state == .notHealed)
            #expect(record.problem?.hasSuffix("shop-db is rebooting") == true)
        }
    }

    @Test func `a fail-over that RDS abandons is not healed, and it says where the database is`() async throws
    {
        let stage = try Stage()
        stage.cloud.change { $0.database.statusAfterReboot = nil }
        await (try stage.engine([fault])).play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.effect == nil)
        #expect(
            record.problem?.hasSuffix(
                "shop-db is in eu-test-1b with its standby in eu-test-1a, not in eu-test-1a with its standby in eu-test-1b"
            )
                == true)
    }

    @Test(
        arguments: [
            (false, "available", "b", "db is not Multi-AZ: it has no standby to fail over to"),
            (true, "rebooting", "b", "db is rebooting, not available: wait until it is"),
            (true, "available", nil, "RDS does not say in which zones db and its standby are"),
            (true, "available", "a", "RDS does not say in which zones db and its standby are"),
            (true, "available", "b", nil),
        ] as [(Bool, String, String?, String?)])
    func `what cannot fail over is refused before the start`(
        isMultiAZ: Bool, status: String, second: String?, objection: String?
    ) {
        let database = DBInstance(
            name: "db", status: status, isMultiAZ: isMultiAZ, zone: "a", secondaryZone: second)
        #expect(FailOverDatabase.objection(to: database) == objection)
    }

    @Test func `the guard's tag is asked of the database`() async throws {
        let stage = try Stage()
        let guardrail = System.Guard(tagKey: "loadchaos", tagValue: "allowed")
        let engine = try stage.engine([fault], guardrail: guardrail, guards: .enforced)
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(error?.description.contains("missing on arn:db") == true)
        #expect(stage.mutations.isEmpty)
    }
}
