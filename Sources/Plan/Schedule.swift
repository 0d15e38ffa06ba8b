import Foundation

/// When each request of an open load is due: a pure function of its index, so it cannot drift.
///
/// In a phase of length T (real seconds) whose rate goes linearly from a to b, the number of requests due
/// before t is N(t) = a·t + (b − a)·t²/(2T). Request k of the phase is due when N(t) = k:
///
///     t = 2k / (a + √(a² + 2k(b − a)/T))
///
/// which is k/a for a hold (b = a) and loses no digits when a and b are close.
/// A shard i of n takes the indices k ≡ i (mod n), so shards add up to the whole schedule exactly.
package struct Schedule: Hashable, Sendable {
    private struct Stretch: Hashable, Sendable {
        var firstIndex: UInt64
        var count: UInt64
        /// What the phases before left over of a request, so that rates meet without a gap.
        var offset: Double
        var start: Double
        var duration: Double
        var startRate: Double
        var endRate: Double
    }

    private let stretches: [Stretch]
    /// How many requests are planned in all.
    package let count: UInt64

    /// `phases` on the scenario clock, played `speed` times faster.
    package init(phases: [Phase], speed: Double = 1) {
        var stretches: [Stretch] = []
        var start = 0.0
        var due = 0.0
        var first: UInt64 = 0
        for phase in phases {
            let duration = phase.duration.inSeconds / speed
            let total = (phase.startRate + phase.endRate) / 2 * duration
            // Indices k with due ≤ k < due + total; the rounding guards against 99.999… for 100.
            let end = UInt64(max(0, (due + total - 1e-6).rounded(.up)))
            stretches.append(
                Stretch(
                    firstIndex: first, count: end - first, offset: Double(first) - due, start: start,
                    duration: duration, startRate: phase.startRate, endRate: phase.endRate))
            start += duration
            due += total
            first = end
        }
        self.stretches = stretches
        count = first
    }

    /// When request `index` is due, in real time from the start of the load; nil past the end.
    package func due(_ index: UInt64) -> Nanoseconds? {
        guard
            let stretch = stretches.last(where: { $0.firstIndex <= index && index - $0.firstIndex < $0.count }
            )
        else { return nil }
        let k = Double(index - stretch.firstIndex) + stretch.offset
        guard k > 0 else { return .seconds(stretch.start) }
        let a = stretch.startRate
        let slope = (stretch.endRate - a) / stretch.duration
        let root = max(0, a * a + 2 * k * slope).squareRoot()
        return .seconds(stretch.start + min(2 * k / (a + root), stretch.duration))
    }

    /// The first index due at or after `time`; `count` if none is.
    package func firstIndex(notBefore time: Nanoseconds) -> UInt64 {
        var low: UInt64 = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if let due = due(middle), due < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// How many requests are due in [from, to), in real time.
    package func count(from: Nanoseconds, to: Nanoseconds) -> UInt64 {
        let first = firstIndex(notBefore: from)
        let end = firstIndex(notBefore: to)
        return end > first ? end - first : 0
    }
}
