import History
package import Plan

/// What a fault did to the requests, second by second, and when that was over.
package struct Aftermath: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// No bad second after the injection.
        case unharmed
        /// `at`: the first real second of lasting calm.
        case recovered(at: Int)
        /// Bad seconds to the end, or calm for too short a time to be sure.
        case notRecovered
        /// No bad second, but too little was seen after the injection to say that none would have come.
        case cutShort
    }

    /// Bad seconds after the recovery: `from` to `to`, real seconds, `to` not included.
    package struct Dip: Hashable, Sendable {
        package var from: Int
        package var to: Int
        /// It began when the fault had been reverted: the way back hurt, not the fault.
        package var isFailBack: Bool
    }

    /// Index into the Plan's faults.
    package var fault: Int
    package var name: String
    /// The first real second that the fault may have touched, and the end of what is seen: the next fault or the end.
    package var from: Int
    package var to: Int
    package var firstBad: Int?
    package var lastBad: Int?
    package var badSeconds: Int
    /// Bad seconds in which nothing failed, but the p95 was over the calm bound.
    package var slowSeconds: Int
    package var outcome: Outcome
    package var dips: [Dip]
    /// What ends the view: the name of the next fault, or nil for the end of the load.
    package var endedBy: String?
    /// On the scenario clock: from the first bad second to the first of lasting calm; nil unless it recovered.
    package var time: Nanoseconds?
    /// Not recovered: it took at least this long, scenario clock.
    package var atLeast: Nanoseconds?
    /// Seconds are the finest grain: one real second on the scenario clock.
    package var resolution: Nanoseconds
}

/// Finds the recovery of one fault in the seconds from its start to `to`.
struct RecoverySearch {
    let plan: Plan
    /// W and H in whole real seconds: W = max(5 s, 1 real second), H = 30 s, both on the scenario clock.
    let window: Int
    let hold: Int

    init(_ plan: Plan) {
        self.plan = plan
        window = max(1, Self.wholeSeconds(plan.real(plan.windows.window)))
        hold = Self.wholeSeconds(plan.real(plan.windows.hold))
    }

    static func wholeSeconds(_ time: Nanoseconds) -> Int { Int(time.inSeconds.rounded(.up)) }

    /// How long without a bad second shows that calm is lasting.
    var needed: Int { window + hold }

    /// `seconds` are those from the fault's start to the end of its scope, `bound` is the p95 bound of calm.
    func find(
        _ fault: FaultRecord, from: Int, to: Int, seconds: [SecondTotals], bound: Bound<Nanoseconds>?,
        endedBy: String?
    ) -> Aftermath {
        let scope = seconds.filter { $0.second >= from && $0.second < to }
        let bad = scope.filter { $0.isBad(over: bound) }.map(\.second)
        var recovery = Aftermath(
            fault: fault.index, name: fault.name, from: from, to: to, firstBad: bad.first, lastBad: bad.last,
            badSeconds: bad.count, slowSeconds: scope.count { $0.isSlow(over: bound) },
            outcome: .notRecovered,
            dips: [], endedBy: endedBy, resolution: plan.scenario(.seconds(1)))
        guard let first = bad.first, let last = bad.last else {
            let answered = scope.contains { $0.ok > 0 }
            recovery.outcome = to - from >= needed && answered ? .unharmed : .cutShort
            if recovery.outcome == .unharmed { recovery.time = .zero }
            return recovery
        }
        for (place, second) in bad.enumerated() {
            let calm = second + 1
            let next = place + 1 < bad.count ? bad[place + 1] : to
            let answered = scope.contains { $0.second >= calm && $0.second < calm + window && $0.ok > 0 }
            guard next - calm >= needed, answered else { continue }
            recovery.outcome = .recovered(at: calm)
            recovery.time = plan.scenario(.seconds(Double(calm - first)))
            recovery.dips = dips(Array(bad[(place + 1)...]), reverted: fault.reverted)
            return recovery
        }
        recovery.atLeast = plan.scenario(.seconds(Double(last + 1 - first)))
        return recovery
    }

    /// Bad seconds less than a window apart are one dip.
    private func dips(_ bad: [Int], reverted: Nanoseconds?) -> [Aftermath.Dip] {
        var dips: [Aftermath.Dip] = []
        for second in bad {
            if let last = dips.last, second < last.to + window {
                dips[dips.count - 1].to = second + 1
            } else {
                let isFailBack = reverted.map { second >= $0.second } ?? false
                dips.append(Aftermath.Dip(from: second, to: second + 1, isFailBack: isFailBack))
            }
        }
        return dips
    }
}
