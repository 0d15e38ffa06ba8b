import Foundation
import Plan
import Testing

/// Poisson arrivals: the counts and gaps of a Poisson process, from a function of seed and index.
@Suite struct PoissonTests {
    private static func schedule(_ phases: [Phase], seed: UInt64, speed: Double = 1) throws -> Schedule {
        let plan = Plan(name: "p", load: .open(phases), requests: [], speed: speed, arrivals: .poisson)
        return try #require(plan.schedules(seed: seed)[0])
    }

    private static func hold(_ rate: Double, _ seconds: Double) -> Phase {
        Phase(.hold, startRate: rate, endRate: rate, duration: .seconds(seconds))
    }

    private static func times(_ schedule: Schedule) -> [Double] {
        (0..<schedule.count).compactMap { schedule.due($0)?.inSeconds }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4]) func `gaps are exponential`(_ seed: UInt64) throws {
        let times = Self.times(try Self.schedule([Self.hold(100, 200)], seed: seed))
        let gaps = zip(times.dropFirst(), times).map { ($0 - $1) * 100 }.sorted()
        #expect(gaps.allSatisfy { $0 >= 0 })
        // Kolmogorov and Smirnov's distance: 1.95 / √n is passed once in a thousand.
        let n = Double(gaps.count)
        let distance = gaps.enumerated().map { rank, gap in
            let expected = 1 - exp(-gap)
            return max(abs(expected - Double(rank) / n), abs(Double(rank + 1) / n - expected))
        }.max()
        #expect(try #require(distance) < 1.95 / n.squareRoot())
    }

    @Test func `gaps do not depend on the gaps before them`() throws {
        let times = Self.times(try Self.schedule([Self.hold(100, 200)], seed: 5))
        let gaps = zip(times.dropFirst(), times).map { ($0 - $1) * 100 - 1 }
        for lag in [1, 2, 31, 32, 33] {
            let correlation = zip(gaps.dropFirst(lag), gaps).map(*).reduce(0, +) / Double(gaps.count - lag)
            #expect(abs(correlation) < 4 / Double(gaps.count).squareRoot(), "\(lag) apart")
        }
    }

    /// Seconds of a Poisson process vary as much as they have; a cell's border must not show.
    @Test(arguments: [8.0, 32, 100]) func `a second's count varies by its mean`(_ rate: Double) throws {
        let seconds = 1_000
        let schedule = try Self.schedule([Self.hold(rate, Double(seconds))], seed: 6)
        var counts = [Double](repeating: 0, count: seconds)
        for time in Self.times(schedule) { counts[min(Int(time), seconds - 1)] += 1 }
        let mean = counts.reduce(0, +) / Double(seconds)
        let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seconds - 1)
        let error = (rate / Double(seconds)).squareRoot()
        #expect(abs(mean - rate) < 4 * error)
        let errorOfVariance = (2 / Double(seconds)).squareRoot() + (1 / rate / Double(seconds)).squareRoot()
        #expect(abs(variance / rate - 1) < 4 * errorOfVariance)
    }

    @Test func `a ramp's requests come where its rate is`() throws {
        let ramp = Phase(.ramp, startRate: 0, endRate: 200, duration: .seconds(100))
        let times = Self.times(try Self.schedule([ramp], seed: 7))
        // A quarter of the area lies in the first half.
        let early = Double(times.count { $0 < 50 })
        #expect(abs(early - 2_500) < 4 * 2_500.0.squareRoot())
        #expect(abs(Double(times.count) - 10_000) < 4 * 100)
    }

    @Test func `the same seed gives the same times, another gives others`() throws {
        let phases = [Self.hold(50, 10), Phase(.ramp, startRate: 50, endRate: 0, duration: .seconds(10))]
        let times = Self.times(try Self.schedule(phases, seed: 8))
        #expect(try Self.times(Self.schedule(phases, seed: 8)) == times)
        #expect(try Self.times(Self.schedule(phases, seed: 9)) != times)
    }

    @Test func `times never go back, at any speed, and a pause stays one`() throws {
        let phases = [Self.hold(200, 30), Self.hold(0, 60), Self.hold(3, 60)]
        let schedule = try Self.schedule(phases, seed: 10, speed: 6)
        let times = Self.times(schedule)
        #expect(zip(times.dropFirst(), times).allSatisfy { $0 >= $1 })
        #expect(schedule.count(from: .seconds(5), to: .seconds(15)) == 0)
        #expect(schedule.due(schedule.count) == nil)
    }

    @Test func `a load of less than a request may have none`() throws {
        let counts = try (UInt64(0)..<400).map { try Self.schedule([Self.hold(0.5, 1)], seed: $0).count }
        #expect(counts.contains(0) && counts.contains(1) && counts.contains(2))
        // e^−½ of them have none.
        #expect(abs(Double(counts.count { $0 == 0 }) / 400 - 0.6065) < 0.1)
    }
}
