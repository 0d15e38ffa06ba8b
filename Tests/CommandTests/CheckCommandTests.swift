import Foundation
import Testing

/// `check` says what a scenario comes to, in one line.
@Suite struct CheckCommandTests {
    private static let log = """
        a - - [10/Oct/2026:13:55:36 +0000] "GET /items/1 HTTP/1.1" 200 1
        a - - [10/Oct/2026:13:55:36 +0000] "-" 408 0
        a - - [10/Oct/2026:13:56:35 +0000] "GET /items/2 HTTP/1.1" 200 1
        a - - [10/Oct/2026:13:56:00 +0000] "GET / HTTP/1.1" 200 1

        """

    @Test func `a replay is told with its requests and routes, and what was left out of it`() throws {
        let command = try Command()
        try command.write(Self.log, to: "access.log")
        try command.write(
            "scenario \"Again\"\nload\n    replay \"access.log\"\nexpect\n    max latency  < 1s\n",
            to: "a.scn")
        let ending = try command.run("check", "a.scn")
        #expect(ending.status == 0)
        #expect(
            ending.output.hasPrefix(
                "a.scn: ok: 1m of load, 3 requests replayed on 2 routes, 0 faults, 1 expectation\n"),
            "\(ending)")
        #expect(ending.errors.contains("a.scn:3:12: warning: access.log: line 2 is left out"))
        try command.remove()
    }
}
