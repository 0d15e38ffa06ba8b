import History

/// How the runs of two sides lie in time. A machine has its moods: what is next to each other is alike, whatever was
/// changed, and what is far apart is not.
package enum RunOrder: String, Sendable {
    /// Two by two, each couple with one of either side: a mood strikes both, and the couples' ratios are without it.
    case inTurns = "in-turns"
    /// In any other way: a change of mood looks like a change of the system.
    case apart

    init(_ baseline: [RunRecord], _ candidate: [RunRecord]) {
        let sides = (baseline.map { ($0.startedAt, 0) } + candidate.map { ($0.startedAt, 1) }).sorted {
            $0 < $1
        }
        let couples = stride(from: 0, to: sides.count - 1, by: 2).map { (sides[$0].1, sides[$0 + 1].1) }
        let isMixed = couples.allSatisfy { $0 != $1 } && Set(sides.map(\.0)).count == sides.count
        self = isMixed && baseline.count == candidate.count && baseline.count > 1 ? .inTurns : .apart
    }
}
