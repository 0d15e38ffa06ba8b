import Foundation
import Plan
import Scenario
import Testing

/// Every finding about a replay, quoted in full.
@Suite struct ReplayDiagnosticsTests {
    private static let log = Recording.twoSeconds

    @Test(arguments: [
        ("", "there is no request in it that can be sent"),
        ("not a log\n- - -\n", "there is no request in it that can be sent"),
        ("[]", "there is no request in it that can be sent"),
        (
            "a - - [32/Oct/2026:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1",
            "there is no request in it that can be sent"
        ),
        ("{\"log\": {\"entries\": []}}", "there is no request in it that can be sent"),
        ("{\"log\": ", "it is JSON, but no HAR: it cannot be read as JSON"),
        ("{\"logs\": {}}", "it is JSON, but no HAR: it has no `log`"),
        ("{\"log\": {\"entries\": 4}}", "it is JSON, but no HAR: its `log.entries` is of another kind"),
        (
            "{\"log\": {\"entries\": [{\"startedDateTime\": \"\", \"request\": {\"method\": \"GET\"}}]}}",
            "it is JSON, but no HAR: it has no `log.entries[0].request.url`"
        ),
        (
            Self.log + "a - - [18/Oct/2026:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1",
            "it lasts 192h; the most is 168h"
        ),
    ])
    func `a recording that cannot be replayed is an error`(_ recording: String, _ message: String) {
        let found = Recording.findings(recording)
        #expect(found.hasPrefix("a.scn:4:12: error: access.log: \(message)\n"), "\(found)")
    }

