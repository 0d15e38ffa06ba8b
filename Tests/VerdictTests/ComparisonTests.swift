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
        // Logarithms 0, 0.1, 0.2 and 0.3, 0.4, 0.5: means 0.3 apart, a variance of 0.01, an error of 0.1 × √(2/3).
        let ratio = try #require(
            RunRatio(
                baseline: exactly([1, 1.105_170_9, 1.221_402_8]),
                candidate: exactly([1.349_858_8, 1.491_824_7, 1.648_721_3]),
                confidence: 0.95))
        #expect(abs(ratio.value - 1.349_859) < 1e-5)
        #expect(abs(ratio.low - 1.076_061) < 1e-4)  // e^(0.3 − 2.77645 × 0.0816497)
        #expect(abs(ratio.high - 1.693_323) < 1e-4)
    }

    @Test func `runs that agree by chance are still as uncertain as each is in itself`() throws {
        let same = [RunFigure(value: 10, error: 0.05), RunFigure(value: 10, error: 0.05)]
        let other = [RunFigure(value: 11, error: 0.05)]
        #expect(Comparison.row(.p95, same, other).answer == .noDifference)
        // t 50.92 with one degree of freedom, and an error of 0.05 × √1.5.
        let ratio = try #require(
            RunRatio(baseline: same, candidate: other, confidence: Comparison.confidence))
        #expect(abs(ratio.visible - 21.6) < 0.5)
    }

    @Test func `two runs tell nothing of how much like runs differ`() {
        let row = Comparison.row(.p95, exactly([10]), exactly([20]))
        #expect(row.answer == .unknown)
        #expect(
            row.reason
                == "2 runs cannot show how much like runs differ; 3 are the least, and three on each side show more"
        )
    }

    /// Draws from a seed: like runs that differ by some 3 %.
    private func runs(_ count: Int, about mean: Double, _ draw: inout Draw) -> [RunFigure] {
        exactly((0..<count).map { _ in mean * (1 + 0.06 * (draw.unit() + draw.unit() - 1)) })
    }

    @Test func `like runs show no difference, and a tenth more is found`() {
        var draw = Draw(seed: 7, run: "comparison", index: 0)
        var wrong = 0
        var found = 0
        for _ in 0..<200 {
            let before = runs(5, about: 10, &draw)
            if Comparison.row(.p95, before, runs(5, about: 10, &draw)).answer != .noDifference { wrong += 1 }
            if Comparison.row(.p95, before, runs(5, about: 11, &draw)).answer == .worse { found += 1 }
        }
        // 1.25 % each, since four measures share the 5 %.
        #expect(wrong <= 8)
        #expect(found >= 190)
    }

    @Test func `more throughput is better, more latency is worse, and a percent is nothing`() {
        let (low, high) = (exactly([100, 100.1, 99.9]), exactly([110, 110.1, 109.9]))
        #expect(Comparison.row(.p95, low, high).answer == .worse)
        #expect(Comparison.row(.p95, high, low).answer == .better)
        #expect(Comparison.row(.throughput, low, high).answer == .better)
        #expect(Comparison.row(.throughput, high, low).answer == .worse)
        #expect(Comparison.row(.p50, low, exactly([100.6, 100.7, 100.5])).answer == .noDifference)
        #expect(Comparison.row(.p50, low, low + [nil]).answer == .unknown)
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
        other.plan.load = .closed(users: 4, duration: .seconds(1))
        #expect(Likeness.differences(of: other, from: run) == ["load: other phases, rates or requests"])
    }
}
