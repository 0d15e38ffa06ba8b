import Foundation
import Plan
import Testing

@Suite struct ScheduleTests {
    private static func hold(_ rate: Double, _ seconds: Double) -> Phase {
        Phase(.hold, startRate: rate, endRate: rate, duration: .seconds(seconds))
    }

    private static func ramp(_ from: Double, _ to: Double, _ seconds: Double) -> Phase {
        Phase(.ramp, startRate: from, endRate: to, duration: .seconds(seconds))
    }

    private static func wave(_ from: Double, _ to: Double, _ period: Double, _ seconds: Double) -> Phase {
        Phase(
            .wave, startRate: from, endRate: to, duration: .seconds(seconds), period: .seconds(period))
    }

    private static let shapes: [[Phase]] = [
        [wave(20, 80, 10, 40)], [wave(0, 50, 7, 30)], [wave(90, 0, 4, 9.3)], [wave(30, 30, 5, 8)],
        [hold(5, 2), wave(5, 500, 3, 10), ramp(5, 0, 2), hold(0, 3), wave(0, 0.5, 60, 90)],
        [hold(80, 10)], [hold(3, 10)], [hold(0.1, 60)], [ramp(0, 100, 10)], [ramp(100, 0, 10)],
        [ramp(20, 80, 30)],
        [ramp(80, 80.0001, 10)], [hold(20, 30), ramp(20, 80, 30), hold(80, 540)],
        [hold(7, 0.5), hold(7, 0.5)],
        [hold(1000, 0.0004), hold(1000, 0.0004), hold(1000, 0.0004)], [hold(5, 1), hold(0, 10), hold(5, 1)],
        [ramp(0, 0, 5), hold(1, 5)], [ramp(1, 0, 3), ramp(0, 1, 3)],
    ]

