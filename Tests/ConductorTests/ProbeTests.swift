import Conductor
import History
import Plan
import Synchronization
import TestKit
import Testing

/// When the real Conductor runs probes, on a simulated clock.
struct ProbeTests {
    /// What was asked of the probes in 20 s of load at speed 2; `stopAt`: the second in which the run is interrupted.
    private static func log(length: Nanoseconds, stopAt: Int? = nil) async throws -> [String] {
        func probe(_ name: String, at: Double) -> Probe {
            Probe(name: name, at: .seconds(at), place: .harness, command: "true")
        }
        let plan = Plan(
            name: "test", load: .open([Phase(.hold, startRate: 10, endRate: 10, duration: .seconds(40))]),
            requests: [Request(route: "GET /", weight: 1, method: .get, path: Template(literal: "/"))],
            probes: [probe("a", at: 10), probe("b", at: 12), probe("c", at: 36)], speed: 2)
        let clock = SimulatedClock()
        let run = RunRecord(
            id: "run", startedAt: "", plan: plan, seed: 1, command: "", version: "",
            environment: .init(platform: "test", targets: [], host: "", kernel: "", processors: 1))
        let live = LiveRecording(run: run, next: MemoryHistory())
        let probes = ScriptedProbes(clock: clock, length: length)
        let conductor = Conductor(
            plan: plan, clock: clock, live: live,
            load: ScriptedLoad(clock: clock, seconds: 20, writer: live) { _ in (10, 0) }, faults: nil,
            watches: [],
            probes: probes, ledger: NoLedger())
        let playing = Task { try await conductor.play { Recording(run: run) } }
        for second in 0..<40 {
            // The load, the stop rules, and the next probe.
            await clock.settle(untilAsleep: second < 18 && second < stopAt ?? 99 ? 3 : 0)
            await clock.advance(by: .seconds(1))
            if second == stopAt {
                conductor.stop(.interrupted, because: "SIGINT")
                // Time must not pass before what runs has heard of it, however busy the machine is.
                for _ in 0..<1000 where probes.log.withLock({ $0.count < 4 }) {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
        }
        try await playing.value
        return probes.log.withLock { $0 }
    }

    @Test func `probes begin when they are due, side by side, and the run waits for the last`() async throws {
        #expect(
            try await Self.log(length: .seconds(4)) == [
                "begin 0 at 5s", "begin 1 at 6s", "end 0 at 9s", "end 1 at 10s", "begin 2 at 18s",
                "end 2 at 22s",
            ])
    }

    @Test func `an interruption ends the probe under way and begins no other`() async throws {
        #expect(
            try await Self.log(length: .seconds(30), stopAt: 7)
                == ["begin 0 at 5s", "begin 1 at 6s", "cut short 0 at 8s", "cut short 1 at 8s"])
    }
}
