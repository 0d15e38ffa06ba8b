import History
import Plan
import TestKit
import Testing
import Verdict

import struct Plan.Expectation

@testable import Capacity

/// Scenarios in virtual time, against what can be reckoned by hand.
@Suite struct SimulationTests {
    /// A task is used up by 100 requests a second, and answers one within 8 to 12 ms.
    private static let model: SimulationModel = {
        var ease = LatencyHistogram()
        for time in 0..<1000 { ease.record(.microseconds(Int64(8_000 + 4 * time))) }
        return SimulationModel(ease: ease, perRequest: 0.01, idle: 0, service: "web", start: 60)
    }()

    private static let system: System = {
        var system = Shop.system
        system.promises = [
            System.Promise(
                name: "scales", source: "",
                expectations: [
                    Expectation(
                        text: "out",
                        check: .scaling(
                            .init(
                                .out, of: "web", earliest: .seconds(60), latest: .seconds(180),
                                cpu: .above(0.7))),
                        window: .measured),
                    Expectation(
                        text: "in",
                        check: .scaling(
                            .init(
                                .in, of: "web", earliest: .seconds(300), latest: .seconds(480),
                                cpu: .below(0.3))),
                        window: .measured),
                ])
        ]
        return system
    }()

    private func plan(
        _ phases: [(rate: Double, seconds: Double)], faults: [PlannedFault] = [], expect: [Expectation] = [],
        speed: Double = 1
    ) -> Plan {
        Plan(
            name: "A test",
            load: .open(
                phases.map {
                    Phase(.hold, startRate: $0.rate, endRate: $0.rate, duration: .seconds($0.seconds))
                }),
            requests: [Request(route: "GET /", weight: 1, method: .get, path: Template(literal: "/"))],
            faults: faults, expectations: expect, system: Self.system, speed: speed)
    }

    private func play(_ plan: Plan, seed: UInt64 = 1) throws -> Recording {
        var simulation = try Simulation(plan, Self.model, seed: seed, id: "s")
        return simulation.play()
    }

    private func p95(_ recording: Recording) -> Double {
        let merged = recording.seconds.reduce(into: LatencyHistogram()) { $0.merge($1.okLatency) }
        let bad = recording.seconds.reduce(0) { $0 + $1.bad }
        return merged.value(atPercentile: 95, infinite: bad)?.inMilliseconds ?? .infinity
    }

    @Test func `with ease it is as fast as it was measured, and adds up`() throws {
        let recording = try play(plan([(20, 120)]))
        #expect(abs(p95(recording) - 11.8) < 0.3)
        #expect(recording.seconds.allSatisfy { $0.isConserved })
        #expect(recording.seconds.reduce(0) { $0 + $1.ok } == 2400)
        #expect(recording == (try play(plan([(20, 120)]))), "the same seed plays the same")
    }

