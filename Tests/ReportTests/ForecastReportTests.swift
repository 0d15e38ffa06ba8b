import History
import Plan
import TestKit
import Testing
import Verdict

@testable import Report

/// Simulated runs beside a real one.
@Suite struct ForecastReportTests {
    private func forecast(_ latency: Double) -> Forecast {
        let recording = RecordingBuilder(seconds: 60, latency: .milliseconds(Int64(latency)))
            .expecting("p95 latency < 100ms", .latency(percentile: 95, .below(.milliseconds(100))), .measured)
            .recording
        return Forecast(recording: recording, verdict: judge(recording))
    }

    private func text(_ latencies: [Double], against measured: Double? = nil) -> String {
        ForecastReport(
            latencies.map(forecast), against: measured.map { forecast($0).recording },
            measurement: "capacity-20261126181326"
        ).text(width: 140)
    }

    @Test func `values are said with the range of all plays`() throws {
        let text = text([20, 10, 40])
        #expect(text.contains("A test, in virtual time, on what capacity-20261126181326 measured\n"))
        #expect(text.contains("1m00s of load at speed 1, 3 plays\n"))
        let line = try #require(text.split(separator: "\n").first { $0.contains("[ms]") })
        #expect(
            line.contains("21.8") && line.contains("10.9 to 43.") && line.hasSuffix("-  -")
                || line.hasSuffix("-      -"), "\(line)")
    }

    @Test func `beside a run each value has its ratio`() throws {
        let text = text([20], against: 40)
        #expect(text.contains("measured: 20261124-093000-a-test-x7k2"))
        let line = try #require(
            text.split(separator: "\n").first { $0.contains("p50 latency of the whole load") })
        #expect(line.hasSuffix("0.5"), "\(line)")
    }
}
