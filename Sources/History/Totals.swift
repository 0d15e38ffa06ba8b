package import Plan

/// Rows of the recording, added up.
package struct Totals: Sendable {
    package var planned: UInt64 = 0
    package var sent: UInt64 = 0
    package var dropped: UInt64 = 0
    package var droppedByUs: UInt64 = 0
    package var ok: UInt64 = 0
    package var failed: UInt64 = 0
    package var unfinished: UInt64 = 0
    package var newConnections: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    /// One for each cause.
    package private(set) var failures: [FailureCount] = []
    package var latency = LatencyHistogram()
    package var serviceTime = LatencyHistogram()

    package init(_ rows: some Sequence<LoadSecond>) {
        for row in rows { add(row) }
    }

    package mutating func add(_ row: LoadSecond) {
        planned += row.planned
        sent += row.sent
        dropped += row.dropped
        droppedByUs += row.droppedByUs
        ok += row.ok
        failed += row.failed
        unfinished += row.unfinished
        newConnections += row.newConnections
        bytesReceived += row.bytesReceived
        for failure in row.failures { failures.add(failure) }
        latency.merge(row.okLatency)
        serviceTime.merge(row.okServiceTime)
    }

    package var failuresByClass: [FailureClass: UInt64] {
        failures.reduce(into: [:]) { $0[$1.failure, default: 0] += $1.count }
    }

    /// Without a good answer, by no fault of ours: infinitely slow.
    package var bad: UInt64 { failed + dropped + unfinished - droppedByUs }

    /// User view: done − due, a request without a good answer never being done.
    package func latency(_ percentile: Double) -> Nanoseconds? {
        latency.value(atPercentile: percentile, infinite: bad)
    }

    /// done − sent of the ok requests.
    package func serviceTime(_ percentile: Double) -> Nanoseconds? {
        serviceTime.value(atPercentile: percentile)
    }
}

extension Recording {
    /// Without the warm-up, which is recorded and shown but never judged.
    package var measuredRows: [LoadSecond] {
        let from = run.plan.real(run.plan.measuredFrom)
        return seconds.filter { Nanoseconds.seconds(Double($0.second)) >= from }
    }

    /// All routes together, by real second.
    package var totalsBySecond: [(second: Int, totals: Totals)] {
        Dictionary(grouping: seconds, by: \.second).map { ($0.key, Totals($0.value)) }.sorted { $0.0 < $1.0 }
    }
}

extension Sequence<LoadSecond> {
    /// What all of them have told of one hop, by its place among the Plan's.
    package func hop(_ place: Int) -> LatencyHistogram {
        reduce(into: LatencyHistogram()) { times, row in
            if row.hops.indices.contains(place) { times.merge(row.hops[place]) }
        }
    }
}
