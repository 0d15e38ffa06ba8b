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
/// Intervals would say *unknown* after a short warm-up; a fault into a system that is broken on the face of it would
/// tell nothing. No data is not broken.
package func steadyState(_ recording: Recording) -> [UnsteadyValue] {
    let evidence = Evidence(recording)
    guard case .success(let seconds) = evidence.seconds(of: .calm) else { return [] }
    let all = LatencyCheck.Merged(seconds)
    guard all.count > 0 else { return [] }
    return recording.run.plan.expectations.filter { $0.window == .calm }.compactMap { expectation in
        switch expectation.check {
        case .latency(let percentile, let bound):
            let value = all.value(percentile)
            guard !bound.holds(for: value ?? Nanoseconds(.max)) else { return nil }
            return UnsteadyValue(expectation: expectation, measured: milliseconds(value))
        case .errorRate(let bound):
            let rate = Double(all.bad) / Double(all.count)
            guard !bound.holds(for: rate) else { return nil }
            return UnsteadyValue(expectation: expectation, measured: percent(rate))
        // Throughput is not steady while the load still ramps; the others need the whole run.
        case .throughput, .recovery, .lostWrites, .tasks: return nil
        }
    }
}
