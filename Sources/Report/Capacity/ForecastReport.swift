package import History
import Plan
package import Verdict

/// One play of a scenario in virtual time.
package struct Forecast: Sendable {
    package var recording: Recording
    package var verdict: Verdict

    package init(recording: Recording, verdict: Verdict) {
        (self.recording, self.verdict) = (recording, verdict)
    }
}

/// Simulated runs for people, beside a recorded one if there is one.
package struct ForecastReport {
    /// At least one.
    private let plays: [Forecast]
    private let measured: Recording?
    private let measurement: String

    package init(_ plays: [Forecast], against measured: Recording?, measurement: String) {
        self.plays = plays
        self.measured = measured
        self.measurement = measurement
    }

    /// Ends in a newline.
    package func text(_ style: Style = .plain, width: Int = 100) -> String {
        let (recording, verdict) = (plays[0].recording, plays[0].verdict)
        let plan = recording.run.plan
        let length = Clocks(plan: plan).scenario(recording.run.loadEnded ?? .zero)
        let about: [Block] = [
            .line("\(plan.name), in virtual time, on what \(measurement) measured"),
            .line(
                "\(length) of load at speed \(Canvas.number(plan.speed)), \(Wording.plural(plays.count, "play"))"
            ),
        ]
        return [
            Section("Forecast", about), Section("Failures", RequestTables.failures(recording)),
            Section("Latency", RequestTables.latencies(recording)),
            Section("Verdict", VerdictTable.blocks(verdict)), Section("Values", values),
        ].text(style, width: width)
    }

    /// What each play has a value for: median and range, and what was measured.
    private var values: [Block] {
        let forecasts = plays.map { Self.values(of: $0.recording, $0.verdict) }
        let real = measured.map { Self.values(of: $0, judge($0)) }
        var table = Table([.left, .right, .right, .right, .right])
        table.header(["", "forecast", "range", "measured", "ratio"])
        for name in forecasts[0].map(\.name) {
            let all = forecasts.compactMap { play in play.first { $0.name == name }?.value }.sorted()
            guard all.count == plays.count else { continue }
            let median = all[all.count / 2]
            let other = real?.first { $0.name == name }?.value
            let ratio = other.flatMap { $0 > 0 && median > 0 ? Wording.number(median / $0) : nil }
            table.row([
                name, Wording.number(median),
                "\(Wording.number(all[0])) to \(Wording.number(all[all.count - 1]))",
                other.map(Wording.number) ?? "-", ratio ?? "-",
            ])
        }
        return (measured.map { [.line("measured: \($0.run.id)")] } ?? []) + [.table(table)]
    }

    private static func values(of recording: Recording, _ verdict: Verdict) -> [(name: String, value: Double)]
    {
        let judged = verdict.findings.compactMap { finding -> (name: String, value: Double)? in
            guard let figure = finding.figure, let value = figure.value else { return nil }
            return ("\(finding.expectation.text) [\(figure.unit)]", value)
        }
        let percentiles = [50.0, 95].compactMap { percentile -> (name: String, value: Double)? in
            let time = Totals(recording.measuredRows).latency(percentile)
            guard let time, time.count != .max else { return nil }
            return ("p\(Int(percentile)) latency of the whole load [ms]", time.inMilliseconds)
        }
        return judged + percentiles
    }
}