    @Test func `what is read is said where nothing could be`() {
        #expect(
            Recording.findings("?") == """
                a.scn:4:12: error: access.log: there is no request in it that can be sent
                    replay "access.log"
                           ^~~~~~~~~~~~
                help: access logs are read in the Common or Combined Log Format, or as AWS's Application Load Balancer writes \
                them, and HAR 1.2
                """)
        let packed = Recording.parse([0x1F, 0x8B, 8, 0], Recording.scenario()).findings.map(\.description)
        #expect(
            packed == [
                """
                a.scn:4:12: error: access.log: it is compressed
                    replay "access.log"
                           ^~~~~~~~~~~~
                help: unpack it first: gunzip access.log.gz
                """
            ])
    }

    @Test func `lines that are no requests are counted in one warning`() {
        let text = """
            ::1 - - [10/Oct/2026:13:55:36 +0000] "-" 408 0

            """
        let one = Recording.findings(Self.log + text)
        #expect(
            one == """
                a.scn:4:12: warning: access.log: line 4 is left out: it is no request that can be sent
                    replay "access.log"
                           ^~~~~~~~~~~~
                """)
        let more = Recording.findings(
            text + Self.log + """
                ::1 - - [10/Oct/2026:13:55:36 +0000] "OPTIONS * HTTP/1.1" 200 0
                ::1 - - [10/Oct/2026:13:55:36 +0000] "PROPFIND / HTTP/1.1" 207 0
                ::1 - - [10/Oct/2026:13:55:36 +0000] "GET /" 200 0
                ::1 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1
                and so on
                """)
        #expect(
            more.hasPrefix(
                "a.scn:4:12: warning: access.log: 6 lines are left out: they are no requests that can be sent "
                    + "(the first is line 1)\n"))
    }

    @Test func `web sockets and gRPC of a balancer are left out`() {
        let times = ("2026-07-02T22:23:05Z", "0.1 0.1 0.1")
        let text = ["https", "wss", "grpcs", "h2"].map {
            Recording.balancer(times.0, times.1, "200", type: $0)
        }
        let found = Recording.findings(
            text.joined() + Recording.balancer(times.0, times.1, "400", request: "- http://a:80- -"))
        #expect(found.contains("warning: access.log: 3 lines are left out"), "\(found)")
        #expect(found.contains("(the first is line 2)"))
    }

    @Test func `requests to other hosts, and what was never sent, are left out and said`() {
        func entry(_ url: String, _ more: String = "") -> String {
            """
            {"startedDateTime": "2026-03-01T11:00:00Z"\(more), "request": {"method": "GET", "url": "\(url)"}}
            """
        }
        let entries = [
            entry("data:,x"), entry("https://shop.example/"), entry("https://cdn.example/a"),
            entry("https://cdn.example/b"), entry("https://shop.example/b", ", \"_fromCache\": \"disk\""),
        ]
        let found = Recording.findings("{\"log\": {\"entries\": [\(entries.joined(separator: ", "))]}}")
        #expect(
            found == """
                a.scn:4:12: warning: access.log: 2 entries are left out: they are no requests that can be sent (the first is entry 1)
                    replay "access.log"
                           ^~~~~~~~~~~~
                a.scn:4:12: warning: access.log: 2 requests go to other hosts than shop.example, and are left out: cdn.example
                    replay "access.log"
                           ^~~~~~~~~~~~
                """)
        let many = (0..<7).map { entry("https://h\($0).example/") }
        let others = Recording.findings("{\"log\": {\"entries\": [\(many.joined(separator: ", "))]}}")
        #expect(
            others.contains("left out: h1.example, h2.example, h3.example, h4.example, h5.example and 1 more")
        )
    }

    @Test func `writes without their bodies are a warning`() {
        let found = Recording.findings(Self.log.replacing("GET /b", with: "POST /b"))
        #expect(
            found == """
                a.scn:4:12: warning: access.log: 1 request of POST, PUT or PATCH will be sent without a body
                    replay "access.log"
                           ^~~~~~~~~~~~
                note: an access log has no bodies
                help: record them as HAR, or take them out of the log
                """)
    }

    @Test(arguments: [
        (" at 200", "expected a percentage such as 200%, found `200`"),
        (" at", "the statement ends where a percentage such as 200% is expected"),
        (" at 0%", "the speed of a replay is 0%; it can be 1% to 10000%"),
        (" at 10001%", "the speed of a replay is 10001%; it can be 1% to 10000%"),
        (" at -50%", "the speed of a replay is -50%; it can be 1% to 10000%"),
        (" faster", "`faster` is one word too many"),
        ("\n    hold 1/s for 1m", "a phase beside a replay"),
        ("\n    warm up at 1/s for 1m", "a phase beside a replay"),
        ("\n    hold 5 users for 1m", "a phase beside a replay"),
        ("\n    think 1s", "`think` beside a replay"),
        ("\n    poisson arrivals", "`poisson arrivals` beside a replay"),
        ("\n    replay \"access.log\"", "`replay` is said twice"),
        ("\n\nrequests\n    100%  GET /", "`requests` beside a replay"),
        ("\n\nrequests in order\n    GET /", "`requests` beside a replay"),
        ("\n\ndata\n    users from \"u.csv\"", "`data` beside a replay"),
    ])
    func `what does not go with a replay is said`(_ words: String, _ message: String) {
        let found = Recording.parse(Self.log, words).findings.map(\.description)
        #expect(found.count == 1 && found.first?.contains("error: \(message)\n") == true, "\(found)")
    }

    @Test func `a phase before it is said as one behind it`() {
        let text = Recording.scenario().replacing("load\n", with: "load\n    hold 1/s for 1m\n")
        let found = Recording.parse(Array(Self.log.utf8), text).findings.map(\.description)
        #expect(
            found == [
                """
                a.scn:5:5: error: a phase beside a replay
                    replay "access.log"
                    ^~~~~~
                note: a replay has its own requests, and its own times for them
                help: leave one of them out; other requests can have a load of their own, with a name: load "other"
                """
            ])
    }

    @Test func `a file that is not there is named, and nothing else is blamed for it`() {
        let text = Recording.scenario().replacing("access.log", with: "acces.log")
        let found = Recording.parse([], text).findings.map(\.description)
        #expect(
            found.count == 1 && found[0].hasPrefix("a.scn:4:12: error: acces.log: there is no such file\n"))
        let open = Recording.scenario().replacing("access.log\"", with: "access.log")
        #expect(Recording.parse([], open).findings.map { "\($0)".contains("not closed") } == [true])
    }

    @Test func `no request of it is tracked`() {
        let text = Recording.scenario().replacing("error rate  < 1%", with: "lost writes  = 0")
        let found = Recording.parse(Array(Self.log.utf8), text).findings.map(\.description)
        #expect(found.count == 1 && found[0].contains("error:"), "\(found)")
    }

    @Test func `a recording may be larger than a scenario, up to a bound`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "loadchaos-replay-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let scenario = folder.appending(path: "a.scn")
        try Data(Recording.scenario().utf8).write(to: scenario)
        let log = folder.appending(path: "access.log")
        try Data(String(repeating: Self.log, count: 6_000).utf8).write(to: log)
        let reading = Scenario.load(path: scenario.path)
        #expect(reading.findings.isEmpty && reading.value?.streams[0].load.replay?.count == 18_000)
        let file = try FileHandle(forWritingTo: log)
        try file.truncate(atOffset: 64_000_001)
        try file.close()
        let found = Scenario.load(path: scenario.path).findings.map(\.description).joined()
        #expect(found.contains("access.log: the file has 64000001 bytes; the most is 64000000\n"))
        #expect(found.hasSuffix("help: take a part of it"))
    }
}
