import AWS
import Chaos
import History
import Plan
import Synchronization
import TestKit
import Testing

@Suite struct BlockZoneTests {
    @Test func `a zone is blocked, proved, held, unblocked and proved healed`() async throws {
        let stage = try Stage()
        let clock = EagerClock()
        let engine = try stage.engine([Stage.block], clock: clock)
        try await engine.preflight()
        #expect(stage.mutations.isEmpty)
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(
            record.targets == [
                "subnet-private-a (10.0.0.0/24, 0 network interfaces)",
                "subnet-public-a (10.0.0.0/24, 0 network interfaces)",
            ])
        #expect(record.injected == .zero)
        #expect(record.effect == .zero)
        #expect(
            record.effectProof
                == "subnet-private-a, subnet-public-a are on acl-new1; target weba:80 in eu-test-1a became unhealthy (Target.Timeout)"
        )
        // Four minutes at speed 6.
        #expect(record.reverted == .seconds(40))
        #expect(record.healed == .seconds(40))
        #expect(record.healedProof == "subnet-private-a, subnet-public-a as before, 2 targets healthy")
        #expect(record.problem == nil)
        #expect(stage.lists == Stage.original)
        #expect(stage.cloud.now.acls.keys.sorted() == ["acl-old", "acl-other"])
        #expect(
            stage.mutations == [
                "CreateNetworkAcl", "ReplaceNetworkAclAssociation", "ReplaceNetworkAclAssociation",
                "ReplaceNetworkAclAssociation", "ReplaceNetworkAclAssociation", "DeleteNetworkAcl",
            ])
        #expect(try stage.journal().all().map(\.state) == [.reverted])
    }

    @Test
    func
        `the undo is in the file before the first mutating call arrives, and the ACL's id before the second`()
        async throws
    {
        let stage = try Stage()
        let seen = Mutex<[String: [Debt]]>([:])
        let path = stage.journalPath
        stage.cloud.answer { request in
            // A second connection, as another process would open it.
            let debts = (try? Journal(path: path).all()) ?? []
            seen.withLock { if $0[request.action] == nil { $0[request.action] = debts } }
            return nil
        }
        await (try stage.engine([Stage.block])).play(0)
        let debts = seen.withLock { $0 }
        let atCreate = try #require(debts["CreateNetworkAcl"]?.first)
        #expect(atCreate.state == .intent)
        #expect(atCreate.run == "run-1")
        #expect(atCreate.platform.account == "123456789012")
        #expect(
            atCreate.undo
                == .restoreNetworkAcls(
                    RestoreNetworkAcls(
                        vpc: "vpc-1", run: "run-1", fault: "block zone eu-test-1a",
                        originals: [
                            .init(subnet: "subnet-private-a", acl: "acl-other"),
                            .init(subnet: "subnet-public-a", acl: "acl-old"),
                        ])))
        let atReplace = try #require(debts["ReplaceNetworkAclAssociation"]?.first)
        #expect(atReplace.state == .applied)
        #expect(atReplace.applied == ["acl": "acl-new1"])
        #expect(debts["DescribeSubnets"] == [])
    }

    @Test func `its debt is among the tags of our ACL from its creation on`() async throws {
        let stage = try Stage()
        await (try stage.engine([Stage.block])).play(0)
        let form = try #require(stage.server.requests.first { $0.action == "CreateNetworkAcl" }).form
        #expect(form["TagSpecification.1.ResourceType"] == "network-acl")
        var tags: [String: String] = [:]
        for number in 1...9 {
            guard let key = form["TagSpecification.1.Tag.\(number).Key"] else { break }
            tags[key] = form["TagSpecification.1.Tag.\(number).Value"]
        }
        #expect(tags["loadchaos:run"] == "run-1" && tags["loadchaos:fault"] == "block zone eu-test-1a")
        #expect(tags.keys.filter { $0.hasPrefix("loadchaos:debt:run-1:0:") }.count == tags.count - 2)
        #expect(tags.values.allSatisfy { $0.count <= 256 })
    }

    @Test func `what clients notice is a proof as well, whichever comes first`() async throws {
        let stage = try Stage()
        stage.cloud.change { $0.noticesBlocks = false }
        let looks = Mutex(0)
        let engine = try stage.engine([Stage.block]) {
            looks.withLock { looks in
                looks += 1
                return looks == 3 ? "12 requests to 127.0.1.10 failed" : nil
            }
        }
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.effect == .milliseconds(500))
        #expect(record.effectProof?.hasSuffix("on acl-new1; 12 requests to 127.0.1.10 failed") == true)
    }

    @Test func `without a sign of harm there is no effect, and it is said`() async throws {
        let stage = try Stage()
        stage.cloud.change { $0.noticesBlocks = false }
        await (try stage.engine([Stage.block])).play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(record.effect == nil)
        let text =
            "no effect was seen: subnet-private-a, subnet-public-a are on acl-new1, but nobody has noticed yet"
        #expect(stage.history.events.contains { $0.kind == .warning && $0.text == text })
    }

    @Test func `a target that was unhealthy before proves nothing`() async throws {
        let stage = try Stage()
        stage.cloud.change {
            $0.noticesBlocks = false
            $0.targetStates = ["weba": "unhealthy"]
        }
        let engine = try stage.engine([Stage.block])
        await engine.play(0)
        #expect(stage.history.faults[0]?.effect == nil)
        #expect(stage.history.faults[0]?.state == .notHealed)
        #expect(
            stage.history.faults[0]?.problem
                == "reverted, but not healed within 5m of scenario time: target weba:80 is unhealthy (Target.Timeout)"
        )
    }

    @Test func `a failure in the middle of Replace is reverted, and is no injection`() async throws {
        let stage = try Stage()
        let replaces = Mutex(0)
        stage.cloud.answer { request in
            guard request.action == "ReplaceNetworkAclAssociation" else { return nil }
            let number = replaces.withLock { count in
                count += 1
                return count
            }
            return number == 2
                ? .status(
                    400,
                    "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>"
                )
                : nil
        }
        let engine = try stage.engine([Stage.block])
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.injected == nil)
        #expect(record.state == .healed)
        #expect(
            record.problem
                == "not injected whole: ec2 ReplaceNetworkAclAssociation: UnauthorizedOperation: no; "
                + "allow ec2:ReplaceNetworkAclAssociation; docs/aws.md has the policy"
        )
        #expect(stage.lists == Stage.original)
        #expect(stage.cloud.now.acls.count == 2)
        #expect(try stage.journal().unpaid().isEmpty)
    }

    @Test func `an undo that fails is tried again, keeps the evidence, and says what to run by hand`()
        async throws
    {
        let stage = try Stage()
        let isBroken = Mutex(true)
        stage.cloud.answer { request in
            let back =
                request.action == "ReplaceNetworkAclAssociation" && request.form["NetworkAclId"] == "acl-old"
            return isBroken.withLock { $0 } && back
                ? .status(
                    400,
                    "<Response><Errors><Error><Code>Nope</Code><Message>not now</Message></Error></Errors></Response>"
                )
                : nil
        }
        let engine = try stage.engine([Stage.block])
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .notHealed)
        // The other subnet is back; ours stays because one is still on it.
        #expect(stage.lists["subnet-private-a"] == "acl-other")
        #expect(stage.lists["subnet-public-a"] == "acl-new1")
        let aws = "aws ec2 --region eu-test-1 --endpoint-url \(stage.server.url)"
        #expect(
            record.problem == """
                subnet-public-a is still on acl-new1: ec2 ReplaceNetworkAclAssociation: Nope: not now
                to undo it by hand:
                  \(aws) replace-network-acl-association --network-acl-id acl-old --association-id "$(\(aws) \
                describe-network-acls --filters Name=association.subnet-id,Values=subnet-public-a --query \
                "NetworkAcls[].Associations[] | [?SubnetId=='subnet-public-a'].NetworkAclAssociationId | [0]" --output text)"
                  \(aws) delete-network-acl --network-acl-id acl-new1
                """)
        let debt = try #require(try stage.journal().unpaid().first)
        #expect(debt.note == record.problem)
        // One failing Replace for each of the five attempts.
        #expect(stage.history.events.count { $0.text.hasPrefix("reverting failed, tried again: ") } == 4)
        #expect(await engine.healAll().map(\.index) == [0])

        isBroken.withLock { $0 = false }
        let platform = stage.platform
        let outcomes = try await Recovery.recover(try stage.journal()) { _ in platform }
        guard case .reverted(let done)? = outcomes.first?.outcome else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(done == ["subnet-public-a is back on acl-old", "acl-new1 is deleted"])
        #expect(stage.lists == Stage.original)
        #expect(try stage.journal().unpaid().isEmpty)
    }

    @Test func `reverting again changes nothing, and what someone else has changed is left alone`()
        async throws
    {
        let stage = try Stage()
        let undo = Undo.restoreNetworkAcls(
            RestoreNetworkAcls(
                vpc: "vpc-1", run: "run-1", fault: "f",
                originals: [
                    .init(subnet: "subnet-public-a", acl: "acl-old"),
                    .init(subnet: "subnet-public-b", acl: "acl-old"),
                ]))
        stage.cloud.change { state in
            state.acls["acl-ours"] = ["loadchaos:run": "run-1", "loadchaos:fault": "f"]
            state.acls["acl-theirs"] = ["loadchaos:run": "run-2", "loadchaos:fault": "f"]
            state.subnets["subnet-public-a"]?.acl = "acl-ours"
            state.subnets["subnet-public-b"]?.acl = "acl-theirs"
        }
        let first = try await undo.revert(on: stage.platform, applied: [:])
        #expect(first == ["subnet-public-a is back on acl-old", "acl-ours is deleted"])
        #expect(stage.lists["subnet-public-b"] == "acl-theirs")
        let second = try await undo.revert(on: stage.platform, applied: [:])
        #expect(second == [])
        #expect(stage.cloud.now.acls["acl-theirs"] != nil)
    }

    @Test func `a subnet that another run still blocks is refused`() async throws {
        let stage = try Stage()
        stage.cloud.change { state in
            state.acls["acl-x"] = ["loadchaos:run": "run-0", "loadchaos:fault": "f"]
            state.subnets["subnet-public-a"]?.acl = "acl-x"
        }
        let error = await #expect(throws: ChaosRefusal.self) {
            try await stage.engine([Stage.block]).preflight()
        }
        #expect(
            error?.description
                == "block zone eu-test-1a: subnet-public-a is still blocked by run run-0 (acl-x): run `loadchaos recover`"
        )
    }

    @Test func `a zone without subnets is refused with the zones there are`() async throws {
        let stage = try Stage()
        var fault = Stage.block
        fault.fault = .blockZone("eu-test-1z")
        let engine = try stage.engine([fault])
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(
            error?.description
                == "block zone eu-test-1a: zone eu-test-1z has no subnet in vpc-1; its zones are eu-test-1a, eu-test-1b"
        )
    }
}
