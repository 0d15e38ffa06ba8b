import AWS
import Chaos
import Foundation
import Plan
import TestKit
import Testing

/// What faults would do, without doing it.
@Suite struct PreviewTests {
    @Test func `a preview is what would be hit, called and undone, and changes nothing`() async throws {
        let stage = try Stage()
        let preview = try await stage.engine([Stage.block, Stage.kill]).preview()
        #expect(preview.account == "123456789012" && preview.region == "eu-test-1")
        #expect(preview.faults.map(\.name) == ["block zone eu-test-1a", "kill 1 task of web"])
        let block = preview.faults[0]
        #expect(block.duration == .seconds(240) && block.targets.count == 2)
        #expect(block.calls.first?.hasPrefix("ec2 CreateNetworkAcl") == true)
        #expect(block.permissions.contains("ec2:ReplaceNetworkAclAssociation"))
        #expect(block.undo.hasPrefix("{\"restoreNetworkAcls\"") && block.undo.contains("acl-old"))
        #expect(stage.mutations == [] && stage.lists == Stage.original)
        #expect(try stage.journal().unpaid() == [], "nothing is owed")
    }

    @Test func `it refuses what a run refuses`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([Stage.block], region: "eu-other-1")
        await #expect(throws: ChaosRefusal.self) { _ = try await engine.preview() }
    }

    @Test func `the same seed finds the same tasks, and another place is told apart`() async throws {
        let stage = try Stage()
        let planned = try await stage.engine([Stage.block, Stage.kill]).preview()
        let again = try await stage.engine([Stage.block, Stage.kill], run: "run-2").preview()
        #expect(again.differences(from: planned).isEmpty, "\(again.differences(from: planned))")
        // It is a file in between.
        let read = try JSONDecoder().decode(ChaosPreview.self, from: JSONEncoder().encode(planned))
        #expect(read == planned)

        stage.cloud.change { $0.subnets["subnet-public-a"]?.acl = "acl-other" }
        let moved = try await stage.engine([Stage.block, Stage.kill]).preview()
        #expect(moved.differences(from: planned).count == 2, "the call, and what it would give back")
        #expect(
            moved.differences(from: planned).last
                == "block zone eu-test-1a: what it would give back is not what it would have been")
        let fewer = try await stage.engine([Stage.kill]).preview()
        #expect(
            fewer.differences(from: planned).first
                == "faults: planned block zone eu-test-1a; kill 1 task of web, now kill 1 task of web")
        var later = planned
        later.faults[0].at = .seconds(30)
        later.account = "999999999999"
        #expect(
            later.differences(from: planned) == [
                "account: planned 123456789012, now 999999999999",
                "block zone eu-test-1a, time: planned at 0s for 4m, now at 30s for 4m",
            ])
    }
}
