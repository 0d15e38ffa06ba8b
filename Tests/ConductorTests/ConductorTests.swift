import Conductor
import History
import Plan
import Synchronization
import TestKit
import Testing

/// The real Conductor on a simulated clock, with a scripted load and scripted faults.
struct ConductorTests {
    private static let request = Request(
        route: "GET /", weight: 1, method: .get, path: Template(literal: "/"))

    private static func plan(expecting expectations: [Expected] = []) -> Plan {
        Plan(
            name: "test",
            load: .open([Phase(.hold, startRate: 10, endRate: 10, duration: .seconds(60))]),
            requests: [request],
            faults: [
                PlannedFault(
                    name: "block zone a", fault: .blockZone("a"), at: .seconds(20), duration: .seconds(10)),
                PlannedFault(
                    name: "kill 1 task of api", fault: .killTasks(count: 1, service: "api", zone: nil),
                    at: .seconds(40)),
            ],
            expectations: expectations)
    }

    private struct Played {
        var log: [String]
        var run: RunRecord
        var events: [Event]
    }

    /// Plays `plan` to its end, calling `during` each simulated second.
    private static func play(
        _ plan: Plan,
        answering answer: @escaping @Sendable (Int) -> (ok: UInt64, failed: UInt64) = { _ in (10, 0) },
        during: (Conductor, Int) -> Void = { _, _ in }
    ) async throws -> Played {
        let clock = SimulatedClock()
        let run = RunRecord(
            id: "run", startedAt: "", plan: plan, seed: 1, command: "", version: "",
            environment: .init(platform: "test", targets: [], host: "", kernel: "", processors: 1))
        let history = MemoryHistory()
        let live = LiveRecording(run: run, next: history)
        let load = ScriptedLoad(clock: clock, seconds: 60, writer: live, answer: answer)
        let faults = ScriptedFaults(clock: clock, plan: plan)
        let conductor = Conductor(
            plan: plan, clock: clock, live: live, load: load, faults: faults, watches: [], ledger: NoLedger())
        let playing = Task { try await conductor.play { history.recording(of: run) } }
        for second in 0..<80 {
            // Load, stop rules and the fault that is next; between 20 and 30 s also the one under way.
            await clock.settle(
                untilAsleep: second < 20 ? 3 : second < 30 ? 4 : second < 40 ? 3 : second < 60 ? 2 : 0)
            await clock.advance(by: .seconds(1))
            during(conductor, second)
        }
        try await playing.value
        return Played(log: faults.log.withLock { $0 }, run: live.soFar.run, events: history.events)
    }

    @Test func `faults are injected when they are due and healed before the end`() async throws {
        let played = try await Self.play(Self.plan())
        #expect(
            played.log == [
                "inject 0 at 20s", "revert 0", "inject 1 at 40s", "revert 1", "heal all",
            ])
        #expect(played.run.ending == .completed)
        #expect(played.run.loadEnded == .seconds(60))
    }

    @Test func `an interruption reverts the fault at once and keeps what was recorded`() async throws {
        let played = try await Self.play(
            Self.plan(),
            during: { conductor, second in
                if second == 24 { conductor.stop(.interrupted, because: "SIGINT") }
            })
        #expect(
            played.log == [
                "inject 0 at 20s", "skip 1: the run was stopped before it was due", "cut short 0 at 25s",
                "revert 0",
                "heal all",
            ]
                || played.log == [
                    "inject 0 at 20s", "cut short 0 at 25s", "revert 0",
                    "skip 1: the run was stopped before it was due",
                    "heal all",
                ])
        #expect(played.run.ending == .interrupted)
        #expect(played.run.problem == "SIGINT")
    }

    @Test func `a fault is not injected into a system that is not steady`() async throws {
        let calm = Expected(text: "error rate < 1% when calm", check: .errorRate(.below(0.01)), window: .calm)
        let played = try await Self.play(Self.plan(expecting: [calm]), answering: { _ in (5, 5) })
        #expect(!played.log.contains { $0.hasPrefix("inject") })
        #expect(played.log.filter { $0.hasPrefix("skip") }.count == 2)
        #expect(played.run.ending == .stopped)
        #expect(played.run.problem?.hasPrefix("steady state not met before block zone a: ") == true)
    }

    @Test func `a target that goes down before a fault stops the run`() async throws {
        let played = try await Self.play(Self.plan(), answering: { $0 < 2 ? (10, 0) : (0, 10) })
        #expect(played.run.ending == .stopped)
        #expect(
            played.run.problem == "target down: no connection for 15s (150 of 150 requests could not connect)"
        )
        #expect(!played.log.contains { $0.hasPrefix("inject") })
    }
}
