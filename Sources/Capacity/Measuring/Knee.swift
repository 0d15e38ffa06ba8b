/// The largest rate that a number of tasks carries.
package struct Knee: Hashable, Sendable {
    package var tasks: Int
    /// In the order in which they were played.
    package var stages: [Stage]

    /// The stages of one number of tasks.
    package init(tasks: Int, stages: [Stage]) {
        self.tasks = tasks
        self.stages = stages
    }

    /// By number of tasks.
    package static func all(_ stages: [Stage]) -> [Knee] {
        Dictionary(grouping: stages, by: \.tasks).map { Knee(tasks: $0.key, stages: $0.value) }
            .sorted { $0.tasks < $1.tasks }
    }

    /// What the stages come to: the same question that the search asked, answered from the recordings.
    private var search: KneeSearch {
        let rates = stages.map(\.rate)
        var search = KneeSearch(start: rates.first ?? 1, most: max(rates.max() ?? 1, rates.first ?? 1))
        for stage in stages {
            switch stage.outcome {
            case .met: search.note(rate: stage.rate, isMet: true)
            case .missed: search.note(rate: stage.rate, isMet: false)
            case .invalid, .generator: search.noteNothing(rate: stage.rate)
            }
        }
        return search
    }

    /// The largest rate that was met, and the smallest that was not.
    package var rate: Interval? {
        let search = search
        guard let met = search.met, let missed = search.missed else { return nil }
        return Interval(met, missed)
    }

    /// Why there is no `rate`; nil: there is one.
    package var doubt: String? {
        if rate != nil { return nil }
        for stage in stages {
            switch stage.outcome {
            case .generator(let reason):
                let carried = search.met.map { "\(Int($0))/s was carried; " } ?? ""
                return "\(carried)at \(Int(stage.rate))/s the generator was the limit: \(reason)"
            case .invalid(let reason): return "at \(Int(stage.rate))/s: \(reason)"
            case .met, .missed: continue
            }
        }
        if let met = search.met { return "\(Int(met))/s was carried, and nothing larger was played" }
        return "no rate was met, down to \(Int(search.missed ?? 0))/s"
    }

    /// The longest stage at the largest rate that was met.
    package var atMet: Stage? { longest(search.met) }
    /// The longest stage at the smallest rate that was not.
    package var atMissed: Stage? { longest(search.missed) }
    /// The stage with the least load.
    package var lightest: Stage? { stages.filter { $0.seconds > 0 }.min { $0.rate < $1.rate } }

    private func longest(_ rate: Double?) -> Stage? {
        guard let rate else { return nil }
        let isMet = rate == search.met
        return stages.filter { $0.rate == rate && ($0.outcome == .met) == isMet }
            .max { $0.seconds < $1.seconds }
    }
}
