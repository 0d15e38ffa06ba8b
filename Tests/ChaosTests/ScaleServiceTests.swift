import AWS
import Chaos
import History
import Plan
import Synchronization
import TestKit
import Testing

@Suite struct ScaleServiceTests {
    typealias Target = ScriptedAWSCloud.ScalableTarget
    /// What a revert of 3 tasks between 2 and 4 finds, and what it leaves.
    typealias Meanwhile = (desired: Int, target: Target?, left: Target?, wants: Int)

    private static func fault(_ service: String, to tasks: Int) -> PlannedFault {
        PlannedFault(
            name: "scale \(service) to \(tasks) tasks", fault: .scale(service: service, tasks: tasks),
            at: .zero,
            duration: .seconds(60))
    }

    /// The service `app`, which wants 3 tasks, scaled between 2 and 4; or not scaled.
    private func stage(_ target: Target? = .init(2, 4)) throws -> Stage {
        let stage = try Stage()
        stage.cloud.change { $0.scalableTargets["app"] = target }
        return stage
    }

    private static func undo(from original: Int = 3, to ours: Int, isScaled: Bool = true) -> Undo {
        let goesOn = ApplicationAutoScaling.Suspended(scaleIn: false, scaleOut: false, scheduled: false)
        let limits = RestoreScale.Limits(minimum: 2, maximum: 4, suspended: goesOn)
        return .restoreScale(
            RestoreScale(
                RestoreDesiredCount(cluster: "shop", service: "app", ours: ours, original: original),
                limits: isScaled ? limits : nil))
    }

    static let held = [true, true, true]

    // MARK: The life of it

