import History
import Plan

/// What became of all requests due in one real second, routes together, without those we dropped ourselves.
struct SecondTotals {
    let second: Int
    private(set) var planned: UInt64 = 0
    private(set) var droppedByUs: UInt64 = 0
    private(set) var ok: UInt64 = 0
    private(set) var unfinished: UInt64 = 0
    /// Failed, dropped or unfinished, by no fault of ours: infinitely slow in the user view.
    private(set) var bad: UInt64 = 0
    /// Of the bad ones, those that were not done in time, as a generator without a core would have it, too.
    private(set) var overdue: UInt64 = 0
    /// The filled buckets of ok latencies, ascending: sparse, as many seconds are held at once.
    private(set) var latency: [LatencyHistogram.Bin] = []
    /// User view; nil: infinite, or no request.
    private(set) var p95: Nanoseconds?

    /// Of one second's rows, all routes.
    init(second: Int, _ rows: some Sequence<LoadSecond>) {
        let totals = Totals(rows)
        self.init(TimelineSecond(second: second, totals))
        latency = totals.latency.bins
    }

    /// Of figures alone: its latencies are not in it.
    init(_ figures: TimelineSecond) {
        second = figures.second
        planned = figures.planned
        droppedByUs = figures.droppedByUs
        ok = figures.ok
        unfinished = figures.unfinished
        bad = figures.bad
        overdue = figures.dropped - figures.droppedByUs + figures.unfinished
        for failure in Self.timed { overdue += figures.failures[failure] ?? 0 }
        p95 = figures.p95
    }

    /// What a clock decides. A dial that times out counts as one that was refused.
    private static let timed: Set<FailureClass> = [.connect, .tls, .timeout, .deadline]

    /// Values of another kind than latencies, each from a request that was ok.
    init(second: Int, values: LatencyHistogram) {
        self.second = second
        planned = values.total
        ok = values.total
        latency = values.bins
    }

    /// A second in which nothing was due.
    init(second: Int) { self.second = second }

    /// Requests that tell of the system: all that were planned but those we dropped ourselves.
    var counted: UInt64 { planned - droppedByUs }

    /// A bad second has a failed, dropped or unfinished request, or a p95 over the calm bound.
    func isBad(over bound: Bound<Nanoseconds>?) -> Bool { bad > 0 || isSlow(over: bound) }

    /// Slow only: no request failed.
    func isSlow(over bound: Bound<Nanoseconds>?) -> Bool {
        guard bad == 0, counted > 0, let bound else { return false }
        return !bound.holds(for: p95 ?? .infinite)
    }
}
