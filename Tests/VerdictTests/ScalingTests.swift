import History
import Plan
import TestKit
import Testing

import struct Plan.Expectation

@testable import Verdict

/// When autoscaling's steps come, from recorded CPU and desired counts. Speed 6: a minute is ten real seconds.
@Suite struct ScalingTests {
    private static let out = Expectation.Check.scaling(
        Expectation.Scaling(
            .out, of: "flask", earliest: .seconds(60), latest: .seconds(180), cpu: .above(0.7)))
    private static let back = Expectation.Check.scaling(
        Expectation.Scaling(
            .in, of: "flask", earliest: .seconds(300), latest: .seconds(480), cpu: .below(0.7)))

    private func run(
        _ check: Expectation.Check, seconds: Int = 300, speed: Double = 6, cpu: [Double],
        counts: [(Double, Double)]
    ) -> Finding {
        var builder = RecordingBuilder(seconds: seconds, rate: 1, speed: speed).expecting(
            "scaling", check, .measured
        )
        .cpu(cpu, "flask")
        builder.recording.run.plan.system = System(
            name: "s", region: "r", zones: ["a"], cluster: "c", balancer: "b", balancedService: "flask",
            services: [System.Service(name: "flask", tasks: 2...4, port: 1, cpu: 512, memory: 512)])
        for (at, count) in counts { builder = builder.tasks(count, "flask", at: at) }
        return judge(builder.recording).findings[0]
    }

    @Test func `a step after one whole minute over the bound is in its window`() {
        let good = run(Self.out, cpu: [50, 80, 55, 55], counts: [(-1, 2), (20.4, 3)])
        #expect(good.answer == .kept)
        #expect(good.measured == "2 → 3 after 62.4s (resolution 6s)")
        #expect(good.figure?.count == 1)
    }

    @Test func `the second step's time runs from the first, for the CPU was over all the while`() {
        let cpu: [Double] = [50, 80, 80, 80, 55]
        let good = run(Self.out, cpu: cpu, counts: [(-1, 2), (20.4, 3), (40.5, 4)])
        #expect(good.answer == .kept)
        #expect(good.measured == "2 → 3 after 62.4s, 3 → 4 after 120.6s (resolution 6s)")
        let hasty = run(Self.out, cpu: cpu, counts: [(-1, 2), (20.4, 3), (24, 4)])
        #expect(hasty.answer == .broken)
        #expect(hasty.reason == "3 → 4 at 144s came too early")
    }

    @Test(arguments: [
        // Over from second 10 on. 60 s are 10 real ones; the resolution is 1.
        (at: 18.9, reason: "2 → 3 at 113.4s came too early"), (at: 19.1, reason: ""), (at: 40.9, reason: ""),
        (at: 41.2, reason: "2 → 3 at 247.2s came too late"),
    ])
    func `too early and too late are beyond the resolution`(row: (at: Double, reason: String)) {
        let finding = run(Self.out, cpu: [50, 80, 80, 80, 80, 50], counts: [(-1, 2), (row.at, 3)])
        #expect(finding.reason == row.reason)
        #expect(finding.answer == (row.reason.isEmpty ? .kept : .broken))
    }

    @Test func `a step without a cause is broken`() {
        let finding = run(Self.out, cpu: [50, 50, 50], counts: [(-1, 2), (20, 3)])
        #expect(finding.answer == .broken)
        #expect(finding.reason == "2 → 3 at 120s came without the CPU being beyond the bound")
    }

    @Test func `a step that never comes is broken, unless the limit is reached or the time was too short`() {
        let hot = [50.0] + Array(repeating: 90, count: 6)
        let missing = run(Self.out, cpu: hot, counts: [(-1, 2)])
        #expect(missing.answer == .broken)
        #expect(missing.reason == "no step from 2 in 360s from 60s on")
        #expect(run(Self.out, cpu: hot, counts: [(-1, 4)]).answer == .unknown)
        #expect(run(Self.out, cpu: [50, 90, 90, 50], counts: [(-1, 2)]).answer == .unknown)
        // A stretch that the end of the load cuts short of its window says nothing.
        #expect(run(Self.out, seconds: 35, cpu: hot, counts: [(-1, 2)]).answer == .unknown)
        // A gap in the datapoints is not known to be over the bound.
        let gap = run(Self.out, cpu: [50, 90, 90], counts: [(-1, 2)])
        #expect(gap.reason == "the CPU gave no occasion to scale out")
    }

