import History
import Plan

extension Evidence {
    /// What makes a result unknown that the figures alone would decide; nil: nothing does.
    func doubt(about expectation: Expectation, _ finding: Measurement) -> String? {
        if let doubt = doubtfulFault(expectation, finding) { return doubt }
        let generator = generator(seconds(expectation.window) ?? [])
        switch (finding.answer, expectation.check) {
        case (_, .probe): return nil  // Its command answered, or not, whatever the load did meanwhile.
        case (.broken, .latency(let percentile, let bound)):
            // Lateness only ever adds: a latency that is too low is not its doing.
            guard bound.upperLimit != nil else { return nil }
            let least = finding.figure?.low.map { Nanoseconds.seconds($0 / 1000) } ?? .infinite
            let untouched = untouched(percentile, seconds(expectation.window) ?? [])
            return generator.explains(least, untouched: untouched, bound, tightestBound)
                ? generator.suspicion(tightest: tightestBound) : nil
        case (.broken, .hop(let name, let percentile, let bound)):
            return starvation(name, percentile, bound, seconds(expectation.window) ?? [])
        case (.broken, .recovery):
            let slow = aftermaths.contains { $0.slowSeconds > 0 }
            return slow ? generator.suspicion(tightest: tightestBound) : nil
        case (.broken, .throughput): return generator.shortfall ?? generator.suspicion(tightest: nil)
        case (.kept, _):
            if let shortfall = generator.shortfall { return shortfall }
            return recording.run.ending == .completed ? nil : "the run did not end as planned"
        default: return nil
        }
    }

    /// A check about a fault says nothing unless the fault is known to have struck.
    private func doubtfulFault(_ expectation: Expectation, _ finding: Measurement) -> String? {
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
            guard let fault = fault(named: name) else { return "\"\(name)\" was not injected" }
            switch fault.state {
            case .planned, .skipped:
                return "\"\(name)\" was not injected" + (fault.problem.map { ": \($0)" } ?? "")
            case .journaled, .injected, .reverted, .healed, .notHealed:
                if fault.effect == nil { return "the effect of \"\(name)\" was not proved" }
            }
        }
        return nil
    }
}
