import History
import Plan
import Verdict

/// The steps inside the system as its own answers tell them (`Server-Timing`), without the warm-up.
enum HopTable {
    /// One hop, all routes together.
    struct Line {
        var hop: System.Hop
        var times: LatencyHistogram
    }

    static func blocks(_ recording: Recording) -> [Block] {
        let hops = measured(recording)
        guard !hops.isEmpty else { return [] }
        var table = Table([.left, .right, .right, .right, .right, .left])
        table.header(["hop", "p50", "p95", "p99", "answers", "resolution"])
        for line in hops {
            func words(_ percentile: Double) -> String {
                line.times.isEmpty ? "-" : Wording.duration(line.times.value(atPercentile: percentile))
            }
            table.row([
                line.hop.name, words(50), words(95), words(99), Wording.count(line.times.total),
                line.hop.resolution == .zero ? "" : "\(line.hop.resolution)",
            ])
        }
        return [.table(table)]
    }

    static func measured(_ recording: Recording) -> [Line] {
        let rows = recording.measuredRows
        return recording.run.plan.hops.enumerated().map { place, hop in
            Line(hop: hop, times: rows.hop(place))
        }
    }
}
