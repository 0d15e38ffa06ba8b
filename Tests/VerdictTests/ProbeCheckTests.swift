import History
import Plan
import TestKit
import Testing

@testable import Verdict

/// Swift Testing has an `Expectation` of its own.
private typealias ProbeAnswer = Plan::Expectation.ProbeAnswer

struct ProbeCheckTests {
    private struct Row: Sendable {
        var expected: ProbeAnswer
        var code: Int
        var number: Double?
        var answer: Answer
        var reason: String

        init(_ expected: ProbeAnswer, _ code: Int, _ number: Double?, _ answer: Answer, _ reason: String) {
            (self.expected, self.code, self.number) = (expected, code, number)
            (self.answer, self.reason) = (answer, reason)
        }
    }

    private static func recording(
        _ answer: ProbeAnswer, _ probe: ProbeRecord?, ending: RunRecord.Ending = .completed
    ) -> Recording {
        RecordingBuilder(seconds: 60).expecting("probe \"p\"", .probe("p", answer), .measured)
            .changed { recording in
                recording.probes = probe.map { [$0] } ?? []
                recording.run.ending = ending
            }.recording
    }

    private static func ended(_ code: Int, _ output: String = "", number: Double? = nil) -> ProbeRecord {
        var probe = ProbeRecord(index: 0, name: "p", place: "this machine", started: .seconds(10))
        probe.ended = .seconds(11)
        (probe.exitCode, probe.output, probe.number) = (code, output, number)
        probe.numberLine = number.map { "line with \($0)" }
        return probe
    }

    private static let rows: [Row] = [
        Row(.succeeds, 0, nil, .kept, ""),
        Row(.succeeds, 1, nil, .broken, "its command failed"),
        Row(.fails, 0, nil, .broken, "its command succeeded, and must not"),
        Row(.fails, 1, nil, .kept, ""),
        Row(.fails, 124, nil, .kept, ""),  // `timeout`: what it waited for did not come
        Row(.fails, 255, nil, .kept, ""),  // ssh and others
        // A command that was never there proves no closed door.
        Row(.fails, 127, nil, .unknown, "its command was not found (exit code 127)"),
        Row(.fails, 126, nil, .unknown, "its command cannot be executed (exit code 126)"),
        Row(.fails, 137, nil, .unknown, "its command was ended by signal 9"),
        Row(.succeeds, 127, nil, .unknown, "its command was not found (exit code 127)"),
        Row(.number(.above(100)), 0, 101, .kept, ""),
        Row(.number(.above(100)), 0, 100, .broken, "the number misses the bound"),
        Row(.number(.above(100)), 0, nil, .unknown, "its output has no number"),
        Row(.number(.above(100)), 1, 101, .unknown, "its command failed, so its number is not trusted"),
    ]

    @Test(arguments: rows) private func `a probe is judged by its exit code and its number`(row: Row) {
        let finding = judge(Self.recording(row.expected, Self.ended(row.code, number: row.number))).findings[
            0]
        #expect(finding.answer == row.answer)
        #expect(finding.reason == row.reason)
    }

    @Test func `what cannot be run is unknown, whatever was expected of it`() {
        var probe = ProbeRecord(index: 0, name: "p", started: .zero)
        for answer: ProbeAnswer in [.succeeds, .fails, .number(.above(0))] {
            #expect(judge(Self.recording(answer, nil)).findings[0].reason == "the probe was not run")
            probe.problem = nil
            #expect(judge(Self.recording(answer, probe)).findings[0].reason == "no end of it was recorded")
            probe.problem = "it did not end within 30s"
            let finding = judge(Self.recording(answer, probe)).findings[0]
            #expect(finding.answer == .unknown)
            #expect(finding.reason == "it has no answer: it did not end within 30s")
        }
    }

    @Test func `what is measured shows the evidence`() {
        let failed = judge(Self.recording(.fails, Self.ended(2, "a\nconnect: refused"))).findings[0]
        #expect(failed.measured == "exit code 2: connect: refused")
        #expect(failed.figure?.unit == "exit_code")
        let number = judge(Self.recording(.number(.above(50_000)), Self.ended(0, "", number: 84_604.5)))
            .findings[0]
        #expect(number.measured == "84,605 (line with 84604.5)")
        #expect(number.figure?.value == 84_604.5)
    }

    @Test func `an answer that was given stands, also when the run was ended afterwards`() {
        let recording = Self.recording(.succeeds, Self.ended(0), ending: .interrupted)
        #expect(judge(recording).findings[0].answer == .kept)
        #expect(judge(recording).answer == .unknown, "the run as a whole was interrupted")
    }

    @Test func `check says which probes will have no answer`() {
        func forewarned(_ probes: [Probe], system: Bool = true) -> [String] {
            var plan = RecordingBuilder(seconds: 60).recording.run.plan
            plan.expectations = [
                .init(text: "probe \"p\" fails", check: .probe("p", .fails), window: .measured)
            ]
            plan.probes = probes
            if system {
                plan.system = System(
                    name: "s", region: "r", zones: [], cluster: "c", balancer: "b", balancedService: "web",
                    services: [])
            }
            return forecast(plan).map(\.reason)
        }
        let early = Probe(name: "p", at: .seconds(1), place: .task(of: "web", group: nil), command: "true")
        #expect(forewarned([early]) == [])
        #expect(forewarned([early], system: false) == ["a bare URL has no tasks to run it in"])
        #expect(forewarned([]) == ["no probe of this name is planned"])
        let late = Probe(name: "p", at: .seconds(60), place: .harness, command: "true")
        #expect(forewarned([late]) == ["it would begin at 1m, and the load ends at 1m"])
    }
}
