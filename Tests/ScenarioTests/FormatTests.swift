import Foundation
import Plan
import Scenario
import Testing

@Suite struct FormatTests {
    @Test(arguments: [
        (
            "columns of requests, chaos and expect are aligned",
            """
            scenario   "T"
            requests
              5% GET /a    expect 200 ,304  tracked
              95%   DELETE   /a/{one of x,  y}
            chaos
              at 2m block zone a for 4m
              at 10m30s kill 1 task of flask-app
            expect
              p95 latency<100ms when calm
              recovery between 1s and 2s after block zone
              lost writes=0
              keeps   "a b"
            """,
            """
            scenario "T"

            requests
                5%   GET    /a  expect 200, 304  tracked
                95%  DELETE /a/{one of x,  y}

            chaos
                at 2m      block zone a  for 4m
                at 10m30s  kill 1 task of flask-app

            expect
                p95 latency  < 100ms              when calm
                recovery     between 1s and 2s    after block zone
                lost writes  = 0
                keeps "a b"

            """
        ),
        (
            "hops are a table",
            "hops\n  nginx to flask-app=nginx - app resolution 1ms\n  a to b   =  c",
            """
            hops
                nginx to flask-app  = nginx - app  resolution 1ms
                a to b              = c

            """
        ),
        (
            "continuation lines stand at eight",
            "services\n  nginx tasks 2 to 4\n      cpu 1vCPU    port 80\n  a tasks 1 cpu 2vCPU",
            """
            services
                nginx  tasks 2 to 4
                    cpu 1vCPU  port 80
                a      tasks 1  cpu 2vCPU

            """
        ),
        (
            "comments stay, those at line ends in one column",
            "#top\n\n\n\nload # all\n  # inner\n\n  hold 1/s for 1s # a\n  hold 100/s for 1s       # b   \n# end\n\n",
            """
            #top

            load  # all
                # inner

                hold 1/s for 1s    # a
                hold 100/s for 1s  # b
            # end

            """
        ),
        (
            "a comment above a section stays with it",
            "use \"x\"\n# about load\nload\n  hold 1/s for 1s",
            "use \"x\"\n\n# about load\nload\n    hold 1/s for 1s\n"
        ),
        (
            "tabs, CR LF and a byte order mark go", "\u{FEFF}load\r\n\thold 1/s for 1s\r\n\t\tx\r\n",
            "load\n    hold 1/s for 1s\n        x\n"
        ),
        (
            "what is broken stays as it is", "load\n  hold \"x y {1   2\nfoo {  bar",
            "load\n    hold \"x y {1   2\nfoo { bar\n"
        ),
        ("commas behind each other stay so", "tags a ,,, b,c", "tags a,,, b,c\n"),
        (
            "carriage returns within a line are spaces",
            "load\n  hold \r 1/s for 1s \r # x\r\r \r\n  x\r\r\n",
            "load\n    hold 1/s for 1s  # x\n    x\n"
        ),
        ("nothing stays nothing", "\n \n\t\n", ""),
        (
            "a string and a json body are left alone",
            "requests\n  1% POST /  json {\"a\":   1}   text   \"x   #y\"",
            "requests\n    1%  POST /  json {\"a\":   1}  text \"x   #y\"\n"
        ),
    ])
    func `a file is laid out in one way`(_ what: String, _ text: String, _ expected: String) {
        #expect(Scenario.format(text) == expected)
        #expect(Scenario.format(expected) == expected, "a second time changes nothing")
    }

    @Test(arguments: Shipped.all) func `shipped files are laid out already`(_ file: Shipped) throws {
        #expect(Scenario.format(try file.text) == (try file.text))
    }

    @Test func `a formatted scenario means what it meant`() throws {
        let crooked = Sample.scenario.replacing("\n    ", with: "\n  ")
            .replacing(" < ", with: "    <").replacing("  for", with: " for").replacing(
                "\nload", with: "load")
        let before = try #require(Sample.parse(crooked).value)
        #expect(Scenario.format(crooked) != crooked)
        #expect(Sample.parse(Scenario.format(crooked)).value == before)
    }

    @Test func `the layout of the sample is canonical`() {
        #expect(Scenario.format(Sample.scenario) == Sample.scenario)
    }
}

/// A file of `scenarios/`.
struct Shipped: CustomTestStringConvertible, Sendable {
    let url: URL

    var testDescription: String { url.lastPathComponent }
    var text: String { get throws { try String(contentsOf: url, encoding: .utf8) } }

    static let all: [Shipped] = {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let directory = root.appending(path: "scenarios")
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory.path)
                .filter { $0.hasSuffix(".scn") || $0.hasSuffix(".system") }.sorted()
                .map { Shipped(url: directory.appending(path: $0)) }
        } catch {
            Issue.record("scenarios/ cannot be listed: \(error)")
            return []
        }
    }()
}
