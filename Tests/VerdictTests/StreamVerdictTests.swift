import History
import Plan
import TestKit
import Testing
import Verdict

/// Expectations about one of several loads.
@Suite struct StreamVerdictTests {
    /// A minute of the shop at 50/s in 20 ms; beside it, in its first half, two reports a second in 2 s.
    private static func recording(_ expectations: Plan::Expectation...) -> RecordingBuilder {
        RecordingBuilder(seconds: 60).changed { recording in
            func hold(_ rate: Double, _ seconds: Double) -> LoadModel {
                .open([Phase(.hold, startRate: rate, endRate: rate, duration: .seconds(seconds))])
            }
            recording.run.plan.streams = [
                Stream(load: hold(50, 60), requestCount: 1),
                Stream(name: "reports", load: hold(2, 30), requestCount: 1),
            ]
            recording.run.plan.requests.append(recording.run.plan.requests[0])
            recording.run.plan.expectations = expectations
            for second in 0..<30 {
                var row = LoadSecond(second: second, route: 1)
                (row.planned, row.sent, row.ok) = (2, 2, 2)
                row.okLatency.record(.seconds(2), times: 2)
                row.okServiceTime.record(.seconds(2), times: 2)
                recording.seconds.append(row)
            }
        }
    }

    private static func expect(
        _ check: Plan::Expectation.Check, _ window: Window = .measured, of stream: String? = nil
    ) -> Plan::Expectation {
        Plan::Expectation(text: "it", check: check, window: window, stream: stream)
    }

    @Test func `a check of one load sees its requests alone`() {
        let findings = judge(
            Self.recording(
                Self.expect(.latency(percentile: 95, .below(.milliseconds(100)))),
                Self.expect(.latency(percentile: 90, .below(.seconds(3))), of: "reports"),
                Self.expect(.latency(percentile: 50, .below(.milliseconds(100))), of: "reports"),
                Self.expect(.throughput(.between(1.9, 2.1)), of: "reports"),
                Self.expect(.throughput(.between(50, 52)))
            ).recording
        ).findings
        // 2 of 52 requests are slow, and they are all of the reports.
        #expect(findings.map(\.answer) == [.kept, .kept, .broken, .kept, .kept])
        // Of its own half minute, not of the minute that the shop goes on for.
        #expect(findings[3].measured.hasPrefix("2/s"), "\(findings[3].measured)")
    }

    @Test func `a failure of one load is none of another's`() {
        let check = Plan::Expectation.Check.errorRate(.below(0.02))
        let findings = judge(
            Self.recording(Self.expect(check), Self.expect(check, of: "reports"))
                .failing(0..<60, each: 5).recording
        ).findings
        #expect(findings[0].answer == .broken && findings[1].answer != .broken)
        #expect(findings[1].measured.contains("0 of 60"), "\(findings[1].measured)")
    }

    @Test func `the bound of one load does not make the seconds of all bad`() {
        let slow = Plan::Expectation.Check.latency(percentile: 95, .below(.milliseconds(1)))
        let verdict = judge(Self.recording(Self.expect(slow, .calm, of: "reports")).recording)
        #expect(verdict.badSeconds == 0 && verdict.findings[0].answer == .broken)
        #expect(steadyState(Self.recording(Self.expect(slow, .calm, of: "reports")).recording).count == 1)
        let fine = Plan::Expectation.Check.latency(percentile: 95, .below(.seconds(5)))
        #expect(steadyState(Self.recording(Self.expect(fine, .calm, of: "reports")).recording).isEmpty)
    }

    @Test func `what a plan cannot tell of one load is said of that load's requests`() {
        let check = Plan::Expectation.Check.errorRate(.below(0.001))
        let plan = Self.recording(Self.expect(check), Self.expect(check, of: "reports")).recording.run.plan
        let warnings = forecast(plan).map(\.reason)
        #expect(warnings.count == 2 && warnings[0].hasSuffix("will have 3,060"), "\(warnings)")
        #expect(warnings[1].hasSuffix("will have 60"), "\(warnings)")
    }
}
