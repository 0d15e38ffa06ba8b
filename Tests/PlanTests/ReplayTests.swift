import Foundation
import Plan
import Testing

/// A recorded load: when its requests are due, and how it is kept.
@Suite struct ReplayTests {
    private static let offsets: [Nanoseconds] = [
        .zero, .milliseconds(250), .milliseconds(250), .milliseconds(900), .seconds(7),
    ]
    private static let replay = Replay(offsets: offsets, routes: [0, 1, 0, 0, 1], duration: .seconds(8))

    private static func plan(speed: Double = 1) -> Plan {
        let request = Request(
            route: "GET /*", weight: 0.5, method: .get, path: Template([.field(table: 0, column: 0, .plain)]))
        return Plan(
            name: "replay", load: .replay(replay), requests: [request, request], speed: speed,
            tables: [
                DataTable(
                    name: "replay", columns: ["path"], values: [["/1", "/2"]], order: .inTurn,
                    turns: [0, 1, 1, 0, 1])
            ])
    }

    @Test func `each request is due when it came, divided by the speed`() throws {
        let schedule = try #require(Self.plan().schedules(seed: 1)[0])
        #expect(schedule.count == 5)
        #expect((0..<5).map { schedule.due($0) } == Self.offsets)
        #expect(schedule.due(5) == nil)
        let faster = try #require(Self.plan(speed: 2.5).schedules(seed: nil)[0])
        #expect((0..<5).map { faster.due($0) } == Self.offsets.map { $0 / 2.5 })
    }

    @Test func `requests of a stretch are those that are due in it`() throws {
        let schedule = try #require(Self.plan().schedules(seed: 1)[0])
        #expect(schedule.firstIndex(notBefore: .milliseconds(250)) == 1)
        #expect(schedule.count(from: .milliseconds(1), to: .seconds(1)) == 3)
        #expect(schedule.count(from: .seconds(1), to: .seconds(7)) == 0)
        #expect(schedule.count(from: .zero, to: .seconds(8)) == 5)
    }

    @Test func `all of it is one phase, which is measured from its start`() {
        let plan = Self.plan(speed: 2)
        #expect(plan.duration == .seconds(8) && plan.measuredFrom == .zero)
        #expect(plan.streams[0].load.phases.map(\.kind) == [.replay])
        #expect(plan.real(plan.duration) == .seconds(4))
    }

    @Test(arguments: [
        (Nanoseconds.milliseconds(1), 2), (.milliseconds(250), 2), (.milliseconds(251), 3),
        (.milliseconds(900), 3), (.milliseconds(901), 4), (.seconds(7), 4), (.seconds(60), 5),
    ])
    func `the most requests of a stretch are found wherever it begins`(_ stretch: Nanoseconds, _ most: Int) {
        #expect(Self.replay.most(within: stretch) == most)
    }

    @Test func `its rate grows with the speed, and with it what may be in flight`() {
        #expect(Self.plan().streams[0].load.peakRate(at: 1) == 4)
        #expect(Self.plan().streams[0].load.peakRate(at: 10) == 5)
        let crowd = Replay(
            offsets: (0..<1_000).map { .milliseconds(Int64(10 * $0)) },
            routes: Array(repeating: 0, count: 1_000),
            duration: .seconds(10))
        var request = Request(route: "GET /", weight: 1, method: .get, path: Template(literal: "/"))
        request.deadline = .seconds(2)
        let plan = Plan(name: "crowd", load: .replay(crowd), requests: [request])
        #expect(plan.inFlightLimit == 200)
        #expect(plan.played(at: 3).inFlightLimit == 600 && plan.played(at: 3).speed == 3)
        #expect(plan.played(at: 60).inFlightLimit == 1_000)
    }

    @Test func `it comes back from its recording unchanged, and takes little room there`() throws {
        let plan = Self.plan()
        let data = try JSONEncoder().encode(plan)
        #expect(try JSONDecoder().decode(Plan.self, from: data) == plan)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains("\"gaps\":[0,250000,0,650000,6100000]"))
        #expect(text.contains("\"turns\":[0,1,1,0,1]"))
        #expect(plan.streams[0].load.replay?.offsets == Self.offsets)
    }

    @Test func `tables of old recordings have a turn for each row`() throws {
        let old = #"{"name": "t", "columns": ["a"], "values": [["1", "2"]], "order": "in turn"}"#
        let table = try JSONDecoder().decode(DataTable.self, from: Data(old.utf8))
        #expect(table.rows == 2 && table.turns == nil)
        #expect((0..<2).map { table.value(0, turn: $0) } == ["1", "2"])
    }

    @Test func `a row comes at each of its turns`() {
        let plan = Self.plan()
        let paths = (0..<5).map { index in
            var draw = Draw(seed: 3, run: "r", index: UInt64(index))
            return plan.requests[0].path.render(&draw, tables: plan.tables)
        }
        #expect(paths == ["/1", "/2", "/2", "/1", "/2"])
    }
}
