import Capacity
import Foundation
import Plan
import Testing

import struct Plan.Expectation

/// Growth, traffic, and what they ask of a measured system.
@Suite struct DemandTests {
    @Test(arguments: [
        ("8%/month", 0.08), ("100%/year", 0.0594631), ("0.5%/month", 0.005),
    ])
    func `growth is by month or by year`(_ text: String, _ perMonth: Double) {
        #expect(Growth(text).map { abs($0.perMonth - perMonth) < 1e-6 } == true)
    }

    @Test(arguments: ["8%", "8/month", "8%/week", "-3%/month", "0%/month", "%/month", "", "nan%/month"])
    func `anything else is no growth`(_ text: String) { #expect(Growth(text) == nil) }

    @Test func `growth takes its time`() {
        let growth = Growth(perMonth: 0.1)
        #expect(abs(growth.months(from: 100, to: 121) - 2) < 1e-9)
        #expect(growth.months(from: 200, to: 100) == 0)
        let day = growth.day(from: 100, to: 121, today: Date(timeIntervalSince1970: 0))
        #expect(abs(day.timeIntervalSince1970 / 86_400 - 60.87) < 0.01)
    }

    @Test func `traffic is read with and without a header, in seconds or by the calendar`() throws {
        let plain = try Traffic.csv("time,rate\r\n0,10\r\n60,20\r\n\r\n120,5\r\n")
        #expect(
            plain.peak == 20 && plain.length == 120 && plain.rate(at: 30) == 15 && plain.rate(at: 500) == 5)
        let dated = try Traffic.csv("2026-11-26T09:00:00Z,10,x\n2026-11-26T09:01:00Z, 30\n")
        #expect(dated.length == 60 && dated.peak == 30)
    }

    @Test(arguments: [
        ("0,10\n", "line 1: two lines of time,rate are the least"),
        ("time,rate\n0,10\nsoon,20\n", "line 3: \"soon\" is no time: seconds, or as in 2026-11-26T09:00:00Z"),
        ("0,10\n60,many\n", "line 2: \"many\" is no rate in requests a second, such as 120"),
        ("0,10\n60,-1\n", "line 2: the rate is -1, but must be from 0 up"),
        ("0,10\n0,20\n", "line 2: 0 does not come after the line before it"),
        ("0;10\n", "line 1: expected time,rate, found \"0;10\""),
    ])
    func `bad traffic is shown by line`(_ text: String, _ words: String) {
        #expect { try Traffic.csv(text) } throws: { "\($0)" == words }
    }

    @Test func `the steepest ramp is the one that grows the most within the lag`() throws {
        // From 100 to 150 in 100 s; from 200 to 400 in 400 s: within 100 s that is 200 to 250.
        let traffic = try Traffic.csv("0,100\n100,150\n1000,200\n1400,400\n")
        let ramp = try #require(traffic.steepest(within: 100))
        #expect(ramp.before == 100 && ramp.after == 150 && ramp.time == 100)
        #expect(try Traffic.csv("0,100\n10,50\n").steepest(within: 5) == nil)
    }

    // MARK: The plan

    private func plan(
        demand: Double? = nil, growth: Growth? = nil, traffic: Traffic? = nil, surge: Surge? = nil
    )
        throws -> CapacityPlan
    {
        CapacityPlan(
            system: Shop.system, service: Shop.service, model: try #require(Shop.model()), demand: demand,
            growth: growth, traffic: traffic, surge: surge, today: Date(timeIntervalSince1970: 1_795_651_200))
    }

    @Test(arguments: [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2)])
    func `of tasks in two zones the zone with the most is lost`(_ tasks: Int, _ left: Int) throws {
        #expect(try plan().survivors(of: tasks) == left)
    }

    @Test func `tasks are enough by their cautious end`() throws {
        let plan = try plan()
        // Three tasks carry 292.8/s by the cautious end, and 205/s at 70 %.
        #expect(plan.need(204).atTarget == 3 && plan.need(206).atTarget == 4)
        // Two of four are left, and carry 195/s.
        #expect(plan.need(194).withoutZone == 4 && (plan.need(197).withoutZone ?? 0) > 4)
        #expect(abs(plan.most.roomy - 400 / 1.05.squareRoot() * 0.7) < 1e-6)
        #expect(plan.need(1e9).tasks == nil)
    }

    @Test func `growth crosses the limits on a day`() throws {
        let plan = try plan(demand: 100, growth: Growth(perMonth: 0.1))
        let crossing = try #require(plan.crossing(plan.most.survived))
        #expect(abs(crossing.months - 7.01) < 0.02, "\(crossing)")
        #expect(crossing.day.formatted(.iso8601.year().month().day()).hasPrefix("2027-06"))
        #expect(try self.plan(demand: 100).crossing(200) == nil)
        #expect(try self.plan(demand: 300, growth: Growth(perMonth: 0.1)).crossing(200)?.months == 0)
    }

    @Test func `a ramp asks for room as large as it grows while a task starts`() throws {
        let traffic = try Traffic.csv("0,100\n100,150\n")
        let surge = Surge(run: "r", service: "web", decided: 80, served: 100, resolution: 10)
        let ramp = try #require(try plan(traffic: traffic, surge: surge).ramp)
        #expect(abs(ramp.needed - 2 / 3.0) < 1e-9)
        #expect(try plan(traffic: traffic).ramp == nil, "no lag was measured")
        #expect(try plan(traffic: traffic).demand == 150, "the demand is its peak")
    }
}

/// What the document's rules come to with what was measured.
@Suite struct DocumentFindingTests {
    private func plan(out: Double, back: Double) throws -> CapacityPlan {
        var system = Shop.system
        func check(_ direction: Expectation.Scaling.Direction, _ cpu: Bound<Double>) -> Expectation {
            Expectation(
                text: "",
                check: .scaling(
                    .init(direction, of: "web", earliest: .seconds(60), latest: .seconds(180), cpu: cpu)),
                window: .measured)
        }
        system.promises = [
            .init(name: "p", source: "", expectations: [check(.out, .above(out)), check(.in, .below(back))])
        ]
        return CapacityPlan(
            system: system, service: Shop.service, model: try #require(Shop.model()), today: .distantPast)
    }

    @Test func `one bound for both directions goes to and fro`() throws {
        let findings = try plan(out: 0.7, back: 0.7).findings
        // Two tasks are over 70 % from 140/s on, three under it up to 210/s, which two do not carry.
        guard case .flapping(2, let rates, 0.7, 0.7, let safe)? = findings.first else {
            Issue.record("\(findings)")
            return
        }
        #expect(abs(rates.low - 140) < 1 && abs(rates.high - 200) < 1 && abs(safe - 0.4667) < 0.001)
        #expect(findings.count == 3, "two steps, and the zone")
    }

    @Test func `bounds far enough apart do not`() throws {
        #expect(try plan(out: 0.7, back: 0.4).findings.count == 1)
        guard case .zone(let serves, let survives)? = try plan(out: 0.7, back: 0.4).findings.first else {
            Issue.record("no zone")
            return
        }
        #expect(serves > survives)
    }
}
