import History
import Plan

extension Evidence {
    /// `recovery < 120s after block zone`: from the first bad second to the start of lasting calm, scenario clock.
    ///
    /// A point value: the definition counts in whole real seconds, whose length is the resolution. A bound that is
    /// no longer than that, or missed by no more than that, cannot be told.
    func judgeRecovery(_ bound: Bound<Nanoseconds>, _ window: Window) -> Measurement {
        let wanted: [Aftermath]
        switch window {
        case .after(let name), .during(let name): wanted = aftermaths.filter { $0.name == name }
        case .measured, .calm: wanted = aftermaths
        }
        let findings = wanted.map { judge($0, bound, named: wanted.count > 1) }
        guard let worst = findings.max(by: { $0.answer < $1.answer }) else {
            return .unknown("no fault was injected, so there is nothing to recover from")
        }
        guard findings.count > 1 else { return worst }
        var all = worst
        all.measured = findings.map(\.measured).joined(separator: "; ")
        return all
    }

    private func judge(_ recovery: Aftermath, _ bound: Bound<Nanoseconds>, named: Bool) -> Measurement {
        let prefix = named ? "\(recovery.name): " : ""
        let end = recovery.endedBy.map { "\"\($0)\" came" } ?? "the load ended"
        let needed = plan.scenario(.seconds(Double(RecoverySearch(plan).needed)))
        guard let time = recovery.time else {
            guard let atLeast = recovery.atLeast else {
                return .unknown(
                    "\(end) less than \(Wording.seconds(needed)) after the injection: too early to say",
                    measured: prefix + "no bad second")
            }
            let missed = bound.upperLimit.map { atLeast - recovery.resolution >= $0 } ?? false
            return Measurement(
                answer: missed ? .broken : .unknown, measured: "\(prefix)over \(Wording.seconds(atLeast))",
                figure: figure(recovery, low: atLeast),
                reason: "no \(Wording.seconds(needed)) without a bad second followed before \(end)")
        }
        let resolution = Wording.seconds(recovery.resolution)
        var measured = "\(prefix)\(Wording.seconds(time)) (resolution \(resolution))"
        if case .unharmed = recovery.outcome {
            measured = "\(prefix)0s: no bad second (resolution \(resolution))"
        }
        if !recovery.dips.isEmpty { measured += ", then \(Wording.plural(recovery.dips.count, "more dip"))" }
        var finding = Measurement(answer: .kept, measured: measured, figure: figure(recovery, low: time))
        if let limit = bound.upperLimit, limit <= recovery.resolution {
            finding.answer = .unknown
            finding.reason =
                "the bound is not longer than the resolution: one real second is \(resolution) here"
        } else if !bound.holds(for: time) {
            let near = bound.upperLimit.map { time - recovery.resolution < $0 && $0 <= time } ?? false
            finding.answer = near ? .unknown : .broken
            finding.reason = near ? "it misses the bound by less than the resolution" : "it misses the bound"
        }
        return finding
    }

    private func figure(_ recovery: Aftermath, low: Nanoseconds) -> Figure {
        Figure(
            value: recovery.time?.inSeconds, low: max(.zero, low - recovery.resolution).inSeconds,
            high: recovery.time?.inSeconds, unit: "scenario_s", count: UInt64(recovery.badSeconds))
    }
}
