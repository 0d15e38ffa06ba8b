import Foundation

/// How many requests are expected before each moment: the area under the planned rate, N(t), and its inverse.
///
/// In a phase of length T (real seconds) whose rate goes linearly from a to b
///
///     N(t) = a·t + (b − a)·t²/(2T)        t = 2k / (a + √(a² + 2k(b − a)/T))
///
/// which is k/a for a hold (b = a) and loses no digits when a and b are close. In a wave with mean m, amplitude c and
/// period P
///
///     N(t) = m·t − c·P/2π · sin(2πt/P)
///
/// which never falls, as c ≤ m, and is inverted by Newton's steps inside a bracket.
struct RateCurve: Hashable, Sendable {
    private struct Stretch: Hashable, Sendable {
        /// Requests expected before it.
        var before: Double
        var start: Double
        var duration: Double
        var startRate: Double
        var endRate: Double
        /// Of a wave; 0 for a linear stretch.
        var period: Double
    }

    /// Rounding that is not a part of a request: 99.999… is 100.
    static let tolerance = 1e-6

    private let stretches: [Stretch]
    /// Requests expected in all.
    let total: Double

    /// `phases` on the scenario clock, played `speed` times faster.
    init(phases: [Phase], speed: Double) {
        var stretches: [Stretch] = []
        var start = 0.0
        var before = 0.0
        for phase in phases {
            var stretch = Stretch(
                before: before, start: start, duration: phase.duration.inSeconds / speed,
                startRate: phase.startRate, endRate: phase.endRate, period: 0)
            if phase.kind == .wave, let period = phase.period { stretch.period = period.inSeconds / speed }
            stretches.append(stretch)
            start += stretch.duration
            before += Self.expected(in: stretch)
        }
        self.stretches = stretches
        total = before
    }

    /// When N reaches `count`, in seconds from the start.
    func time(of count: Double) -> Double {
        // A pause expects none: what comes next is due after it.
        guard let stretch = stretches.last(where: { $0.before - Self.tolerance <= count }) else { return 0 }
        let k = count - stretch.before
        guard k > 0 else { return stretch.start }
        let time = stretch.period > 0 ? Self.waveTime(k, stretch) : Self.linearTime(k, stretch)
        return stretch.start + min(time, stretch.duration)
    }

    private static func expected(in stretch: Stretch) -> Double {
        let mean = (stretch.startRate + stretch.endRate) / 2
        guard stretch.period > 0 else { return mean * stretch.duration }
        return mean * stretch.duration - swing(stretch) * sin(2 * .pi * stretch.duration / stretch.period)
    }

    /// c·P/2π: how far a wave's count strays from its mean's.
    private static func swing(_ stretch: Stretch) -> Double {
        (stretch.endRate - stretch.startRate) / 2 * stretch.period / (2 * .pi)
    }

    private static func linearTime(_ k: Double, _ stretch: Stretch) -> Double {
        let a = stretch.startRate
        let slope = (stretch.endRate - a) / stretch.duration
        return 2 * k / (a + max(0, a * a + 2 * k * slope).squareRoot())
    }

    private static func waveTime(_ k: Double, _ stretch: Stretch) -> Double {
        let mean = (stretch.startRate + stretch.endRate) / 2
        guard mean > 0 else { return stretch.duration }
        let perPeriod = mean * stretch.period
        let periods = (k / perPeriod).rounded(.down)
        let rest = k - periods * perPeriod
        let (swing, turn) = (swing(stretch), 2 * .pi / stretch.period)
        var (low, high) = (0.0, stretch.period)
        var time = rest / mean
        for _ in 0..<64 {
            let over = mean * time - swing * sin(turn * time) - rest
            if over > 0 { high = time } else { low = time }
            var next = time - over / (mean - swing * turn * cos(turn * time))
            if !(low < next && next < high) { next = (low + high) / 2 }
            let step = abs(next - time)
            time = next
            if step < 1e-10 { break }
        }
        return periods * stretch.period + time
    }
}
