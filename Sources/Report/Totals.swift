import History
import Plan

/// Rows of the recording, added up.
struct Totals {
    var planned: UInt64 = 0
    var sent: UInt64 = 0
    var dropped: UInt64 = 0
    var droppedByUs: UInt64 = 0
    var ok: UInt64 = 0
    var failed: UInt64 = 0
    var unfinished: UInt64 = 0
    var newConnections: UInt64 = 0
    var bytesReceived: UInt64 = 0
    var latency = LatencyHistogram()
    var serviceTime = LatencyHistogram()

    init(_ rows: some Sequence<LoadSecond>) {
        for row in rows {
            planned += row.planned
            sent += row.sent
            dropped += row.dropped
            droppedByUs += row.droppedByUs
            ok += row.ok
            failed += row.failed
            unfinished += row.unfinished
            newConnections += row.newConnections
            bytesReceived += row.bytesReceived
            latency.merge(row.okLatency)
            serviceTime.merge(row.okServiceTime)
        }
    }

    /// Without a good answer, by no fault of ours: infinitely slow.
    var bad: UInt64 { failed + dropped + unfinished - droppedByUs }

    /// User view: done − due, a request without a good answer never being done.
    func latency(_ percentile: Double) -> Nanoseconds? {
        latency.value(atPercentile: percentile, infinite: bad)
    }

    /// done − sent of the ok requests.
    func serviceTime(_ percentile: Double) -> Nanoseconds? { serviceTime.value(atPercentile: percentile) }
}

extension Recording {
    /// Without the warm-up, which is recorded and shown but never judged.
    var measuredRows: [LoadSecond] {
        let from = run.plan.real(run.plan.measuredFrom)
        return seconds.filter { Nanoseconds.seconds(Double($0.second)) >= from }
    }

    /// All routes together, by real second.
    var totalsBySecond: [(second: Int, totals: Totals)] {
        Dictionary(grouping: seconds, by: \.second).map { ($0.key, Totals($0.value)) }.sorted { $0.0 < $1.0 }
    }

    func route(_ index: Int) -> String {
        run.plan.requests.indices.contains(index) ? run.plan.requests[index].route : "route \(index)"
    }
}
