import Foundation

/// Exact intervals from the binomial distribution, by way of the incomplete beta function.
package enum Binomial {
    /// I_x(a, b), the regularised incomplete beta function, to about 1e-14.
    ///
    /// The continued fraction DLMF 8.17.22, evaluated by Lentz's method (Thompson and Barnett 1986); it converges
    /// quickly for x < (a + 1)/(a + b + 2), and I_x(a, b) = 1 − I_{1−x}(b, a) brings any x there.
    package static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        precondition(a > 0 && b > 0, "the incomplete beta function needs positive parameters")
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let logFront = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
        return exp(logFront) / a * continuedFraction(x, a, b)
    }

    private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / kept(1 - (a + b) * x / (a + 1))
        var result = d
        // Terms needed grow with √max(a, b); 100,000 is enough for 10⁹ requests.
        for m in 1...100_000 {
            let m = Double(m)
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

    /// The x with I_x(a, b) = probability, by bisection down to the last digit.
    package static func inverseIncompleteBeta(_ probability: Double, _ a: Double, _ b: Double) -> Double {
        var low = 0.0
        var high = 1.0
        while true {
            let middle = (low + high) / 2
            if middle <= low || middle >= high || high - low < 1e-15 * high { return middle }
            if incompleteBeta(middle, a, b) < probability { low = middle } else { high = middle }
        }
    }

    /// The two-sided interval of Clopper and Pearson (Biometrika 26, 1934) for `count` of `n`.
    ///
    /// It covers the true rate at least `confidence` of the time, also for a count of 0:
    /// low = the α/2 quantile of Beta(k, n−k+1), high = the 1−α/2 quantile of Beta(k+1, n−k).
    package static func interval(_ count: UInt64, of n: UInt64, confidence: Double = 0.95) -> ClosedRange<
        Double
    > {
        precondition(count <= n && n > 0, "\(count) of \(n) is no rate")
        let k = Double(count)
        let rest = Double(n - count)
        let tail = (1 - confidence) / 2
        let low = count == 0 ? 0 : inverseIncompleteBeta(tail, k, rest + 1)
        let high = count == n ? 1 : inverseIncompleteBeta(1 - tail, k + 1, rest)
        return low...max(low, high)
    }

    /// How many requests without a failure show that the rate is below `rate`: n > ln(α/2) / ln(1 − rate).
    package static func requestsNeeded(toShowBelow rate: Double, confidence: Double = 0.95) -> UInt64? {
        guard rate > 0 else { return nil }
        guard rate < 1 else { return 1 }
        return UInt64(log((1 - confidence) / 2) / log1p(-rate)) + 1
    }

    /// The ranks of n sorted values between which the quantile lies with 95 %; nil: beyond the sample.
    ///
    /// The value of rank r is at most the quantile q with probability P(Bin(n, q) ≥ r) = I_q(r, n − r + 1).
    static func quantileRanks(_ quantile: Double, of n: UInt64) -> (low: UInt64?, high: UInt64?) {
        func below(_ rank: UInt64) -> Double { incompleteBeta(quantile, Double(rank), Double(n - rank + 1)) }
        func last(_ holds: (UInt64) -> Bool) -> UInt64 {
            var low: UInt64 = 0
            var high = n + 1
            while high - low > 1 {
                let middle = (low + high) / 2
                if holds(middle) { low = middle } else { high = middle }
            }
            return low
        }
        guard n > 0 else { return (nil, nil) }
        let low = last { below($0) >= 0.975 }
        let high = last { below($0) > 0.025 } + 1
        return (low == 0 ? nil : low, high > n ? nil : high)
    }
}
