import Foundation
package import History
import Plan

/// Whether some runs are slower or faster than others of the same scenario, by more than like runs differ.
///
/// Measured in the calm window: what faults do is the expectations' business.
package struct Comparison: Sendable {
    package enum Measure: String, CaseIterable, Sendable {
        case p50 = "p50 latency"
        case p95 = "p95 latency"
        case p99 = "p99 latency"
        case throughput

        package var isBetterWhenHigher: Bool { self == .throughput }

        fileprivate var percentile: Double? {
            switch self {
            case .p50: 50
            case .p95: 95
            case .p99: 99
            case .throughput: nil
            }
        }
    }

    package enum Answer: String, Sendable {
        case better
        case noDifference = "no-difference"
        case worse
        case unknown
    }

    package struct Row: Sendable {
        package let measure: Measure
        /// One a run, in their order: milliseconds, or answers a second. nil: endless, or too little was measured.
        package let baseline: [RunFigure?]
        package let candidate: [RunFigure?]
        /// Candidate to baseline; nil: it cannot be told.
        package let ratio: RunRatio?
        package let answer: Answer
        /// Why it is unknown; empty otherwise.
        package let reason: String
    }

    /// As they were played, as are those of each row.
    package let baseline: [RunRecord]
    package let candidate: [RunRecord]
    package let order: RunOrder
    package let rows: [Row]

    /// Each measure's interval is wider than 95 %, so that all of them together hold with 95 % (Bonferroni).
    package static let confidence = 1 - 0.05 / Double(Measure.allCases.count)
    /// Less than a percent is nobody's business, and near what a histogram's buckets tell apart (1/256).
    static let negligible = 0.01

    package init(baseline: [Recording], candidate: [Recording]) {
        func played(_ side: [Recording]) -> [Recording] {
            side.sorted { $0.run.startedAt < $1.run.startedAt }
        }
        let (baseline, candidate) = (played(baseline), played(candidate))
        self.baseline = baseline.map(\.run)
        self.candidate = candidate.map(\.run)
        let order = RunOrder(self.baseline, self.candidate)
        let before = baseline.map(CalmMeasures.init)
        let after = candidate.map(CalmMeasures.init)
        self.order = order
        rows = Measure.allCases.map { measure in
            Self.row(measure, before.map { $0[measure] }, after.map { $0[measure] }, order)
        }
    }

    /// Worse is worse, whatever else is better; what is unknown is not over yet.
    package var answer: Answer {
        let all = rows.map(\.answer)
        return [.worse, .unknown, .better].first(where: all.contains) ?? .noDifference
    }

    static func row(
        _ measure: Measure, _ baseline: [RunFigure?], _ candidate: [RunFigure?], _ order: RunOrder
    )
        -> Row
    {
        func unknown(_ reason: String) -> Row {
            Row(
                measure: measure, baseline: baseline, candidate: candidate, ratio: nil, answer: .unknown,
                reason: reason)
        }
        let (before, after) = (baseline.compactMap(\.self), candidate.compactMap(\.self))
        guard before.count == baseline.count, after.count == candidate.count else {
            return unknown("a run has no such figure: too little of it was calm, or too much of it failed")
        }
        let ratio = RunRatio(baseline: before, candidate: after, confidence: confidence, order: order)
        guard let ratio else {
            return unknown(
                "\(Wording.plural(before.count + after.count, "run")) cannot show how much like runs differ; "
                    + "\(RunRatio.leastRuns) are the least, and three on each side show more")
        }
        return Row(
            measure: measure, baseline: baseline, candidate: candidate, ratio: ratio,
            answer: answer(measure, ratio), reason: "")
    }

    private static func answer(_ measure: Measure, _ ratio: RunRatio) -> Answer {
        let isHigher = ratio.low > 1 && ratio.value > 1 + negligible
        let isLower = ratio.high < 1 && ratio.value < 1 / (1 + negligible)
        guard isHigher || isLower else { return .noDifference }
        return isHigher == measure.isBetterWhenHigher ? .better : .worse
    }
}

extension Answer {
    /// What a comparison means for a pipeline: worse is broken.
    package init(_ compared: Comparison.Answer) {
        self =
            switch compared {
            case .better, .noDifference: .kept
            case .worse: .broken
            case .unknown: .unknown
            }
    }
}

/// What one run measured while it was calm.
private struct CalmMeasures {
    private var figures: [Comparison.Measure: RunFigure] = [:]

    /// An interval of 95 % reaches 1.96 standard errors to each side.
    private static let errorsAcross = 2 * 1.96
    /// A value is anywhere in its bucket, which is 1/256 wide.
    private static let bucketError = 1 / 256 / 12.0.squareRoot()

    init(_ recording: Recording) {
        let evidence = Evidence(recording)
        let seconds = evidence.seconds(.calm) ?? []
        let latency = evidence.latency(seconds)
        let infinite = seconds.reduce(0) { $0 + $1.bad }
        let whole = evidence.whole(seconds)
        for measure in Comparison.Measure.allCases {
            let sample = measure == .throughput ? whole : seconds
            let bootstrap = BlockBootstrap(sample, seed: recording.run.seed, label: measure.rawValue)
            if let percentile = measure.percentile {
                guard let value = latency.value(atPercentile: percentile, infinite: infinite), value > .zero,
                    let interval = bootstrap.percentile(percentile), interval.high != .infinite
                else { continue }
                note(
                    measure, value.inMilliseconds, interval.low.inMilliseconds,
                    interval.high.inMilliseconds)
            } else {
                let ok = whole.reduce(0) { $0 + $1.ok }
                guard ok > 0, let interval = bootstrap.throughput() else { continue }
                note(measure, Double(ok) / Double(whole.count), interval.low, interval.high)
            }
        }
    }

    private mutating func note(_ measure: Comparison.Measure, _ value: Double, _ low: Double, _ high: Double)
    {
        guard low > 0 else { return }
        let within = log(high / low) / Self.errorsAcross
        figures[measure] = RunFigure(value: value, error: max(within, Self.bucketError))
    }

    subscript(_ measure: Comparison.Measure) -> RunFigure? { figures[measure] }
}
