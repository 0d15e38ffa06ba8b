import Plan
import Scenario
import Testing

/// Several loads in one scenario, each with requests of its own.
@Suite struct StreamTests {
    private static let text = """
        scenario "Reports beside the shop"

        load
            over https
            warm up at 20/s for 30s
            hold 80/s for 5m

        requests
            50%  GET  /api/items
            50%  POST /api/items  json {"id": "{uuid}"}  tracked

        load "reports"
            hold 2/s for 6m
            poisson arrivals

        load "clerks"
            hold 5 users for 4m
            think 1s
            reconnect for each request

        # Below the loads, in another order.
        requests "clerks" in order
            POST /login  take token from json "$.token"
            GET  /api/items  header "X-Token: {token}"

        requests "reports"
            100%  GET /report  timeout 30s  deadline 60s

        expect
            p95 latency of "reports"  < 20s    when calm
            error rate of "clerks"    < 1%
            throughput                > 70/s
            lost writes               = 0

        """

    private static func parse(_ text: String) -> Reading<Plan> {
        Scenario.parse(text: text, file: "a.scn") { _ in .success([]) }
    }

    @Test func `each load becomes a stream with the requests of its name`() throws {
        let reading = Self.parse(Self.text)
        for finding in reading.findings { Issue.record("\(finding)") }
        let plan = try #require(reading.value)
        #expect(plan.streams.map(\.name) == [nil, "reports", "clerks"])
        #expect(plan.streams.map(\.requestCount) == [2, 1, 2])
        #expect(plan.streams.map(\.arrivals) == [.even, .poisson, .even])
        #expect(plan.streams.map(\.reconnect) == [nil, nil, .eachRequest])
        #expect(plan.streams.map(\.journey) == [nil, nil, Journey(values: ["token"])])
        // A route tells its load's name.
        #expect(
            plan.requests.map(\.route) == [
                "GET /api/items", "POST /api/items", "reports: GET /report", "clerks: POST /login",
                "clerks: GET /api/items",
            ])
        #expect(plan.requests.map(\.weight) == [0.5, 0.5, 1, 0.5, 0.5])
        #expect(plan.transport == .https && plan.duration == .seconds(360))
        #expect(plan.expectations.map(\.stream) == ["reports", "clerks", nil, nil])
        #expect(plan.expectations[0].text == "p95 latency of \"reports\" < 20s when calm")
        #expect(plan.measuredFrom == .seconds(30) && plan.tracksWrites)
    }

    @Test func `a replay stands beside a load with data, each with its own table`() throws {
        let text = """
            scenario "a"
            load "spike"
                hold 1/s for 9s
            requests "spike"
                100% GET /{u.id}
            load "log"
                replay "access.log"
            data
                u from "u.csv"
            expect
                p95 latency of "log" < 1s
            """
        let reading = Recording.parse(Array(Recording.twoSeconds.utf8), text)
        for finding in reading.findings { Issue.record("\(finding)") }
        let plan = try #require(reading.value)
        #expect(plan.streams.map(\.requestCount) == [1, 3] && plan.tables.map(\.name) == ["u", "replay"])
        #expect(plan.streams[1].load.replay?.routes == [0, 1, 2])
        #expect(
            plan.requests.map(\.route) == ["spike: GET /{u.id}", "log: GET /a", "log: GET /b", "log: GET /c"])
        #expect(plan.requests[1].path == Template([.field(table: 1, column: 0, .plain)]))
    }

    @Test func `fmt lays them out as they stand`() {
        #expect(Scenario.format(Self.text) == Self.text)
    }

    @Test func `a single load may have a name, which its routes need not tell`() throws {
        let text = "scenario \"a\"\nload \"x\"\n    hold 1/s for 9s\nrequests \"x\"\n    100% GET /\n"
        let plan = try #require(Self.parse(text).value)
        #expect(plan.streams.map(\.name) == ["x"] && plan.requests.map(\.route) == ["GET /"])
    }
}
