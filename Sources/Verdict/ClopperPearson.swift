import Foundation

/// The exact interval for a share (Clopper & Pearson 1934): never narrower than it claims, also for zero failures.
///
/// The bounds are quantiles of the beta distribution, found by bisection on the regularised incomplete beta function.
package enum ClopperPearson {
    /// The 95 % interval of the share, after `events` in `trials`. `trials` 0: anything is possible.
    package static func interval(events: UInt64, trials: UInt64, confidence: Double = 0.95) -> ClosedRange<Double> {
        guard trials > 0 else { return 0...1 }
        let tail = (1 - confidence) / 2
        let (k, n) = (Double(events), Double(trials))
        let low = events == 0 ? 0 : quantile(tail, k, n - k + 1)
        let high = events >= trials ? 1 : quantile(1 - tail, k + 1, n - k)
        return low...max(low, high)
    }

    /// How many trials without any event show that the share is below `bound`.
    package static func trialsNeeded(toShowBelow bound: Double, confidence: Double = 0.95) -> UInt64 {
        guard bound > 0 else { return .max }
        guard bound < 1 else { return 1 }
        return UInt64((log((1 - confidence) / 2) / log1p(-bound)).rounded(.down)) + 1
    }

    private static func quantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if incompleteBeta(middle, a, b) < p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// I_x(a, b), by Lentz's continued fraction (Numerical Recipes §6.4), on the side where it converges fast.
    package static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        return x < (a + 1) / (a + b + 2)
            ? front * continuedFraction(x, a, b) / a : 1 - front * continuedFraction(1 - x, b, a) / b
    }

    private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / kept(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...10_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / kept(1 + even * d)
            c = kept(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / kept(1 + odd * d)
            c = kept(1 + odd / c)
            result *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return result
    }
}
