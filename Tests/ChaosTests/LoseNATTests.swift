import AWS
import Chaos
import History
import Plan
import Synchronization
import TestKit
import Testing

@Suite struct LoseNATTests {
    private static func fault(_ zone: String?) -> PlannedFault {
        PlannedFault(
            name: zone.map { "lose nat in zone \($0)" } ?? "lose nat", fault: .loseNAT(zone: zone), at: .zero,
            duration: .seconds(180))
    }

    private func gateways(_ stage: Stage) -> [String: String] {
        stage.cloud.now.routes.tables.compactMapValues(\.gateway)
    }

    private static let original = ["rtb-a": "nat-a", "rtb-b": "nat-b"]

    @Test func `a zone's way out is lost, proved, held, given back and proved healed`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([Self.fault("eu-test-1a")]) { "9 of 90 requests failed" }
        try await engine.preflight()
        #expect(stage.mutations.isEmpty)
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(record.targets == ["rtb-a (nat-a; subnet-private-a)"])
        #expect(record.effectProof == "rtb-a lead nowhere; 9 of 90 requests failed")
        #expect(record.healedProof == "rtb-a as before, 2 targets healthy")
        #expect(stage.mutations == ["CreateTags", "DeleteRoute", "CreateRoute", "DeleteTags"])
        #expect(gateways(stage) == Self.original)
        #expect(try stage.journal().all().map(\.state) == [.reverted])
    }

    @Test func `without a zone every gateway's routes go, and only those`() async throws {
        let stage = try Stage()
        await (try stage.engine([Self.fault(nil)]) { "all failed" }).play(0)
        let tables = stage.server.requests.filter { $0.action == "DeleteRoute" }.map {
            $0.form["RouteTableId"]
        }
        #expect(tables == ["rtb-a", "rtb-b"])
        #expect(gateways(stage) == Self.original)
    }

    @Test func `it is the gateway's zone that counts`() async throws {
        let stage = try Stage()
        stage.cloud.change { $0.routes.tables["rtb-b"]?.gateway = "nat-a" }
        await (try stage.engine([Self.fault("eu-test-1a")]) { "all failed" }).play(0)
        #expect(stage.history.faults[0]?.targets.count == 2)
        #expect(gateways(stage) == ["rtb-a": "nat-a", "rtb-b": "nat-a"])
    }

    @Test func `clients who need nothing from outside prove no effect`() async throws {
        let stage = try Stage()
        await (try stage.engine([Self.fault("eu-test-1a")])).play(0)
        #expect(stage.history.faults[0]?.effect == nil)
        #expect(
            stage.history.events.contains {
                $0.text == "no effect was seen: rtb-a lead nowhere, but no client has noticed yet"
            })
    }

    @Test func `the undo is in the file before the first route goes`() async throws {
        let stage = try Stage()
        let seen = Mutex<[Debt]?>(nil)
        let path = stage.journalPath
        stage.cloud.answer { request in
            guard request.action == "CreateTags" else { return nil }
            // A second connection, as another process would open it; unreadable counts as empty, which fails below.
            let debts = (try? Journal(path: path).all()) ?? []
            seen.withLock { $0 = $0 ?? debts }
            return nil
        }
        await (try stage.engine([Self.fault(nil)]) { "all failed" }).play(0)
        let debt = try #require(seen.withLock { $0 }?.first)
        #expect(debt.state == .intent)
        #expect(
            debt.undo.unmarked
                == .restoreRoutes(
                    RestoreRoutes(
                        vpc: "vpc-1",
                        routes: [
                            .init(table: "rtb-a", natGateway: "nat-a"),
                            .init(table: "rtb-b", natGateway: "nat-b"),
                        ])))
    }

    @Test func `a failure at the second route is reverted, and is no injection`() async throws {
        let stage = try Stage()
        stage.cloud.answer { request in
            guard request.action == "DeleteRoute", request.form["RouteTableId"] == "rtb-b" else { return nil }
            return .status(
                400,
                "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>"
            )
        }
        await (try stage.engine([Self.fault(nil)])).play(0)
        #expect(stage.history.faults[0]?.injected == nil)
        #expect(stage.history.faults[0]?.state == .healed)
        #expect(gateways(stage) == Self.original)
    }

    @Test func `an undo that fails says what to run by hand, and is paid later`() async throws {
        let stage = try Stage()
        let isBroken = Mutex(true)
        stage.cloud.answer { request in
            guard request.action == "CreateRoute", isBroken.withLock({ $0 }) else { return nil }
            return .status(
                400,
                "<Response><Errors><Error><Code>Nope</Code><Message>x</Message></Error></Errors></Response>")
        }
        await (try stage.engine([Self.fault("eu-test-1a")]) { "all failed" }).play(0)
        #expect(
            stage.history.faults[0]?.problem == """
                rtb-a has no default route: ec2 CreateRoute: Nope: x
                to undo it by hand:
                  aws ec2 --region eu-test-1 --endpoint-url \(stage.server.url) create-route --route-table-id rtb-a \
                --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-a
                """)
        isBroken.withLock { $0 = false }
        let platform = stage.platform
        let outcomes = try await Recovery.recover(try stage.journal()) { _ in platform }
        guard case .reverted(let done)? = outcomes.first?.outcome else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(done == ["rtb-a leads to nat-a again"])
        #expect(gateways(stage) == Self.original)
    }

    @Test func `a table that leads elsewhere by now is left alone, and reverting again changes nothing`()
        async throws
    {
        let stage = try Stage()
        let undo = Undo.restoreRoutes(
            RestoreRoutes(
                vpc: "vpc-1",
                routes: [
                    .init(table: "rtb-a", natGateway: "nat-a"), .init(table: "rtb-b", natGateway: "nat-b"),
                ]))
        stage.cloud.change {
            $0.routes.tables["rtb-a"]?.gateway = "nat-new"
            $0.routes.tables["rtb-b"]?.gateway = nil
        }
        #expect(try await undo.revert(on: stage.platform, applied: [:]) == ["rtb-b leads to nat-b again"])
        #expect(try await undo.revert(on: stage.platform, applied: [:]) == [])
        #expect(gateways(stage) == ["rtb-a": "nat-new", "rtb-b": "nat-b"])
    }

    @Test(arguments: [
        (
            true,
            "lose nat in zone eu-test-1z: no default route leads to a NAT gateway in eu-test-1z; there are gateways in eu-test-1a, eu-test-1b"
        ),
        (false, "lose nat in zone eu-test-1z: the VPC has no NAT gateway that is available"),
    ])
    func `a zone without a gateway is refused with those there are`(hasGateways: Bool, words: String)
        async throws
    {
        let stage = try Stage()
        if !hasGateways { stage.cloud.change { $0.routes.gateways = [:] } }
        let engine = try stage.engine([Self.fault("eu-test-1z")])
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(error?.description == words)
    }
}
