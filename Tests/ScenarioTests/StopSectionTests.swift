import Plan
import Scenario
import Testing

/// `stop` of a scenario: what ends a run early.
@Suite struct StopSectionTests {
    @Test func `a stop says when, and over how long`() throws {
        let text = """
            scenario "t"
            load
              hold 1/s for 1m
            requests
              100%  GET /
            stop
              error rate > 50% for 30s
            expect
              error rate < 1%
            """
        let plan = try #require(Sample.parse(text).value)
        #expect(
            plan.stops == [
                StopCondition(
                    text: "error rate > 50% for 30s", kind: .errorRate(above: 0.5, length: .seconds(30)))
            ])
        for (line, words) in [
            ("error rate < 50% for 30s", "`>`"), ("error rate > 50%", "`for`"),
            ("errors", "`error rate` or `alarm`"),
            ("alarm checkout", "`alarm checkout`"),
        ] {
            let findings = Sample.parse(text.replacing("error rate > 50% for 30s", with: line)).findings
            #expect(findings.contains { "\($0)".contains(words) }, "\(findings)")
        }
    }
}
