import Foundation
import History
import Plan

/// One line a second on stderr while `hit` runs, if a person is watching.
struct HitProgress: Sendable {
    private let isShown: Bool

    init(isShown: Bool) {
        self.isShown = isShown && isatty(STDERR_FILENO) == 1
        if self.isShown { Terminal.note("second      sent        ok       bad       p50       p95   open") }
    }

    func show(_ second: GeneratorSecond, _ rows: [LoadSecond]) {
        guard isShown else { return }
        var latency = LatencyHistogram()
        for row in rows { latency.merge(row.okLatency) }
        let bad = rows.reduce(0) { $0 + $1.failed + $1.dropped }
        func milliseconds(_ percentile: Double) -> String {
            latency.value(atPercentile: percentile).map { String(format: "%.2fms", $0.inMilliseconds) } ?? "-"
        }
        let cells = [
            "\(second.second)", "\(rows.reduce(0) { $0 + $1.sent })", "\(rows.reduce(0) { $0 + $1.ok })",
            "\(bad)", milliseconds(50), milliseconds(95),
        ]
        let line = cells.enumerated().map { position, cell in
            String(repeating: " ", count: max(0, (position == 0 ? 6 : 10) - cell.count)) + cell
        }
        Terminal.note(line.joined() + String(format: "%7d", second.inFlight))
    }

    func end() {
        if isShown { Terminal.note("") }
    }
}
