import Foundation
import History
import Plan
import TestKit
import Testing
import Verdict

@testable import Report

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct GateTests {
    private static let p95 = Expectation.Check.latency(percentile: 95, .below(.milliseconds(100)))
    /// Kept, and a promise of the system with it.
    private static let good = RecordingBuilder(seconds: 60).promising("few errors").promising("many tasks")
        .expecting("p95 latency < 100ms when calm", p95)
        .expecting("error rate < 0.5% when calm", .errorRate(.below(0.005)), promise: "few errors")
    /// Its promise is broken.
    private static let bad = good.changed { $0.run.plan.expectations.removeFirst() }.failing(0..<60, each: 10)

    /// `good` played twice, kept both times; `bad` once, broken; and one that could not be played.
    private func gate() -> GateResult {
        var gate = GateResult(
            startedAt: "2026-11-26T03:00:00.000Z", version: "0.1.0",
            plans: [
                ("good", Self.good.recording.run.plan), ("bad", Self.bad.recording.run.plan),
                ("absent", Self.good.recording.run.plan),
            ])
        for repetition in 1...2 {
            gate.plays.append(
                .init(
                    file: "s/good.scn", scenario: "good", repetition: repetition, repetitions: 2,
                    outcome: .judged(run: "run-\(repetition)", judge(Self.good.recording)), seconds: 60.04))
        }
        gate.plays.append(
            .init(
                file: "s/bad.scn", scenario: "bad", outcome: .judged(run: "run-3", judge(Self.bad.recording)),
                seconds: 61))
        gate.plays.append(
            .init(
                file: "s/absent.scn", scenario: "absent", outcome: .notPlayed("no <lab> & no \"port\""),
                seconds: 0.2))
        return gate
    }

    @Test func `the worst play is the gate's answer, and what was not played is no evidence`() {
        var gate = gate()
        #expect(gate.answer == .broken)
        gate.plays.removeLast(2)
        #expect(gate.answer == .kept)
        gate.plays.append(
            .init(file: "s/absent.scn", scenario: "absent", outcome: .notPlayed("no lab"), seconds: 0))
        #expect(gate.answer == .unknown)
        gate.plays = []
        #expect(gate.answer == .unknown)
    }

    @Test func `on a terminal it reads like this`() {
        #expect(
            GateText.text(gate()) == """
                Scenarios
                              scenario       took  run
                  kept        good (1 of 2)  60 s  run-1
                  kept        good (2 of 2)  60 s  run-2
                  broken      bad            61 s  run-3
                  not played  absent          0 s  no <lab> & no "port"

                Promises
                                promise     by
                  broken        few errors  good kept, bad broken, absent not played
                  never tested  many tasks

                Not kept
                  broken      bad     error rate < 0.5% when calm  20% (95% interval 18.58% to 21.48%, 600 of
                                                                   3,000); the whole interval misses the bound
                  not played  absent  to be played                 no <lab> & no "port"

                Gate
                  BROKEN: 4 runs, 1 of 2 promises tested

                """)
        #expect(
            GateText.line(gate().plays[0], .plain)
                == "good (1 of 2): KEPT: of 2 expectations, 2 kept (60 s)")
    }

    /// Three runs on each side; the candidate's are by a quarter slower. And a scenario without a baseline.
    private func compared() -> GateResult {
        var gate = gate()
        gate.plays.removeLast(2)
        func runs(_ latency: Nanoseconds) -> [Recording] {
            (0..<3).map { place in
                RecordingBuilder(seconds: 60, latency: latency).changed { $0.run.seed = UInt64(place) }
                    .recording
            }
        }
        let slower = Comparison(baseline: runs(.milliseconds(20)), candidate: runs(.milliseconds(25)))
        gate.comparisons = [
            .init(scenario: "good", outcome: .compared(slower)), .init(scenario: "new", outcome: .noBaseline),
        ]
        return gate
    }

    @Test func `worse than the baseline breaks the gate, and every output says so`() throws {
        let gate = compared()
        #expect(gate.answer == .broken)
        let text = GateText.text(gate, width: 160)
        #expect(
            text.contains("Beside the baseline\n  worse           good  p50 latency 20ms to 25"), "\(text)")
        #expect(text.contains("  never compared  new   no run to compare with\n"))
        #expect(GateMarkdown.text(gate).contains("| ❌ worse | good | p50 latency 20ms to 25"))
        #expect(GateMarkdown.text(gate).contains("| ⚪ never compared | new | no run to compare with |"))

        let object = try JSONSerialization.jsonObject(with: Data(GateJSON.text(gate, exitCode: 1).utf8))
        let comparisons = try #require((object as? [String: Any])?["comparisons"] as? [[String: Any]])
        #expect(comparisons.map { $0["answer"] as? String } == ["worse", "never-compared"])
        #expect((comparisons[0]["comparison"] as? [String: Any])?["answer"] as? String == "worse")

        let reader = JUnitReader()
        let parser = XMLParser(data: Data(GateJUnit.text(gate).utf8))
        parser.delegate = reader
        #expect(parser.parse())
        #expect(reader.totals == ["tests": 6, "failures": 1, "errors": 0, "skipped": 1])
        #expect(reader.elements["testcase"] == 6 && reader.elements["skipped"] == 1)

        let lines = GateAnnotations.lines(gate)
        #expect(
            lines.count == 1
                && lines[0].hasPrefix("::error file=s/good.scn,title=good worse::beside the baseline"))
    }

    @Test func `what cannot be compared is unknown, what was never compared is nothing`() {
        var gate = compared()
        gate.comparisons = [.init(scenario: "good", outcome: .noBaseline)]
        #expect(gate.answer == .kept)
        gate.comparisons = [.init(scenario: "good", outcome: .refused("speed: 6.0, not 1.0"))]
        #expect(gate.answer == .unknown)
        #expect(GateText.text(gate).contains("  refused  good  speed: 6.0, not 1.0\n"))
    }

    @Test func `JUnit counts what its cases say, and a real parser reads it`() throws {
        let reader = JUnitReader()
        let parser = XMLParser(data: Data(GateJUnit.text(gate()).utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        #expect(reader.totals == ["tests": 6, "failures": 1, "errors": 1, "skipped": 0])
        #expect(reader.elements["testcase"] == 6 && reader.elements["testsuite"] == 4)
        #expect(reader.elements["failure"] == 1 && reader.elements["error"] == 1)
        #expect(reader.messages.contains("no <lab> & no \"port\""))
    }

    @Test func `a run that broke without an expectation to blame is a case and a complaint of its own`()
        throws
    {
        var gate = gate()
        let stopped = Self.good.changed { $0.run.ending = .stopped }.recording
        gate.plays = [
            .init(
                file: "s/good.scn", scenario: "good", outcome: .judged(run: "r", judge(stopped)), seconds: 1)
        ]
        #expect(gate.answer == .broken)
        #expect(GateJUnit.text(gate).contains(#"<testcase classname="good" name="the run as a whole">"#))
        #expect(gate.complaints.contains { $0.expected == "the run as a whole" && $0.answer == .broken })
    }

    @Test func `what XML cannot hold is replaced, what Markdown would read is not`() {
        #expect(GateJUnit.escaped("a\u{1}b<&\"\n") == "a\u{FFFD}b&lt;&amp;&quot;&#10;")
        #expect(
            Markdown.escaped("a|b <img> [x](y) @all\n*") == #"a\|b &lt;img&gt; \[x\](y) @"# + "\u{200B}"
                + #"all \*"#)
    }

    @Test func `JSON has every play, its expectations and every promise`() throws {
        let text = try GateJSON.text(gate(), exitCode: 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["verdict"] as? String == "broken" && object["exit_code"] as? Int == 1)
        let plays = try #require(object["plays"] as? [[String: Any]])
        #expect(plays.map { $0["verdict"] as? String } == ["kept", "kept", "broken", "not-played"])
        #expect(plays.map { ($0["expectations"] as? [Any])?.count } == [2, 2, 1, 0])
        let promises = try #require(object["promises"] as? [[String: Any]])
        #expect(promises.map { $0["verdict"] as? String } == ["broken", "never-tested"])
        #expect(promises[0]["source"] as? String == "The document")
        let cells = try #require(promises[0]["scenarios"] as? [[String: String]])
        #expect(cells.map { $0["verdict"] } == ["kept", "broken", "not-played"])
    }

    @Test func `Markdown begins with the answer and fits a comment`() {
        let text = GateMarkdown.text(gate())
        #expect(text.hasPrefix("## loadchaos: broken\n\n|  | scenario | expected | measured |\n| --- |"))
        #expect(text.contains("| ❌ broken | few errors | good kept, bad broken, absent not played |"))
        #expect(text.contains("| ⚪ never tested | many tasks |  |"))
        var long = gate()
        long.plays = Array(repeating: long.plays[2], count: 1_000)
        #expect(GateMarkdown.text(long).count < 65_536)
        #expect(GateMarkdown.text(long).hasSuffix("|\n\n…and more, in the recording\n"))
    }

    @Test func `each complaint is an annotation at its scenario's file`() {
        #expect(
            GateAnnotations.lines(gate()) == [
                "::error file=s/bad.scn,title=bad broken::error rate < 0.5%25 when calm: 20%25 (95%25 interval "
                    + "18.58%25 to 21.48%25, 600 of 3,000); the whole interval misses the bound",
                "::error file=s/absent.scn,title=absent not played::to be played: no <lab> & no \"port\"",
            ])
    }
}

/// Counts elements, and sums what the suites say of themselves.
private final class JUnitReader: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var totals: [String: Int] = [:]
    var messages: [String] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements[name, default: 0] += 1
        if let message = attributes["message"] { messages.append(message) }
        guard name == "testsuite" else { return }
        for key in ["tests", "failures", "errors", "skipped"] {
            totals[key, default: 0] += Int(attributes[key] ?? "") ?? 0
        }
    }
}
