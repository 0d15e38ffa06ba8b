import History
import Plan
import Verdict

/// What became of the requests: conservation, failures by cause, latencies.
enum RequestTables {
    /// planned = sent + dropped; sent = ok + failed + unfinished, for the run and by route, warm-up included.
    static func conservation(_ recording: Recording) -> [Block] {
        var table = Table([.left, .right, .right, .right, .right, .right, .right])
        table.header(["route", "planned", "= sent", "+ dropped", "sent = ok", "+ failed", "+ unfinished"])
        for (name, totals) in byRoute(recording.seconds, recording) {
            let cells = [
                totals.planned, totals.sent, totals.dropped, totals.ok, totals.failed, totals.unfinished,
            ]
            table.row([name] + cells.map { Wording.count($0) })
        }
        let off = recording.seconds.count { !$0.isConserved }
        let seconds = Set(recording.seconds.map(\.second)).count
        var blocks: [Block] = [
            .table(table),
            off == 0
                ? .line("adds up in each of \(Wording.plural(seconds, "second")), warm-up included")
                : .line("does NOT add up in \(Wording.plural(off, "row"))", .red),
        ]
        let ours = recording.seconds.reduce(0) { $0 + $1.droppedByUs }
        if ours > 0 { blocks.append(.line("\(Wording.count(ours)) of the dropped for reasons of our own")) }
        return blocks
    }

    /// Failed requests by class, status, balancer node and kind of connection; the most frequent first.
    static func failures(_ recording: Recording) -> [Block] {
        var counts: [FailureCount: UInt64] = [:]
        for failure in recording.seconds.flatMap(\.failures) {
            var key = failure
            key.count = 0
            counts[key, default: 0] += failure.count
        }
        guard !counts.isEmpty else { return [] }
        var table = Table([.right, .left, .left, .left, .left])
        table.header(["count", "failure", "status", "connection", "balancer node"])
        let sorted = counts.map { (key: $0.key, count: $0.value) }.sorted {
            ($1.count, $0.key.failure.rawValue, $0.key.node, $0.key.status, $0.key.reusedConnection ? 1 : 0)
                < (
                    $0.count, $1.key.failure.rawValue, $1.key.node, $1.key.status,
                    $1.key.reusedConnection ? 1 : 0
                )
        }
        for entry in sorted {
            table.row([
                Wording.count(entry.count), entry.key.failure.rawValue,
                entry.key.status == 0 ? "-" : String(entry.key.status),
                entry.key.reusedConnection ? "reused" : "new",
                entry.key.node.isEmpty ? "none" : entry.key.node,
            ])
        }
        return [.table(table)]
    }

    /// Latency (done − due, failures as never) and service time (done − sent, ok only), without the warm-up.
    static func latencies(_ recording: Recording) -> [Block] {
        var table = Table([.left, .left, .right, .right, .right, .right, .right, .right])
        table.header(["route", "", "p50", "p90", "p95", "p99", "p99.9", "max ok"])
        for (name, totals) in byRoute(recording.measuredRows, recording) {
            let percentiles = [50.0, 90, 95, 99, 99.9]
            let none = totals.planned == 0
            func words(_ time: Nanoseconds?, _ empty: Bool) -> String { empty ? "-" : Wording.duration(time) }
            table.row(
                [name, "latency"] + percentiles.map { words(totals.latency($0), none) }
                    + [words(totals.latency.maximum, totals.latency.isEmpty)])
            let unsent = totals.serviceTime.isEmpty
            table.row(
                ["", "service time"] + percentiles.map { words(totals.serviceTime($0), unsent) }
                    + [words(totals.serviceTime.maximum, unsent)])
        }
        return [.table(table)]
    }

    /// All routes first, then each, unless there is but one.
    private static func byRoute(_ rows: [LoadSecond], _ recording: Recording) -> [(String, Totals)] {
        let routes = recording.run.plan.requests.indices
        let all = [("all", Totals(rows))]
        guard routes.count > 1 else { return all }
        return all
            + routes.map { route in (recording.route(route), Totals(rows.filter { $0.route == route })) }
    }
}

extension Recording {
    func route(_ index: Int) -> String {
        run.plan.requests.indices.contains(index) ? run.plan.requests[index].route : "route \(index)"
    }
}
