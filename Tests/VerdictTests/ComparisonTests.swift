import Foundation
import History
import Plan
import TestKit
import Testing

@testable import Verdict

@Suite struct ComparisonTests {
    private func exactly(_ values: [Double]) -> [RunFigure] { values.map { RunFigure(value: $0, error: 0) } }

    // The tables' values.
    @Test(arguments: [
        (1, 0.95, 12.706), (2, 0.95, 4.303), (4, 0.95, 2.776), (10, 0.95, 2.228), (5, 0.99, 4.032),
        (120, 0.95, 1.980),
    ])
    func `Student's t`(degrees: Int, confidence: Double, t: Double) {
        #expect(abs(StudentT.quantile(within: confidence, degrees: degrees) - t) < 0.0006)
    }

    @Test func `the interval is the t test's, on logarithms`() throws {
        // Logarithms 0, 0.1, 0.2 and 0.3, 0.4, 0.5: means 0.3 apart, a variance of 0.01, an error of 2 × 0.1 × √(2/3).
        let ratio = try #require(
            RunRatio(
                baseline: exactly([1, 1.105_170_9, 1.221_402_8]),
                candidate: exactly([1.349_858_8, 1.491_824_7, 1.648_721_3]),
                confidence: 0.95, order: .apart))
        #expect(abs(ratio.value - 1.349_859) < 1e-5)
        #expect(abs(ratio.low - 0.857_801) < 1e-4)  // e^(0.3 − 2.77645 × 0.163299)
        #expect(abs(ratio.high - 2.124_188) < 1e-4)
    }

    @Test func `in turns it is that of the couples' ratios`() throws {
        // Ratios' logarithms 0.1, 0.2, 0.3: a variance of 0.01, an error of 0.1 / √3, t 4.303 with two degrees.
        let ratio = try #require(
            RunRatio(
                baseline: exactly([1, 2, 4]),
                candidate: exactly([1.105_170_9, 2.442_805_5, 5.399_435_2]), confidence: 0.95, order: .inTurns
            ))
        #expect(abs(ratio.value - 1.221_403) < 1e-5)
        #expect(abs(ratio.low - 0.952_711) < 1e-4)  // e^(0.2 − 4.30265 × 0.0577350)
        #expect(abs(ratio.high - 1.565_873) < 1e-4)
    }

    @Test(arguments: [
        ("0101", "1010", RunOrder.apart), ("02", "13", .inTurns), ("03", "12", .inTurns),
        ("01", "23", .apart),
        ("012", "345", .apart), ("035", "124", .inTurns), ("0", "1", .apart), ("02", "134", .apart),
    ])
    func `sides are in turns if each couple has one of either`(first: String, second: String, order: RunOrder)
    {
        func side(_ times: String) -> [RunRecord] {
            times.map { time in
                var run = RecordingBuilder(seconds: 60).recording.run
                run.startedAt = "2026-11-27T10:00:0\(time).000Z"
                return run
            }
        }
        #expect(RunOrder(side(first), side(second)) == order)
    }

    @Test func `runs that agree by chance are still as uncertain as each is in itself`() throws {
        let same = [RunFigure(value: 10, error: 0.05), RunFigure(value: 10, error: 0.05)]
        let other = [RunFigure(value: 11, error: 0.05)]
        #expect(Comparison.row(.p95, same, other, .apart).answer == .noDifference)
        // t 2.776 with four degrees of freedom, and an error of 2 × 0.05 × √(2/3).
        let three = Array(repeating: same[0], count: 3)
        let ratio = try #require(
            RunRatio(baseline: three, candidate: three, confidence: 0.95, order: .apart))
        #expect(abs(ratio.visible - 0.2544) < 0.001)
    }

    @Test func `two runs tell nothing of how much like runs differ`() {
        let row = Comparison.row(.p95, exactly([10]), exactly([20]), .apart)
        #expect(row.answer == .unknown)
        #expect(
            row.reason
                == "2 runs cannot show how much like runs differ; 3 are the least, and three on each side show more"
        )
    }

    /// Like runs of a machine in a mood, which each run shares with the one before: a correlation of 0.6 between
    /// neighbours, about 7 % from run to run, as scripts/likeness has met them.
    private func runs(_ count: Int, _ draw: inout Draw) -> [RunFigure] {
        var mood = 0.0
        // The first are thrown away: they remember where the mood began.
        let moods = (0..<count + 20).map { _ in
            mood = 0.6 * mood + 0.14 * (draw.unit() + draw.unit() - 1)
            return mood
        }
        return exactly(moods.dropFirst(20).map { 10 * Foundation.exp($0) })
    }

    @Test func `like runs show no difference, in turns or apart, and a tenth more is found in turns`() {
        var draw = Draw(seed: 7, run: "comparison", index: 0)
        var wrong = (apart: 0, inTurns: 0)
        var found = 0
        for _ in 0..<400 {
            let runs = runs(20, &draw)
            let (early, late) = (Array(runs[..<3]), Array(runs[3..<6]))
            if Comparison.row(.p95, early, late, .apart).answer != .noDifference { wrong.apart += 1 }
            let even = (0..<10).map { runs[2 * $0] }
            let odd = (0..<10).map { runs[2 * $0 + 1] }
            if Comparison.row(.p95, even, odd, .inTurns).answer != .noDifference { wrong.inTurns += 1 }
            let slower = odd.map { RunFigure(value: $0.value * 1.1, error: 0) }
            if Comparison.row(.p95, even, slower, .inTurns).answer == .worse { found += 1 }
        }
        // 1.25 % each, since four measures share the 5 %: 5 of 400.
        #expect(wrong.apart <= 12)
        #expect(wrong.inTurns <= 12)
        #expect(found >= 340)
    }

    @Test func `more throughput is better, more latency is worse, and a percent is nothing`() {
        let (low, high) = (exactly([100, 100.1, 99.9]), exactly([110, 110.1, 109.9]))
        #expect(Comparison.row(.p95, low, high, .apart).answer == .worse)
        #expect(Comparison.row(.p95, high, low, .apart).answer == .better)
        #expect(Comparison.row(.throughput, low, high, .apart).answer == .better)
        #expect(Comparison.row(.throughput, high, low, .apart).answer == .worse)
        #expect(Comparison.row(.p50, low, exactly([100.6, 100.7, 100.5]), .apart).answer == .noDifference)
        #expect(Comparison.row(.p50, low, low + [nil], .apart).answer == .unknown)
    }

    @Test func `recordings are compared by what they measured when calm`() throws {
        let before = (1...3).map { RecordingBuilder(seconds: 60 + $0).recording }
        let slow = (1...3).map {
            RecordingBuilder(seconds: 60 + $0).slow(0..<60 + $0, .milliseconds(40)).recording
        }
        let comparison = Comparison(baseline: before, candidate: slow)
        #expect(comparison.answer == .worse)
        let p95 = try #require(comparison.rows.first { $0.measure == .p95 })
        #expect(p95.answer == .worse)
        #expect((1.7...2.1).contains(p95.ratio?.value ?? 0))
        let throughput = try #require(comparison.rows.last)
        #expect(throughput.baseline.map { $0?.value } == [50, 50, 50])
        #expect(throughput.answer == .noDifference)
        #expect(Comparison(baseline: before, candidate: before).answer == .noDifference)
    }

    @Test func `what is not alike is said in words`() {
        let run = RecordingBuilder(seconds: 60).recording.run
        #expect(Likeness.differences(of: run, from: run) == [])
        var other = run
        other.plan.speed = 6
        other.plan.name = "Another"
        other.version = "0.0.1"
        other.environment.host = "elsewhere"
        #expect(
            Likeness.differences(of: other, from: run) == [
                "scenario: Another, not \(run.plan.name)", "speed: 6.0, not \(run.plan.speed)",
                "machine: elsewhere, not \(run.environment.host)", "loadchaos: 0.0.1, not \(run.version)",
            ])
        other = run
        other.plan.streams[0].load = .closed(users: 4, duration: .seconds(1))
        #expect(Likeness.differences(of: other, from: run) == ["load: other phases, rates or requests"])
    }
}
