import History
import Plan

/// What makes a result unknown that the figures alone would decide.
package struct Doubt: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// A fault was not injected, or was not seen to work.
        case fault
        /// The load may have been the bottleneck, or late.
        case generator
        /// The lab shares its cores with the load, and had too few.
        case machine
        /// The run did not last as planned.
        case ending
    }

    package var cause: Cause
    package var words: String

    init(_ cause: Cause, _ words: String) {
        self.cause = cause
        self.words = words
    }

    /// nil: there are no words for it.
    init?(_ cause: Cause, _ words: String?) {
        guard let words else { return nil }
        self.init(cause, words)
    }
}

extension Evidence {
    /// nil: nothing makes it unknown.
    func doubt(about expectation: Expectation, _ finding: Measurement) -> Doubt? {
        if let doubt = doubtfulFault(expectation, finding) { return doubt }
        let seconds = seconds(expectation.window) ?? []
        let generator = generator(seconds)
        switch (finding.answer, expectation.check) {
        case (_, .probe): return nil  // Its command answered, or not, whatever the load did meanwhile.
        case (.broken, .latency(let percentile, let bound)):
            // Lateness only ever adds: a latency that is too low is not its doing.
            guard bound.upperLimit != nil else { return nil }
            let least = finding.figure?.low.map { Nanoseconds.seconds($0 / 1000) } ?? .infinite
            let untouched = untouched(percentile, seconds, by: generator)
            return generator.explains(least, untouched: untouched, bound, plan.tightestBound)
                ? Doubt(.generator, generator.suspicion(tightest: plan.tightestBound)) : nil
        case (.broken, .hop(let name, let percentile, let bound)):
            return Doubt(.machine, starvation(name, percentile, bound, seconds))
        case (.broken, .recovery):
            let slow = aftermaths.contains { $0.slowSeconds > 0 }
            return slow ? Doubt(.generator, generator.suspicion(tightest: plan.tightestBound)) : nil
        case (.broken, .errorRate(let bound)):
            return explainsErrors(generator, bound, seconds)
                ? Doubt(.generator, generator.suspicion(tightest: nil)) : nil
        case (.broken, .throughput):
            return Doubt(.generator, generator.shortfall ?? generator.suspicion(tightest: nil))
        case (.kept, _):
            if let shortfall = generator.shortfall { return Doubt(.generator, shortfall) }
            return recording.run.ending == .completed
                ? nil : Doubt(.ending, "the run did not end as planned")
        default: return nil
        }
    }

    /// A check about a fault says nothing unless the fault is known to have struck.
    private func doubtfulFault(_ expectation: Expectation, _ finding: Measurement) -> Doubt? {
        let isLoss = if case .lostWrites = expectation.check { true } else { false }
        let isRecovery = if case .recovery = expectation.check { true } else { false }
        let names: [String]
        switch expectation.window {
        case .during(let name), .after(let name): names = [name]
        case .measured, .calm: names = isLoss || isRecovery ? plan.faults.map(\.name) : []
        }
        // A loss that was found is evidence, whatever caused it.
        if isLoss && finding.answer == .broken { return nil }
        for name in names {
            guard let fault = fault(named: name) else { return Doubt(.fault, "\"\(name)\" was not injected") }
            switch fault.state {
            case .planned, .skipped:
                let problem = fault.problem.map { ": \($0)" } ?? ""
                return Doubt(.fault, "\"\(name)\" was not injected" + problem)
            case .journaled, .injected, .reverted, .healed, .notHealed:
                if fault.effect == nil {
                    return Doubt(.fault, "the effect of \"\(name)\" was not proved")
                }
            }
        }
        return nil
    }
}
