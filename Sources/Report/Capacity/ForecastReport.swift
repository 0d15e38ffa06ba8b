package import History
import Plan
package import Verdict

/// A simulated run for people, beside the recorded one if there is one.
package struct ForecastReport {
    private let forecast: Recording
    private let verdict: Verdict
    private let measured: Recording?
    private let measurement: String

    package init(_ forecast: Recording, _ verdict: Verdict, against measured: Recording?, measurement: String)
    {
        self.forecast = forecast
        self.verdict = verdict
        self.measured = measured
        self.measurement = measurement
    }

    /// Ends in a newline.
    package func text(_ style: Style = .plain, width: Int = 100) -> String {
        let length = Clocks(plan: forecast.run.plan).scenario(forecast.run.loadEnded ?? .zero)
        let speed = Canvas.number(forecast.run.plan.speed)
        let about = Section(
            "Forecast",
            [
                .line("\(forecast.run.plan.name), in virtual time, on what \(measurement) measured"),
                .line(
                    "\(length) of load at speed \(speed)"
                ),
            ])
        return [
            about, Section("Failures", RequestTables.failures(forecast)),
            Section("Latency", RequestTables.latencies(forecast)),
            Section("Verdict", VerdictTable.blocks(verdict)),
            Section("Beside the run", beside),
        ].text(style, width: width)
    }

    /// What both have a value for.
    private var beside: [Block] {
        guard let measured else { return [] }
        let other = judge(measured)
        var table = Table([.left, .right, .right, .right])
        table.header(["", "forecast", "measured", "ratio"])
        for (name, forecast, measured) in values(other, measured) {
            let ratio = forecast > 0 && measured > 0 ? Wording.number(forecast / measured) : "-"
            table.row([name, Wording.number(forecast), Wording.number(measured), ratio])
        }
        return [.line("run \(measured.run.id)"), .table(table)]
    }

    private func values(_ other: Verdict, _ measured: Recording) -> [(String, Double, Double)] {
        var values = zip(verdict.findings, other.findings).compactMap {
            ours, theirs -> (String, Double, Double)? in
            guard ours.expectation.text == theirs.expectation.text, let unit = ours.figure?.unit,
                let forecast = ours.figure?.value, let measured = theirs.figure?.value
            else { return nil }
            return ("\(ours.expectation.text) [\(unit)]", forecast, measured)
        }
        for percentile in [50.0, 95] {
            let both = [forecast, measured].map { Totals($0.measuredRows).latency(percentile) }
            if let forecast = both[0], let measured = both[1], forecast.count != .max, measured.count != .max
            {
                values.append(
                    (
                        "p\(Int(percentile)) latency of the whole load [ms]", forecast.inMilliseconds,
                        measured.inMilliseconds
                    ))
            }
        }
        return values
    }
}
