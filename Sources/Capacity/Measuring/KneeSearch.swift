import Foundation

/// Looks for the largest rate that is met: first by doubling, then by halving what is left, then by playing both ends
/// again.
///
/// A measurement may be wrong once: a rate's answer is what the most of its plays say, and three plays decide. A rate
/// that cannot be played, twice, is looked at from below: the knee may lie there.
/// Pure: whoever drives it plays `next` and notes what came of it.
package struct KneeSearch: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case play(rate: Double, isConfirming: Bool)
        case done
    }

    /// How often one rate was played, and how it went.
    private struct Trials: Hashable {
        var met = 0
        var missed = 0
        var isOpen: Bool { met == missed }
        var isMet: Bool { met > missed }
        /// Said twice, or as often as is asked.
        var isConfirmed: Bool { max(met, missed) >= 2 }
    }

    /// The knee lies in an interval no wider than this part of it.
    package static let resolution = 0.05
    /// A search that takes longer than this is of a system that does not answer the same twice.
    package static let mostPlays = 30

    private let start: Double
    private let most: Double
    /// From one rate to the next while only one side is known. A start that is well guessed needs small steps.
    private let factor: Double
    private var trials: [Double: Trials] = [:]
    /// Plays that told nothing, by rate.
    private var nothing: [Double: Int] = [:]
    package private(set) var plays = 0

    /// `start`: the first rate. `most`: no larger one is played. `isGuessed`: the knee is expected near the start.
    package init(start: Double, most: Double, isGuessed: Bool = false) {
        precondition(start > 0 && most >= start, "a search begins at a rate that may be played")
        self.start = Self.rounded(start)
        self.most = most
        factor = isGuessed ? 1.15 : 2
    }

    package mutating func note(rate: Double, isMet: Bool) {
        plays += 1
        if isMet {
            trials[rate, default: Trials()].met += 1
        } else {
            trials[rate, default: Trials()].missed += 1
        }
    }

    /// A play that told nothing of the system: the generator was the limit, or a fault was not proved.
    package mutating func noteNothing(rate: Double) {
        plays += 1
        nothing[rate, default: 0] += 1
    }

    /// A busy moment of a machine passes; what stays is its limit.
    private static let mostNothingAtARate = 2
    /// In all: who cannot play any rate gives up.
    private static let mostNothingInAll = 8

    private var ceiling: Double? {
        nothing.filter { trials[$0.key] == nil && $0.key > met ?? 0 }.keys.min()
    }

    /// The smallest rate that was missed; nil: none was.
    package var missed: Double? { trials.filter { !$0.value.isOpen && !$0.value.isMet }.keys.min() }

    /// The largest rate that was met, under the smallest that was not; nil: none was.
    package var met: Double? {
        let limit = missed ?? .infinity
        return trials.filter { $0.value.isMet && $0.key < limit }.keys.max()
    }

    /// Whether `most` itself is carried: there is no knee to be found.
    package var isOpenEnded: Bool { missed == nil && met == Self.rounded(most) }

    package var next: Step {
        if plays >= Self.mostPlays || nothing.values.reduce(0, +) >= Self.mostNothingInAll { return .done }
        if let ceiling, nothing[ceiling, default: 0] < Self.mostNothingAtARate { return again(ceiling) }
        if let open = trials.filter({ $0.value.isOpen }).keys.min() { return again(open) }
        // What was met above what was missed: one of the two is wrong.
        if let missed, !confirmed(missed), trials.contains(where: { $0.value.isMet && $0.key > missed }) {
            return again(missed)
        }
        switch (met, missed) {
        case (nil, nil):
            guard let ceiling else { return play(start) }
            return ceiling <= 1 ? .done : play(max(1, ceiling / factor))
        case (let met?, nil):
            if isOpenEnded { return .done }
            let larger = Self.rounded(min(met * factor, most))
            guard let ceiling, larger >= ceiling else { return play(larger) }
            return between(met, ceiling).map(play) ?? .done
        case (nil, let missed?): return missed <= 1 ? .done : play(max(1, missed / factor))
        case (let met?, let missed?):
            if let middle = between(met, min(missed, ceiling ?? missed)) { return play(middle) }
            if !confirmed(met) { return again(met) }
            return confirmed(missed) ? .done : again(missed)
        }
    }

    /// nil: the two are so near that there is nothing between them to be told.
    private func between(_ low: Double, _ high: Double) -> Double? {
        let middle = Self.rounded((low * high).squareRoot())
        return high / low > 1 + Self.resolution && low < middle && middle < high ? middle : nil
    }

    private func play(_ rate: Double) -> Step { .play(rate: Self.rounded(rate), isConfirming: false) }
    private func again(_ rate: Double) -> Step { .play(rate: rate, isConfirming: true) }
    private func confirmed(_ rate: Double) -> Bool { trials[rate]?.isConfirmed ?? false }

    /// Whole requests a second: what people read, and what a rate's trials are found by.
    private static func rounded(_ rate: Double) -> Double { max(1, rate.rounded()) }
}