    @Test func `no evidence is unknown`() {
        #expect(run(Self.out, cpu: [], counts: [(-1, 2)]).reason == "no CPU of flask was observed")
        #expect(run(Self.out, cpu: [90], counts: []).reason == "no desired count of flask was observed")
    }

    @Test func `steps in wait five minutes each, and none goes below the minimum`() {
        let calm = [90.0] + Array(repeating: 20, count: 25)
        let good = run(Self.back, cpu: calm, counts: [(-1, 4), (60.4, 3), (120.6, 2)])
        #expect(good.answer == .kept)
        #expect(good.measured == "4 → 3 after 302.4s, 3 → 2 after 361.2s (resolution 6s)")
        let hasty = run(Self.back, cpu: calm, counts: [(-1, 4), (60.4, 3), (70.4, 2)])
        #expect(hasty.reason == "3 → 2 at 422.4s came too early")
        let stuck = run(Self.back, cpu: calm, counts: [(-1, 4), (60.4, 3)])
        #expect(stuck.answer == .broken && stuck.reason.hasPrefix("no step from 3 in "))
    }

    @Test func `the warm-up is seen but not judged`() {
        var builder = RecordingBuilder(seconds: 60, rate: 1, warmUp: 30, speed: 6)
            .expecting("scaling", Self.out, .measured).cpu([90, 50, 50, 50, 50], "flask")
        builder = builder.tasks(2, "flask", at: -1).tasks(3, "flask", at: 2)
        #expect(judge(builder.recording).findings[0].answer == .unknown)
    }

    // MARK: The sequence of desired counts

    private func steps(_ counts: [(Double, Double)]) -> Finding {
        var builder = RecordingBuilder(seconds: 60, warmUp: 10)
            .expecting("steps", .steps(service: "flask", [2, 3, 2]), .measured)
        for (at, count) in counts { builder = builder.tasks(count, "flask", at: at) }
        return judge(builder.recording).findings[0]
    }

    @Test func `the desired counts must come one after the other as they are written`() {
        let good = steps([(-1, 2), (20, 3), (40, 2)])
        #expect(good.answer == .kept && good.measured == "flask 2, 3, 2")
        #expect(steps([(-1, 4), (5, 2), (20, 3), (40, 2)]).answer == .kept, "the warm-up does not count")
        #expect(steps([(-1, 2), (20, 3)]).reason == "the load ended before the next step came")
        #expect(steps([(-1, 2), (20, 4)]).reason == "other steps than these")
        #expect(steps([(-1, 2), (20, 3), (40, 2), (50, 3)]).answer == .broken)
        #expect(steps([(20, 3), (40, 2)]).answer == .unknown)
        #expect(steps([]).answer == .unknown)
    }

    @Test func `a change of direction is a reversal, a further step in the same is none`() {
        func found(_ counts: [(Double, Double)], _ bound: Bound<Int>) -> Finding {
            var builder = RecordingBuilder(seconds: 60, warmUp: 10)
                .expecting("reversals", .reversals(service: "flask", bound), .measured)
            for (at, count) in counts { builder = builder.tasks(count, "flask", at: at) }
            return judge(builder.recording).findings[0]
        }
        let flapping: [(Double, Double)] = [(-1, 2), (15, 3), (25, 4), (35, 3), (45, 4)]
        #expect(found(flapping, .atLeast(2)).answer == .kept)
        #expect(found(flapping, .atMost(1)).answer == .broken)
        #expect(found(flapping, .atMost(1)).measured == "2 reversals: flask 2, 3, 4, 3, 4")
        #expect(
            found([(-1, 2), (15, 3), (25, 3), (35, 4)], .equal(0)).measured == "0 reversals: flask 2, 3, 4")
        #expect(found([(-1, 2)], .equal(0)).answer == .kept)
        #expect(found([(20, 3)], .equal(0)).answer == .unknown, "not observed from the beginning on")
    }
}