    @Test func `a balanced service is held at a number, proved, given back and proved healed`() async throws {
        let stage = try Stage()
        stage.cloud.change { $0.scalableTargets["web"] = .init(2, 4, suspended: [true, false, false]) }
        let clock = EagerClock { aim in
            guard aim == .seconds(10) else { return }
            #expect(stage.cloud.now.scalableTargets["web"] == .init(4, 4, suspended: Self.held))
            #expect(stage.cloud.now.desired["web"] == 4)
        }
        let engine = try stage.engine([Self.fault("web", to: 4)], clock: clock)
        try await engine.preflight()
        #expect(stage.mutations.isEmpty)
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(record.targets == ["service web, 2 tasks, scaled between 2 and 4"])
        #expect(record.effectProof == "web: 4 of 4 tasks run, 4 targets healthy")
        #expect(record.reverted == .seconds(10))
        #expect(record.healedProof == "web: 2 of 2 tasks run, 2 targets healthy")
        #expect(
            stage.mutations == [
                "TagResource", "RegisterScalableTarget", "UpdateService", "RegisterScalableTarget",
                "UntagResource",
            ])
        #expect(stage.cloud.now.scalableTargets["web"] == .init(2, 4, suspended: [true, false, false]))
        #expect(stage.cloud.now.desired["web"] == 2)
        let words = "reverted: web wants 2 tasks again, web is scaled between 2 and 4 tasks again"
        #expect(stage.history.events.contains { $0.text == words })
    }

    /// With the limits first, the 8 would become a 4 that nobody knows for ours.
    @Test(arguments: [1, 2, 3, 4, 8])
    func `any number inside and outside of the limits is given back exactly`(tasks: Int) async throws {
        let stage = try stage()
        await (try stage.engine([Self.fault("app", to: tasks)])).play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.effectProof == "app: \(tasks) of \(tasks) tasks run")
        #expect(record.state == .healed)
        #expect(record.healedProof == "app: 3 of 3 tasks run")
        #expect(stage.cloud.now.desired["app"] == 3)
        #expect(stage.cloud.now.scalableTargets["app"] == .init(2, 4))
        let count = tasks == 3 ? [] : ["UpdateService"]
        let calls = ["RegisterScalableTarget"] + count + ["RegisterScalableTarget"]
        #expect(stage.mutations == ["TagResource"] + calls + ["UntagResource"])
    }

    @Test func `a service that nothing scales is given the number by ECS alone`() async throws {
        let stage = try stage(nil)
        await (try stage.engine([Self.fault("app", to: 2)])).play(0)
        #expect(stage.history.faults[0]?.state == .healed)
        #expect(stage.history.faults[0]?.targets == ["service app, 3 tasks, not scaled"])
        #expect(stage.mutations == ["TagResource", "UpdateService", "UpdateService", "UntagResource"])
        #expect(stage.cloud.now.desired["app"] == 3 && stage.cloud.now.scalableTargets.isEmpty)
        #expect(try stage.undos() == [Self.undo(to: 2, isScaled: false)])
    }

    @Test func `a platform that does not move the count by itself is told to`() async throws {
        let stage = try stage()
        stage.cloud.change { $0.movesCounts = false }
        await (try stage.engine([Self.fault("app", to: 2)])).play(0)
        #expect(stage.history.faults[0]?.effectProof == "app: 2 of 2 tasks run")
        #expect(
            stage.mutations == [
                "TagResource", "RegisterScalableTarget", "UpdateService", "UpdateService",
                "RegisterScalableTarget", "UntagResource",
            ])
        #expect(stage.cloud.now.desired["app"] == 3)
    }

    @Test func `a task that is not healthy proves no effect`() async throws {
        let stage = try Stage()
        stage.cloud.change { $0.targetStates["fresh1"] = "initial" }
        await (try stage.engine([Self.fault("web", to: 3)])).play(0)
        #expect(stage.history.faults[0]?.injected != nil && stage.history.faults[0]?.effect == nil)
        #expect(
            stage.history.events.contains { $0.text == "no effect was seen: target fresh1:80 is initial" })
        #expect(stage.history.faults[0]?.state == .healed)
    }

    @Test func `while it still carries our number it is not healed`() async throws {
        let stage = try stage()
        // The count is taken back, and nothing is told of it: a platform that says yes and does nothing.
        stage.cloud.answer { [weak cloud = stage.cloud] request in
            guard request.action == "UpdateService", cloud?.now.desired["app"] == 2 else { return nil }
            return .ok(
                #"{"service":{"serviceArn":"a","serviceName":"app","desiredCount":3,"#
                    + #""runningCount":3,"pendingCount":0}}"#)
        }
        await (try stage.engine([Self.fault("app", to: 2)])).play(0)
        #expect(stage.history.faults[0]?.state == .notHealed)
        #expect(stage.history.faults[0]?.problem?.hasSuffix("app still wants 2 tasks") == true)
    }

    // MARK: The debt

    @Test func `the undo is in the file before the first call that changes anything`() async throws {
        let stage = try stage()
        let seen = Mutex<[Debt]?>(nil)
        let path = stage.journalPath
        stage.cloud.answer { request in
            guard request.action == "TagResource" else { return nil }
            // A second connection, as another process would open it; unreadable counts as empty, which fails below.
            let debts = (try? Journal(path: path).all()) ?? []
            seen.withLock { $0 = $0 ?? debts }
            return nil
        }
        await (try stage.engine([Self.fault("app", to: 2)])).play(0)
        let debt = try #require(seen.withLock { $0 }?.first)
        #expect(debt.state == .intent && debt.undo.unmarked == Self.undo(to: 2))
    }

    @Test(
        arguments: [
            // Limits that somebody has set since stay; the count is still ours.
            (desired: 2, target: Target(1, 6, suspended: Self.held), left: Target(1, 6), wants: 3),
            // So does a count, and then a suspension.
            (desired: 4, target: Target(2, 2, suspended: Self.held), left: Target(2, 4), wants: 4),
            (
                desired: 2, target: Target(2, 2, suspended: [true, true, false]),
                left: Target(2, 4, suspended: [true, true, false]), wants: 3
            ),
            // Nothing of ours is left, or no scalable target is.
            (desired: 4, target: Target(3, 5), left: Target(3, 5), wants: 4),
            (desired: 2, target: nil, left: nil, wants: 3),
        ] as [Meanwhile])
    func `what somebody else has changed since is left alone, and a second time changes nothing`(
        row: Meanwhile
    ) async throws {
        let stage = try stage(row.target)
        stage.cloud.change { $0.desired["app"] = row.desired }
        let undo = Self.undo(to: 2)
        _ = try await undo.revert(on: stage.platform, applied: [:])
        #expect(stage.cloud.now.desired["app"] == row.wants)
        #expect(stage.cloud.now.scalableTargets["app"] == row.left)
        let calls = stage.mutations
        #expect(try await undo.revert(on: stage.platform, applied: [:]) == [])
        #expect(stage.mutations == calls)
    }

    @Test func `a number that is the service's own anyway is not taken for ours`() async throws {
        let stage = try stage(.init(3, 3, suspended: [false, false, true]))
        await (try stage.engine([Self.fault("app", to: 3)])).play(0)
        #expect(stage.history.faults[0]?.state == .healed)
        #expect(
            stage.mutations == [
                "TagResource", "RegisterScalableTarget", "RegisterScalableTarget", "UntagResource",
            ])
        #expect(stage.cloud.now.scalableTargets["app"] == .init(3, 3, suspended: [false, false, true]))
        #expect(stage.history.events.contains { $0.text == "reverted: app is scaled again" })
    }

    @Test func `a failure in the middle of the injection is reverted`() async throws {
        let stage = try stage()
        stage.cloud.change { $0.movesCounts = false }
        let isFirst = Mutex(true)
        stage.cloud.answer { request in
            guard request.action == "UpdateService",
                isFirst.withLock({ isFirst in
                    defer { isFirst = false }
                    return isFirst
                })
            else { return nil }
            return .status(400, #"{"__type":"ClientException","message":"no"}"#)
        }
        await (try stage.engine([Self.fault("app", to: 2)])).play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.problem == "not injected whole: ecs UpdateService: ClientException: no")
        #expect(record.injected == nil && record.state == .healed)
        #expect(stage.cloud.now.scalableTargets["app"] == .init(2, 4) && stage.cloud.now.desired["app"] == 3)
    }

    @Test func `limits do not come back before the count has, and recover finishes it`() async throws {
        let stage = try stage()
        let isBroken = Mutex(true)
        stage.cloud.answer { request in
            guard request.action == "UpdateService", isBroken.withLock({ $0 }) else { return nil }
            return .status(400, #"{"__type":"ClientException","message":"no"}"#)
        }
        await (try stage.engine([Self.fault("app", to: 8)])).play(0)
        #expect(stage.history.faults[0]?.state == .notHealed)
        #expect(
            stage.history.faults[0]?.problem == """
                app may still be held at 8 tasks: ecs UpdateService: ClientException: no
                to undo it by hand:
                  aws ecs --region eu-test-1 --endpoint-url \(stage.server.url) update-service --cluster shop \
                --service app --desired-count 3
                  aws application-autoscaling --region eu-test-1 --endpoint-url \(stage.server.url) \
                register-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount \
                --resource-id service/shop/app --min-capacity 2 --max-capacity 4 --suspended-state \
                DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false
                """)
        #expect(stage.cloud.now.scalableTargets["app"] == .init(8, 8, suspended: Self.held))
        isBroken.withLock { $0 = false }
        try await expectRecovery(
            stage, ["app wants 3 tasks again", "app is scaled between 2 and 4 tasks again"])
    }

    @Test(arguments: [8, 3])
    func `a run that was killed while it was held, or between the two steps of its undo, is recovered`(
        desired: Int
    ) async throws {
        let stage = try stage(.init(8, 8, suspended: Self.held))
        stage.cloud.change { $0.desired["app"] = desired }
        _ = try stage.journal().open(
            run: "run-0", fault: "scale app to 8 tasks",
            platform: PlatformIdentity(
                endpoints: Endpoints(all: stage.server.url), account: "123456789012", region: "eu-test-1"),
            undo: Self.undo(to: 8))
        let error = await #expect(throws: ChaosRefusal.self) {
            try await stage.engine([Self.fault("app", to: 2)]).preflight()
        }
        #expect(error?.description.hasPrefix("faults of an earlier run are not reverted yet") == true)
        let count = desired == 8 ? ["app wants 3 tasks again"] : []
        try await expectRecovery(stage, count + ["app is scaled between 2 and 4 tasks again"])
        try await stage.engine([Self.fault("app", to: 2)]).preflight()
    }

    private func expectRecovery(_ stage: Stage, _ expected: [String]) async throws {
        let platform = stage.platform
        let outcomes = try await Recovery.recover(try stage.journal()) { _ in platform }
        guard case .reverted(let done)? = outcomes.first?.outcome else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(done == expected)
        #expect(stage.cloud.now.desired["app"] == 3)
        #expect(stage.cloud.now.scalableTargets["app"] == .init(2, 4))
    }

    // MARK: What is refused

    @Test(arguments: [
        (
            Target(2, 2, suspended: Self.held),
            "service app is held at 2 tasks with its scaling suspended, as by a scale that was not reverted: run "
                + "`loadchaos recover`, or resume its scaling"
        ),
        (
            Target(4, 6),
            "service app wants 3 tasks, outside of its limits 4 to 6: autoscaling would not let it have them back"
        ),
    ])
    func `a service that could not be given back as it was is refused before anything is done`(
        target: Target, words: String
    ) async throws {
        let stage = try stage(target)
        let engine = try stage.engine([Self.fault("app", to: 2)])
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(error?.description == "scale app to 2 tasks: \(words)")
        #expect(stage.mutations.isEmpty)
    }

    @Test func `the guard's tag is asked of the service`() async throws {
        let stage = try stage()
        let engine = try stage.engine(
            [Self.fault("app", to: 2)], guardrail: System.Guard(tagKey: "chaos-ok"), guards: .enforced)
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(
            error?.description == """
                scale app to 2 tasks: the guard asks for the tag chaos-ok, missing on \
                arn:aws:ecs:eu-test-1:123456789012:service/shop/app; nothing was changed
                """)
        #expect(stage.mutations.isEmpty)
    }

    // MARK: One after the other

    @Test func `one that is due when another ends waits for its revert, and finds the service's own state`()
        async throws
    {
        let stage = try stage()
        let player = Mutex<ChaosEngine?>(nil)
        let second = Mutex<Task<Void, Never>?>(nil)
        let isSeen = AsyncStream<Void>.makeStream()
        let clock = EagerClock { aim in
            // The first poll of the one that waits; time stands still as long as the first is held.
            if aim == .milliseconds(250) { isSeen.continuation.yield() }
            guard aim == .seconds(10), let engine = player.withLock({ $0 }) else { return }
            player.withLock { $0 = nil }
            second.withLock {
                $0 = Task {
                    await engine.play(1)
                    isSeen.continuation.yield()
                }
            }
            for await _ in isSeen.stream { break }
        }
        var next = Self.fault("app", to: 4)
        next.at = .seconds(60)
        let engine = try stage.engine([Self.fault("app", to: 2), next], clock: clock)
        player.withLock { $0 = engine }
        await engine.play(0)
        await second.withLock { $0 }?.value
        let records = stage.history.faults
        #expect(records[0]?.state == .healed && records[1]?.state == .healed)
        #expect(records[1]?.effectProof == "app: 4 of 4 tasks run")
        let reverted = try #require(records[0]?.reverted)
        #expect(try #require(records[1]?.injected) >= reverted)
        #expect(try stage.undos() == [Self.undo(to: 2), Self.undo(to: 4)])
        #expect(stage.cloud.now.scalableTargets["app"] == .init(2, 4) && stage.cloud.now.desired["app"] == 3)
    }
}
