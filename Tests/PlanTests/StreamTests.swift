import Plan
import Testing

@Suite struct StreamTests {
    private static func request(_ route: String, deadline: Double = 10) -> Request {
        Request(
            route: route, weight: 0.5, method: .get, path: Template(literal: "/"),
            deadline: .seconds(deadline))
    }

    private static func phase(_ kind: Phase.Kind, _ rate: Double, _ seconds: Double) -> Phase {
        Phase(kind, startRate: rate, endRate: rate, duration: .seconds(seconds))
    }

    /// Two routes at a rate, one of users for longer, one at random.
    private static let plan = Plan(
        name: "p",
        streams: [
            Stream(
                name: "main", load: .open([phase(.warmUp, 10, 20), phase(.hold, 100, 40)]), requestCount: 2),
            Stream(
                load: .closed(
                    [
                        UserPhase(.warmUp, startUsers: 1, endUsers: 1, duration: .seconds(5)),
                        UserPhase(.hold, startUsers: 30, endUsers: 30, duration: .seconds(60)),
                    ], think: .none), requestCount: 1),
            Stream(
                name: "late", load: .open([phase(.hold, 20, 30)]), arrivals: .poisson, requestCount: 1),
            Stream(
                name: "later", load: .open([phase(.hold, 20, 30)]), arrivals: .poisson, requestCount: 1),
        ],
        requests: [
            request("a", deadline: 4), request("b"), request("c"), request("d", deadline: 5), request("e"),
        ])

    @Test func `a plan lasts as long as its longest stream, and is measured when all have warmed up`() {
        #expect(Self.plan.duration == .seconds(65) && Self.plan.measuredFrom == .seconds(20))
        #expect(Self.plan.longestStream == Self.plan.streams[1])
        #expect(Self.plan.peakRate == 140)
    }

    @Test func `each stream has its own requests, room in flight and schedule`() throws {
        #expect((0..<4).map(Self.plan.requests(of:)) == [0..<2, 2..<3, 3..<4, 4..<5])
        // 100/s for 10 s, 30 users, 20/s for 5 s, 20/s for 10 s.
        #expect(Self.plan.inFlightLimit == 1000 + 30 + 100 + 200)
        let schedules = Self.plan.schedules(seed: 7)
        #expect(schedules.map { $0 == nil } == [false, true, false, false])
        #expect(schedules[0]?.count == 4_200)
        // Two streams with the same rates do not come at the same times.
        #expect(schedules[2]?.due(50) != schedules[3]?.due(50))
    }

    @Test func `a stream alone is a plan of its own, with its share of the room`() {
        var plan = Self.plan
        let alone = plan.alone(2)
        #expect(alone.streams == [plan.streams[2]] && alone.requests == [plan.requests[3]])
        #expect(alone.inFlightLimit == 100)
        plan.inFlightLimit = 133
        #expect(plan.alone(0).inFlightLimit == 100 && plan.alone(2).inFlightLimit == 10)
        plan.inFlightLimit = 1
        #expect(plan.alone(3).inFlightLimit == 1)
    }
}
