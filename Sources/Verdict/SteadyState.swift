package import History
package import Plan

/// A calm expectation that does not hold now, by its point value.
package struct UnsteadyValue: Hashable, Sendable, CustomStringConvertible {
    package var expectation: Expectation
    package var measured: String

    package var description: String { "\(expectation.text) (measured: \(measured))" }
}

/// The calm expectations that the recording breaks so far, by point values: asked just before the first fault.
///
/// Intervals would say *unknown* so early; but a fault into a system that is visibly unwell would tell nothing.
/// No data is not broken. Seconds whose requests may still be open are left out: an open request is no failure yet.
package func steadyState(_ recording: Recording) -> [UnsteadyValue] {
    let deadline = recording.run.plan.requests.map(\.deadline).max() ?? Request.defaultDeadline
    let last = recording.seconds.map(\.second).max() ?? 0
    return brokenByPoint(
        Evidences(recording) { second in
            second.unfinished > 0 && Double(last - second.second) < deadline.inSeconds
        })
}

func brokenByPoint(_ evidences: Evidences) -> [UnsteadyValue] { evidences.all.flatMap(brokenByPoint) }

private func brokenByPoint(_ evidence: Evidence) -> [UnsteadyValue] {
    guard let seconds = evidence.seconds(.calm) else { return [] }
    let counted = seconds.reduce(0) { $0 + $1.counted }
    let bad = seconds.reduce(0) { $0 + $1.bad }
    return evidence.plan.ownExpectations.compactMap { expectation in
        guard expectation.window == .calm, counted > 0, evidence.plan.knownBroken(expectation) == nil else {
            return nil
        }
        let holds: Bool
        switch expectation.check {
        case .latency(let percentile, let bound):
            let value =
                evidence.latency(seconds).value(atPercentile: percentile, infinite: bad) ?? .infinite
            let generator = evidence.generator(seconds)
            let untouched = evidence.untouched(percentile, seconds, by: generator)
            holds =
                bound.holds(for: value)
                || generator.explains(value, untouched: untouched, bound, evidence.plan.tightestBound)
        case .hop(let name, let percentile, let bound):
            holds = evidence.hopHolds(name, percentile, bound, seconds)
        case .errorRate(let bound):
            holds =
                bound.holds(for: Double(bad) / Double(counted))
                || evidence.explainsErrors(evidence.generator(seconds), bound, seconds)
        case .tasks: holds = measure(expectation, evidence).answer != .broken
        // Throughput is not steady while the load still ramps, nor is what scales; the others need a fault, or have no
        // window.
        case .throughput, .recovery, .lostWrites, .scaling, .steps, .reversals, .rolledBack, .probe:
            holds = true
        }
        return holds
            ? nil : UnsteadyValue(expectation: expectation, measured: measure(expectation, evidence).measured)
    }
}

extension Evidence {
    /// The run stopped before its first fault because the system was not well: no fault struck, one was skipped.
    var steadyStateNotMet: Bool {
        recording.run.ending == .stopped && aftermaths.isEmpty
            && recording.faults.contains { $0.state == .skipped }
    }
}
