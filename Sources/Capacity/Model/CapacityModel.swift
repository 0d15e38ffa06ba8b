import Plan

/// The scaling law of the measured knees, with its uncertainty.
package struct CapacityModel: Hashable, Sendable {
    /// Each fitted to one draw of where the knees lie.
    private let laws: [ScalingLaw]
    /// Fitted to the middle of the knees' intervals.
    package let law: ScalingLaw
    /// Numbers of tasks that were measured, ascending.
    package let measured: [Int]
    /// By number of tasks: the interval that was measured.
    private let knees: [Int: Interval]

    static let draws = 2_000

    /// nil: no knee was found. Knees without a rate are left out. Every choice comes from `seed`.
    package init?(_ knees: [Knee], seed: UInt64) {
        let known = knees.compactMap { knee in knee.rate.map { (tasks: knee.tasks, rate: $0) } }
        guard let law = ScalingLaw.fit(known.map { ($0.tasks, $0.rate.middle) }) else { return nil }
        self.law = law
        self.knees = Dictionary(known.map { ($0.tasks, $0.rate) }, uniquingKeysWith: { $1 })
        measured = known.map(\.tasks).sorted()
        laws = (0..<Self.draws).compactMap { index in
            var draw = Draw(seed: seed, runHash: 0, index: UInt64(index))
            return ScalingLaw.fit(
                known.map { ($0.tasks, $0.rate.low + draw.unit() * ($0.rate.high - $0.rate.low)) })
        }
    }

    /// What so many tasks carry: as it was measured, or else the middle 95 % of what the laws say.
    package func capacity(_ tasks: Int) -> Interval {
        knees[tasks] ?? spread { $0.capacity(tasks) }
    }

    package var perTask: Interval { spread(\.perTask) }
    package var contention: Interval { spread(\.contention) }
    package var coherency: Interval { spread(\.coherency) }

    /// Whether it was not measured, but follows from the law.
    package func isExtrapolated(_ tasks: Int) -> Bool {
        tasks < (measured.first ?? 0) || tasks > (measured.last ?? 0)
    }

    private func spread(_ value: (ScalingLaw) -> Double) -> Interval {
        let all = laws.map(value).sorted()
        guard !all.isEmpty else { return Interval(value(law), value(law)) }
        let tail = all.count / 40
        return Interval(all[tail], all[all.count - 1 - tail])
    }
}
