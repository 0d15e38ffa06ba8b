package import Plan

/// What became of all requests due in one real second, in figures alone: some 150 bytes, where its histograms take
/// thousands.
package struct TimelineSecond: Hashable, Sendable {
    package let second: Int
    package let planned: UInt64
    package let sent: UInt64
    package let dropped: UInt64
    package let droppedByUs: UInt64
    package let ok: UInt64
    package let failed: UInt64
    package let unfinished: UInt64
    /// Latencies in the user view; nil: infinite, or no request.
    package let p50: Nanoseconds?
    package let p95: Nanoseconds?
    package let p99: Nanoseconds?
    package let failures: [FailureClass: UInt64]
    /// p95 of each hop of the Plan's system; nil: no answer told it.
    package let hops: [Nanoseconds?]

    /// Of one second's rows, all routes.
    package init(second: Int, _ rows: [LoadSecond]) {
        let hops = rows.map(\.hops.count).max() ?? 0
        self.init(
            second: second, Totals(rows), hops: (0..<hops).map { rows.hop($0).value(atPercentile: 95) })
    }

    package init(second: Int, _ totals: Totals, hops: [Nanoseconds?] = []) {
        self.second = second
        planned = totals.planned
        sent = totals.sent
        dropped = totals.dropped
        droppedByUs = totals.droppedByUs
        ok = totals.ok
        failed = totals.failed
        unfinished = totals.unfinished
        p50 = totals.latency(50)
        p95 = totals.latency(95)
        p99 = totals.latency(99)
        failures = totals.failuresByClass
        self.hops = hops
    }

    /// Without a good answer, by no fault of ours: infinitely slow.
    package var bad: UInt64 { failed + dropped + unfinished - droppedByUs }
}

/// How the generator itself did in one real second, in figures alone.
package struct GeneratorFigures: Hashable, Sendable {
    package let second: Int
    /// sent − due; nil: nothing was sent.
    package let latenessP99: Nanoseconds?
    /// CPU of the busiest worker thread, 0…1 of a core.
    package let cpuFraction: Double
    /// Requests open at the end of the second.
    package let inFlight: Int
    package let connections: Int

    package init(_ second: GeneratorSecond) {
        self.second = second.second
        latenessP99 = second.lateness.value(atPercentile: 99)
        cpuFraction = second.cpuFraction
        inFlight = second.inFlight
        connections = second.connections
    }
}
