package import History
import Plan

/// A row for each second of the load, for spreadsheets: the columns of the view `timeline` (RFC 4180, ended by CRLF).
package enum TimelineCSV {
    package static func text(_ recording: Recording) -> String {
        let plan = recording.run.plan
        let head = "second,scenario_second,planned,sent,dropped,ok,failed,unfinished,p50_ms,p95_ms,p99_ms"
        let lines = recording.totalsBySecond.map { second, totals -> String in
            let counts = [
                totals.planned, totals.sent, totals.dropped, totals.ok, totals.failed, totals.unfinished,
            ]
            let scenario = plan.scenario(.seconds(Double(second))).inSeconds
            return
                ([String(second), Canvas.number(scenario)] + counts.map(String.init)
                + [50, 95, 99].map { milliseconds(totals.latency($0)) }).joined(separator: ",")
        }
        return ([head] + lines).map { $0 + "\r\n" }.joined()
    }

    /// Empty where no request was due, or too many had no good answer.
    private static func milliseconds(_ time: Nanoseconds?) -> String {
        guard let time, time.count != .max else { return "" }
        return "\(time.inMilliseconds)"
    }
}
