import Plan
import Scenario
import Testing

/// A scenario that replays a recording, and recordings for it.
enum Recording {
    static func scenario(_ words: String = "") -> String {
        """
        scenario "Again"

        load
            replay "access.log"\(words)

        expect
            error rate  < 1%

        """
    }

    static func parse(_ recording: String, _ words: String = "") -> Reading<Plan> {
        parse(Array(recording.utf8), scenario(words))
    }

    static func parse(_ recording: [UInt8], _ text: String) -> Reading<Plan> {
        Scenario.parse(text: text, file: "a.scn") { path in
            switch path {
            case "access.log": .success(recording)
            case "u.csv": .success(Array("id\n1\n".utf8))
            default: .failure(.notFound(beside: ["access.log"]))
            }
        }
    }

    /// Whatever is found is an issue.
    static func plan(_ recording: String, _ words: String = "") throws -> Plan {
        let reading = parse(recording, words)
        for finding in reading.findings { Issue.record("\(finding)") }
        return try #require(reading.value)
    }

    /// What is found, and nothing else of it.
    static func findings(_ recording: String, _ words: String = "") -> String {
        parse(recording, words).findings.map(\.description).joined(separator: "\n")
    }

    /// A Plan exactly if there is no error.
    static func check(_ bytes: [UInt8]) {
        let reading = parse(bytes, scenario())
        #expect((reading.value == nil) == (reading.errors > 0))
        if let replay = reading.value?.streams[0].load.replay { #expect(replay.count > 0) }
        for finding in reading.findings { #expect(!finding.description.isEmpty) }
    }

    /// The path of each request, in the order in which they are due.
    static func paths(_ plan: Plan) -> [String] {
        let replay = plan.streams[0].load.replay
        return (replay?.routes ?? []).enumerated().map { index, route in
            var draw = Draw(seed: 1, run: "r", index: UInt64(index))
            return plan.requests[Int(route)].path.render(&draw, tables: plan.tables)
        }
    }

    static let twoSeconds = """
        ::1 - - [10/Oct/2026:13:55:36 +0000] "GET /a HTTP/1.1" 200 1
        ::1 - - [10/Oct/2026:13:55:36 +0000] "GET /b HTTP/1.1" 200 1
        ::1 - - [10/Oct/2026:13:55:38 +0000] "GET /c HTTP/1.1" 200 1

        """

    static let tenMinutesLater = "::1 - - [10/Oct/2026:14:05:36 +0000] \"GET /d HTTP/1.1\" 200 1\n"

    /// A line of a balancer's log.
    static func balancer(
        _ answered: String, _ times: String, _ status: String, type: String = "https",
        request: String = "GET https://shop.example:443/api/items/7?page=2 HTTP/1.1", tail: String = ""
    ) -> String {
        "\(type) \(answered) app/shop/1 10.0.0.1:2817 10.0.1.2:80 \(times) \(status) \(status) 34 366 "
            + "\"\(request)\"\(tail)\n"
    }
}