    @Test func `twice what the tasks carry piles up as reckoned`() throws {
        // Two tasks, 200/s; at 300/s the queue grows by 100 requests a second: after 30 s a request waits 15 s. Its own
        // timeout of 5 s ends it for the client.
        let recording = try play(plan([(300, 30)]))
        let waits = recording.seconds.filter { $0.second == 8 }.reduce(into: LatencyHistogram()) {
            $0.merge($1.okLatency)
        }
        // Due in second 8, half a second of queue for each second so far.
        #expect(abs((waits.value(atPercentile: 50)?.inSeconds ?? 0) - 4.25) < 0.3)
        #expect(recording.seconds.filter { $0.second > 12 }.allSatisfy { $0.ok == 0 })
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func `a dark zone is left by the third failed check`(_ seed: UInt64) throws {
        let block = PlannedFault(
            name: "block zone a", fault: .blockZone("a"), at: .seconds(120), duration: .seconds(240))
        let recording = try play(plan([(40, 600)], faults: [block]), seed: seed)
        let verdict = judge(recording)
        let time = try #require(verdict.aftermaths.first?.time?.inSeconds)
        // Three checks, 30 s apart, the last with its timeout: 65 s to 95 s from the block, of the slowest of three.
        #expect((65...97).contains(time), "\(time)")
        // Half goes to the dark node, half of the rest to a dark target.
        let early = recording.seconds.filter { (122..<180).contains($0.second) }
        let share = Double(early.reduce(0) { $0 + $1.bad }) / Double(early.reduce(0) { $0 + $1.planned })
        #expect(abs(share - 0.75) < 0.05, "\(share)")
    }

    @Test func `speed shortens windows, and no request`() throws {
        let block = PlannedFault(
            name: "block zone a", fault: .blockZone("a"), at: .seconds(120), duration: .seconds(240))
        let recording = try play(plan([(40, 600)], faults: [block], speed: 6))
        #expect(recording.run.loadEnded == .seconds(100))
        #expect((60...102).contains(judge(recording).aftermaths.first?.time?.inSeconds ?? 0))
        #expect(abs(p95(try play(plan([(40, 120)], speed: 6))) - 11.8) < 0.3)
    }

    @Test func `tasks come after a minute over the bound, and go after five under it`() throws {
        let recording = try play(plan([(50, 120), (170, 300), (50, 1200)]))
        let desired = recording.platform.filter { $0.metric == .desiredTasks && $0.service == "web" }
        #expect(desired.map(\.value) == [2, 3, 2])
        // The load steps at 120 s; the minute that ends at 180 s is the first over 70 %.
        #expect(desired[1].at == .seconds(180))
        // From 420 s on it is low; five minutes under the bound end at 720 s.
        #expect(abs(desired[2].at.inSeconds - 720) <= 60, "\(desired)")
        let served = recording.platform.first {
            $0.metric == .runningTasks && $0.service == "web" && $0.value == 3
        }
        #expect(served.map { abs($0.at.inSeconds - 240) <= 1 } == true)
    }

    @Test func `a service that is held does not scale`() throws {
        let hold = PlannedFault(
            name: "scale", fault: .scale(service: "web", tasks: 2), at: .zero, duration: .seconds(600))
        let recording = try play(plan([(190, 600)], faults: [hold]))
        let desired = recording.platform.filter { $0.metric == .desiredTasks && $0.service == "web" }
        #expect(desired.map(\.value) == [2])
    }

    @Test func `a killed task is replaced`() throws {
        let kill = PlannedFault(
            name: "kill", fault: .killTasks(count: 1, service: "web", zone: nil), at: .seconds(100))
        let recording = try play(plan([(40, 400)], faults: [kill]))
        let running = recording.platform.filter { $0.metric == .runningTasks && $0.service == "web" }
        #expect(running.map(\.value) == [2, 1, 2] && abs((running.last?.at.inSeconds ?? 0) - 160) <= 1)
    }

    @Test func `a replay is played with its own times and routes`() throws {
        var replay = plan([(1, 10)])
        replay.requests += replay.requests
        replay.streams[0].load = .replay(
            Replay(
                offsets: [.zero, .milliseconds(1_500), .milliseconds(1_600)], routes: [1, 0, 1],
                duration: .seconds(2)))
        let planned = try play(replay).seconds.map { [$0.second, $0.route, Int($0.planned)] }
        #expect(planned == [[0, 1, 1], [1, 0, 1], [1, 1, 1]])
    }

    @Test func `what it cannot play it refuses`() {
        let hang = PlannedFault(
            name: "hang 1 task of web", fault: .hangTasks(count: 1, service: "web", zone: nil),
            at: .seconds(1),
            duration: .seconds(9))
        #expect(throws: Simulation.Refusal.self) { try play(plan([(1, 10)], faults: [hang])) }
        var users = plan([(1, 10)])
        users.streams[0].load = .closed(users: 3, duration: .seconds(10))
        #expect(throws: Simulation.Refusal.self) { try play(users) }
        var nowhere = plan([(1, 10)])
        nowhere.system = nil
        #expect(throws: Simulation.Refusal.self) { try play(nowhere) }
    }

    // MARK: The model

    private func stage(_ rate: Int, cpu: Double) -> Recording {
        var recording = RecordingBuilder(seconds: 37, rate: rate, warmUp: 17, speed: 10).recording
        var scenario = recording.run.plan
        scenario.system = Self.system
        recording.run.plan = StagePlan(
            scenario: scenario, objective: Objective(latency: .milliseconds(100)), service: "web", tasks: 2
        ).plan(rate: Double(rate))
        var fault = FaultRecord(index: 0, name: recording.run.plan.faults[0].name, state: .healed)
        (fault.injected, fault.effect, fault.reverted, fault.healed) = (
            .zero, .seconds(1), .seconds(37), .seconds(38)
        )
        recording.faults = [fault]
        recording.platform = [
            PlatformSample(at: .zero, metric: .runningTasks, service: "web", value: 2),
            PlatformSample(at: .seconds(30), metric: .cpuUtilization, service: "web", value: cpu),
        ]
        return recording
    }

    @Test func `CPU by load is a line, and what is light is fast`() throws {
        let model = try #require(
            SimulationModel([stage(40, cpu: 25), stage(80, cpu: 45), stage(160, cpu: 85)], service: "web"))
        #expect(abs(model.perRequest - 0.01) < 1e-9 && abs(model.idle - 0.05) < 1e-9)
        #expect(model.start == SimulationModel.usualStart)
        // 40/s and 80/s for 20 s each: the stage at 85 % is not light.
        #expect(model.ease.total == 2_400)
        #expect(SimulationModel([stage(160, cpu: 85), stage(180, cpu: 95)], service: "web") == nil)
        #expect(SimulationModel([stage(40, cpu: 25)], service: "web") == nil, "one point is no line")
    }
}
