import Foundation
import Plan
import Testing

@Suite struct PlanTests {
    private let phases = [
        Phase(.warmUp, startRate: 20, endRate: 20, duration: .seconds(30)),
        Phase(.ramp, startRate: 20, endRate: 80, duration: .seconds(30)),
        Phase(.hold, startRate: 80, endRate: 80, duration: .seconds(540)),
    ]
    private let request = Request(route: "GET /", weight: 1, method: .get, path: Template(literal: "/"))

    @Test func `measuring starts after the warm-up, and the phases make the duration`() {
        let plan = Plan(name: "p", load: .open(phases), requests: [request], speed: 6)
        #expect(plan.measuredFrom == .seconds(30))
        #expect(plan.duration == .seconds(600))
        #expect(plan.real(.seconds(600)) == .seconds(100))
        #expect(plan.scenario(.seconds(100)) == .seconds(600))
    }

    @Test func `without a warm-up all is measured`() {
        #expect(Plan(name: "p", load: .open([phases[2]]), requests: [request]).measuredFrom == .zero)
        #expect(
            Plan(name: "p", load: .closed(users: 8, duration: .seconds(9)), requests: []).measuredFrom
                == .zero)
    }

    @Test func `as much may be in flight as comes due within the longest deadline`() {
        var slow = request
        slow.deadline = .seconds(20)
        #expect(Plan(name: "p", load: .open(phases), requests: [request, slow]).inFlightLimit == 1_600)
        #expect(Plan(name: "p", load: .open([]), requests: []).inFlightLimit == 64)
        #expect(
            Plan(name: "p", load: .closed(users: 8, duration: .seconds(9)), requests: []).inFlightLimit == 8)
    }

    @Test(arguments: [
        (Bound.below(4), [3]), (.atMost(4), [3, 4]), (.above(4), [5]), (.atLeast(4), [4, 5]),
        (.equal(4), [4]),
        (.between(4, 5), [4, 5]),
    ])
    func `a bound holds for the values it names, and no other`(_ bound: Bound<Int>, _ values: [Int]) {
        #expect([3, 4, 5].filter(bound.holds) == values)
    }

    @Test func `a plan comes back from its recording unchanged`() throws {
        var tracked = request
        tracked.tracking = Tracking(readBack: Template([.literal("/"), .uuid]))
        tracked.body = Request.Body(
            contentType: "application/json", template: Template([.oneOf(["1", "2"]), .seq]))
        let plan = Plan(
            name: "p", load: .open(phases), requests: [request, tracked],
            faults: [
                PlannedFault(name: "b", fault: .blockZone("a"), at: .seconds(120), duration: .seconds(240))
            ],
            speed: 6)
        #expect(try JSONDecoder().decode(Plan.self, from: JSONEncoder().encode(plan)) == plan)
    }
}
