/// When each request of an open load is due: a pure function of its index, so it cannot drift.
///
/// Request k is due when the area under the planned rate (RateCurve) reaches k; with Poisson arrivals, when it reaches
/// the k-th arrival of a process of unit rate, which makes it a Poisson process with the planned rate. In a replay
/// it is due when it came. A shard i of n takes the indices k ≡ i (mod n), so shards add up to the whole exactly.
package struct Schedule: Hashable, Sendable {
    private enum Law: Hashable, Sendable {
        case even(RateCurve)
        case poisson(RateCurve, PoissonArrivals)
        /// In real time.
        case recorded([Nanoseconds])
    }

    private let law: Law
    /// How many requests are planned in all.
    package let count: UInt64

    /// Even arrivals. `phases` on the scenario clock, played `speed` times faster.
    package init(phases: [Phase], speed: Double = 1) {
        self.init(RateCurve(phases: phases, speed: speed), poisson: nil)
    }

    /// - Parameter poisson: the seed of Poisson arrivals; nil: even ones.
    init(_ curve: RateCurve, poisson seed: UInt64?) {
        if let seed {
            let arrivals = PoissonArrivals(total: curve.total, seed: seed)
            law = .poisson(curve, arrivals)
            count = arrivals.count
        } else {
            law = .even(curve)
            count = UInt64(max(0, (curve.total - RateCurve.tolerance).rounded(.up)))
        }
    }

    /// As recorded, on the scenario clock, played `speed` times faster.
    package init(_ replay: Replay, speed: Double = 1) {
        let due = replay.offsets.map { $0 / speed }
        law = .recorded(due)
        count = UInt64(due.count)
    }

    /// When request `index` is due, in real time from the start of the load; nil past the end.
    package func due(_ index: UInt64) -> Nanoseconds? {
        guard index < count else { return nil }
        switch law {
        case .even(let curve): return .seconds(curve.time(of: Double(index)))
        case .poisson(let curve, let arrivals): return .seconds(curve.time(of: arrivals.position(index)))
        case .recorded(let due): return due[Int(index)]
        }
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
