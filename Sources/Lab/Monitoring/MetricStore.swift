/// The datapoints of all metrics, one for each minute of the scenario's clock. Bounded in every direction.
///
/// Minutes are counted from the origin of the lab's clock; a minute's datapoint is stored when the minute is over.
struct MetricStore: Sendable {
    struct Point: Hashable, Sendable {
        let minute: Int
        var set: StatisticSet
    }

    private struct Series {
        let unit: String
        var points: [Point] = []
    }

    /// A day of the scenario; AWS keeps one-minute datapoints for 15 days, and no lab is up so long.
    static let minutesKept = 1_440
    static let seriesMax = 500

    private var series: [MetricID: Series] = [:]

    var metrics: [MetricID] { series.keys.sorted { $0.description < $1.description } }

    func unit(of metric: MetricID) -> String? { series[metric]?.unit }

    /// One more sample of a minute, no earlier than the last. Metrics beyond `seriesMax` are not kept.
    mutating func add(_ value: Double, to metric: MetricID, unit: String, minute: Int) {
        guard series[metric] != nil || series.count < Self.seriesMax else { return }
        var one = series[metric] ?? Series(unit: unit)
        if let last = one.points.last, last.minute == minute {
            one.points[one.points.count - 1].set.merge(StatisticSet(value))
        } else {
            one.points.append(Point(minute: minute, set: StatisticSet(value)))
            if one.points.count > Self.minutesKept { one.points.removeFirst() }
        }
        series[metric] = one
    }

    /// The datapoints of the periods that begin in `minutes`, oldest first; `period` in minutes, from its multiples on.
    func points(of metric: MetricID, in minutes: Range<Int>, period: Int = 1) -> [Point] {
        var found: [Point] = []
        for point in series[metric]?.points ?? [] {
            let begin = point.minute / period * period
            guard minutes.contains(begin) else { continue }
            if let last = found.last, last.minute == begin {
                found[found.count - 1].set.merge(point.set)
            } else {
                found.append(Point(minute: begin, set: point.set))
            }
        }
        return found
    }
}
