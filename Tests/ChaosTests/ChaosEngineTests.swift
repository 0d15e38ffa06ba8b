import AWS
import Chaos
import History
import Plan
import Synchronization
import TestKit
import Testing

@Suite struct ChaosEngineTests {
    @Test func `cancelling in the middle of the hold reverts and proves the healing before play returns`()
        async throws
    {
        let stage = try Stage()
        let isHolding = AsyncStream<Void>.makeStream()
        let clock = EagerClock { aim in
            guard aim == .seconds(40) else { return }
            isHolding.continuation.yield()
            try await Task.sleep(for: .seconds(3600))
        }
        let engine = try stage.engine([Stage.block], clock: clock)
        let playing = Task { await engine.play(0) }
        for await _ in isHolding.stream { break }
        #expect(stage.lists["subnet-public-a"] == "acl-new1")
        playing.cancel()
        await playing.value
        #expect(stage.history.faults[0]?.state == .healed)
        #expect(stage.lists == Stage.original)
        #expect(stage.history.events.contains { $0.text == "ended early: the run was cancelled" })
    }

    @Test func `cancelling while it is injected lets every call end, and reverts`() async throws {
        let stage = try Stage()
        let task = Mutex<Task<Void, Never>?>(nil)
        stage.cloud.answer { request in
            if request.action == "CreateNetworkAcl" { task.withLock { $0?.cancel() } }
            return nil
        }
        let engine = try stage.engine([Stage.block])
        let start = AsyncStream<Void>.makeStream()
        let playing = Task {
            for await _ in start.stream { break }
            await engine.play(0)
        }
        task.withLock { $0 = playing }
        start.continuation.yield()
        await playing.value
        #expect(stage.history.faults[0]?.state == .healed)
        #expect(stage.history.faults[0]?.injected != nil)
        #expect(stage.lists == Stage.original)
    }

    @Test func `a cancelled task injects nothing`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([Stage.block])
        let playing = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await engine.play(0)
        }
        await playing.value
        #expect(stage.history.faults[0]?.state == .skipped)
        #expect(stage.mutations.isEmpty)
    }

    @Test func `healAll reverts what is held, once, and nothing is injected after it`() async throws {
        let stage = try Stage()
        let isHolding = AsyncStream<Void>.makeStream()
        let clock = EagerClock { aim in
            guard aim == .seconds(40) else { return }
            isHolding.continuation.yield()
            try await Task.sleep(for: .seconds(3600))
        }
        let engine = try stage.engine([Stage.block, Stage.kill], clock: clock)
        let playing = Task { await engine.play(0) }
        for await _ in isHolding.stream { break }
        #expect(await engine.healAll() == [])
        #expect(stage.history.faults[0]?.state == .healed)
        #expect(stage.lists == Stage.original)
        await engine.play(1)
        #expect(stage.history.faults[1]?.state == .skipped)
        #expect(await engine.healAll() == [])
        playing.cancel()
        await playing.value
        #expect(stage.server.count("DeleteNetworkAcl") == 1)
        #expect(stage.server.count("StopTask") == 0)
    }

    @Test func `a skipped fault has its reason, and skipping one that was begun changes nothing`()
        async throws
    {
        let stage = try Stage()
        let engine = try stage.engine([Stage.kill, Stage.block])
        engine.skip(1, because: "steady state was not met")
        #expect(stage.history.faults[1]?.state == .skipped)
        #expect(stage.history.faults[1]?.problem == "steady state was not met")
        await engine.play(0)
        engine.skip(0, because: "too late")
        #expect(stage.history.faults[0]?.state == .healed)
    }

    @Test func `a journal that cannot be written means no fault`() async throws {
        let stage = try Stage()
        let error = #expect(throws: JournalError.self) { try Journal(path: "/nonexistent/journal.sqlite") }
        #expect(error?.description.contains("no fault is injected without it") == true)
        #expect(stage.mutations.isEmpty)
    }

    @Test func `a lab that dies in the middle owes nothing`() async throws {
        let stage = try Stage()
        let clock = EagerClock { aim in if aim == .seconds(40) { stage.server.stop() } }
        await (try stage.engine([Stage.block], clock: clock)).play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .reverted)
        #expect(record.reverted == nil)
        #expect(
            record.problem
                == "the lab at \(stage.server.url) is gone, and what was changed in it with it: nothing is left to revert"
        )
        #expect(try stage.journal().all().map(\.state) == [.paid])
    }

    @Test(
        arguments: [
            (
                System.Guard(account: "999999999999"),
                "the guard allows account 999999999999, but these credentials are of account 123456789012; nothing was changed"
            ),
            (
                System.Guard(tagKey: "env", tagValue: "prod"),
                "block zone eu-test-1a: the guard asks for the tag env=prod, missing on subnet-private-a, subnet-public-a; nothing was changed"
            ),
            (
                System.Guard(tagKey: "chaos-ok"),
                "block zone eu-test-1a: the guard asks for the tag chaos-ok, missing on subnet-private-a, subnet-public-a; nothing was changed"
            ),
            (System.Guard(account: "123456789012", tagKey: "env", tagValue: "test"), nil),
            (System.Guard(tagKey: "env"), nil),
        ] as [(System.Guard, String?)])
    func `the guard is kept before anything is changed`(guardrail: System.Guard, objection: String?)
        async throws
    {
        let stage = try Stage()
        let engine = try stage.engine([Stage.block], guardrail: guardrail, guards: .enforced)
        var said: String?
        do { try await engine.preflight() } catch { said = error.description }
        #expect(said == objection)
        #expect(stage.mutations.isEmpty)
    }

    @Test func `on loopback the guard is waived, and the log says so`() async throws {
        let stage = try Stage()
        try await stage.engine([Stage.block], guardrail: System.Guard(account: "999999999999")).preflight()
        let text = "account and tag are not compared with the guard: the platform is on this machine"
        #expect(stage.history.events.contains { $0.text == text })
    }

    @Test func `another region than the platform's is refused`() async throws {
        let stage = try Stage()
        let engine = try stage.engine([Stage.block], region: "eu-west-1")
        let error = await #expect(throws: ChaosRefusal.self) { try await engine.preflight() }
        #expect(
            error?.description
                == "the system is in eu-west-1, but the platform speaks for eu-test-1: set AWS_REGION=eu-west-1"
        )
    }
}