    @Test func `in a hold, request k is due k intervals after the start`() {
        let schedule = Schedule(phases: [Self.hold(80, 10)])
        #expect(schedule.count == 800)
        for k in 0..<800 { #expect(schedule.due(UInt64(k)) == .seconds(Double(k) / 80)) }
        #expect(schedule.due(800) == nil)
    }

    private static let counts: [([Phase], UInt64)] = [
        // N(T) = (a + b) / 2 · T
        ([hold(80, 540)], 43_200), ([ramp(20, 80, 30)], 1_500), ([ramp(0, 100, 10)], 500),
        ([ramp(100, 0, 10)], 500),
        ([hold(20, 30), ramp(20, 80, 30), hold(80, 540)], 45_300),
        // Ten phases of a third of a request each are 3⅓ requests: indices 0 to 3.
        ([Phase](repeating: hold(1, 1.0 / 3), count: 10), 4),
        // Nothing is lost or added where phases meet within a request.
        ([hold(10, 0.25), hold(10, 0.25), hold(10, 0.5)], 10), ([hold(0, 100)], 0), ([], 0),
    ]

    @Test(arguments: counts)
    func `the number of requests is the area under the rate`(_ phases: [Phase], _ count: UInt64) {
        #expect(Schedule(phases: phases).count == count)
    }

    @Test(arguments: shapes) func `due times never go back, and stay inside the load`(_ phases: [Phase])
        throws
    {
        let schedule = Schedule(phases: phases)
        let end = phases.reduce(0) { $0 + $1.duration.inSeconds }
        var last = Nanoseconds.zero
        for index in 0..<schedule.count {
            let due = try #require(schedule.due(index))
            #expect(due >= last && due <= .seconds(end))
            last = due
        }
        #expect(schedule.due(schedule.count) == nil)
    }

    @Test(arguments: shapes) func `request k is due when the area under the rate reaches k`(
        _ phases: [Phase]
    ) throws {
        let schedule = Schedule(phases: phases)
        for index in stride(from: 0, to: schedule.count, by: max(1, Int(schedule.count / 40))) {
            let due = try #require(schedule.due(index)).inSeconds
            #expect(abs(area(phases, until: due) - Double(index)) < 1e-4, "request \(index) at \(due) s")
        }
    }

    /// ∫ rate dt from 0 to `time`, phase by phase.
    private func area(_ phases: [Phase], until time: Double) -> Double {
        var start = 0.0
        var sum = 0.0
        for phase in phases {
            let length = phase.duration.inSeconds
            let part = min(max(0, time - start), length)
            if let period = phase.period?.inSeconds {
                // By Simpson's rule.
                let steps = 1_000
                func rate(_ t: Double) -> Double {
                    (phase.startRate + phase.endRate) / 2
                        - (phase.endRate - phase.startRate) / 2 * cos(2 * .pi * t / period)
                }
                var inner = 0.0
                for step in 1..<steps {
                    inner += rate(part * Double(step) / Double(steps)) * (step % 2 == 1 ? 4 : 2)
                }
                sum += (rate(0) + rate(part) + inner) * part / Double(3 * steps)
                start += length
                continue
            }
            let slope = (phase.endRate - phase.startRate) / length
            sum += phase.startRate * part + slope * part * part / 2
            start += length
        }
        return sum
    }

    @Test func `equal rates meet without a gap`() throws {
        let halves = Schedule(phases: [Self.hold(7, 0.5), Self.hold(7, 0.5), Self.hold(7, 9)])
        let whole = Schedule(phases: [Self.hold(7, 10)])
        #expect(halves.count == whole.count)
        for index in 0..<whole.count {
            let (a, b) = (try #require(halves.due(index)), try #require(whole.due(index)))
            #expect(abs(a.count - b.count) <= 2, "request \(index)")
        }
    }

    @Test func `a ramp gets steadily faster`() throws {
        let schedule = Schedule(phases: [Self.ramp(10, 100, 60)])
        var last = Int64.max - 1
        for index in 1..<schedule.count {
            let gap = try #require(schedule.due(index)).count - (try #require(schedule.due(index - 1))).count
            #expect(gap <= last + 1)
            last = gap
        }
    }

    @Test func `a pause has no request`() {
        let schedule = Schedule(phases: [Self.hold(5, 1), Self.hold(0, 10), Self.hold(5, 1)])
        #expect(schedule.count == 10)
        #expect(schedule.count(from: .seconds(1), to: .seconds(11)) == 0)
    }

    @Test(arguments: shapes, [1.0, 6.0]) func `seconds partition the requests`(
        _ phases: [Phase], _ speed: Double
    ) {
        let schedule = Schedule(phases: phases, speed: speed)
        let end = Int(phases.reduce(0) { $0 + $1.duration.inSeconds } / speed) + 2
        let sum = (0..<end).reduce(UInt64(0)) { sum, second in
            sum + schedule.count(from: .seconds(Double(second)), to: .seconds(Double(second + 1)))
        }
        #expect(sum == schedule.count)
    }

    @Test(arguments: [1, 2, 3, 7]) func `shards add up to the whole schedule`(_ shards: UInt64) {
        let schedule = Schedule(phases: [Self.hold(20, 3), Self.ramp(20, 80, 3)])
        var all: [Nanoseconds] = []
        for shard in 0..<shards {
            for index in stride(from: shard, to: schedule.count, by: Int(shards)) {
                if let due = schedule.due(index) { all.append(due) }
            }
        }
        let whole = (0..<schedule.count).compactMap(schedule.due)
        #expect(all.sorted() == whole)
    }

    @Test func `speed shortens the phases and keeps the rates`() throws {
        let phases = [Self.hold(20, 30), Self.ramp(20, 80, 30), Self.hold(80, 540)]
        let schedule = Schedule(phases: phases, speed: 6)
        #expect(schedule.count == 7_550)
        #expect(schedule.count(from: .seconds(20), to: .seconds(21)) == 80)
        #expect(try #require(schedule.due(schedule.count - 1)) < .seconds(100))
    }

    @Test func `the first index at a time is found, at both ends too`() throws {
        let schedule = Schedule(phases: [Self.hold(10, 10)])
        #expect(schedule.firstIndex(notBefore: .seconds(-1)) == 0)
        #expect(schedule.firstIndex(notBefore: .zero) == 0)
        #expect(schedule.firstIndex(notBefore: Nanoseconds(1)) == 1)
        #expect(schedule.firstIndex(notBefore: .seconds(5)) == 50)
        #expect(schedule.firstIndex(notBefore: .seconds(10)) == 100)
        #expect(schedule.count(from: .seconds(3), to: .seconds(2)) == 0)
    }

    @Test func `a week at the highest rate keeps its count and its end`() throws {
        let schedule = Schedule(phases: [Self.hold(1e6, 7 * 86_400)])
        #expect(schedule.count == 604_800_000_000)
        let last = try #require(schedule.due(schedule.count - 1))
        #expect(abs(last.count - (604_800_000_000_000 - 1_000)) <= 200)
    }

    @Test func `a phase of no time is passed over`() throws {
        let schedule = Schedule(phases: [Self.hold(10, 1), Self.ramp(10, 20, 0), Self.hold(20, 1)])
        #expect(schedule.count == 30)
        #expect(try #require(schedule.due(10)) == .seconds(1))
    }
}
