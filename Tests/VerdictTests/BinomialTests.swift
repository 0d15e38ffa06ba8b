import Testing

@testable import Verdict

@Suite struct BinomialTests {
    /// From R 4: binom.test(k, n)$conf.int. For k = 0 the upper end is also 1 − 0.025^(1/n) by hand.
    @Test(arguments: [
        (count: 0, of: 10, low: 0, high: 0.308497),
        (count: 1, of: 10, low: 0.002529, high: 0.445016),
        (count: 5, of: 10, low: 0.187086, high: 0.812914),
        (count: 10, of: 10, low: 0.691503, high: 1),
        (count: 0, of: 100, low: 0, high: 0.036217),
        (count: 8, of: 100, low: 0.035172, high: 0.151557),
        (count: 0, of: 3_688, low: 0, high: 0.000999735),
    ])
    func `the interval of Clopper and Pearson has its published ends`(
        row: (count: UInt64, of: UInt64, low: Double, high: Double)
    ) {
        let interval = Binomial.interval(row.count, of: row.of)
        #expect(abs(interval.lowerBound - row.low) < 1e-6)
        #expect(abs(interval.upperBound - row.high) < 1e-6)
    }

    /// Closed forms: I_x(1, 1) = x; I_x(a, 1) = x^a; I_x(2, 2) = 3x² − 2x³; I_½(a, a) = ½.
    @Test(arguments: [
        (x: 0.3, a: 1.0, b: 1.0, value: 0.3), (x: 0.5, a: 3, b: 1, value: 0.125),
        (x: 0.2, a: 2, b: 2, value: 0.104),
        (x: 0.5, a: 40, b: 40, value: 0.5), (x: 0.5, a: 100_000, b: 100_000, value: 0.5),
        (x: 0, a: 2, b: 5, value: 0), (x: 1, a: 2, b: 5, value: 1),
    ])
    func `the incomplete beta function has its closed forms`(
        row: (x: Double, a: Double, b: Double, value: Double)
    ) {
        #expect(abs(Binomial.incompleteBeta(row.x, row.a, row.b) - row.value) < 1e-9)
    }

    @Test func `the inverse undoes the incomplete beta function`() {
        for (a, b) in [(0.5, 0.5), (3, 70), (900, 4), (1, 1_000_000)] {
            for probability in [0.001, 0.025, 0.5, 0.975] {
                let x = Binomial.inverseIncompleteBeta(probability, a, b)
                #expect(abs(Binomial.incompleteBeta(x, a, b) - probability) < 1e-9)
            }
        }
    }

    @Test func `one failure-free request fewer than needed does not show the rate`() throws {
        for rate in [0.001, 0.005, 0.05, 0.3] {
            let needed = try #require(Binomial.requestsNeeded(toShowBelow: rate))
            #expect(Binomial.interval(0, of: needed).upperBound < rate)
            #expect(Binomial.interval(0, of: needed - 1).upperBound >= rate)
        }
        #expect(Binomial.requestsNeeded(toShowBelow: 0) == nil)
    }

    /// Conover, Practical Nonparametric Statistics: distribution-free intervals of the median.
    @Test func `the ranks around a median are those of the sign test`() {
        let ten = Binomial.quantileRanks(0.5, of: 10)
        #expect(ten.low == 2 && ten.high == 9)
        let twenty = Binomial.quantileRanks(0.5, of: 20)
        #expect(twenty.low == 6 && twenty.high == 15)
        #expect(
            Binomial.quantileRanks(0.95, of: 71).high == nil, "0.95^71 = 0.026: even the largest is no bound")
        #expect(Binomial.quantileRanks(0.95, of: 72).high == 72)
    }
}
