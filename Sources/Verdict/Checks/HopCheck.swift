import History
import Plan

extension Evidence {
    /// `p95 hop nginx to flask-app < 5ms`: of all answers in the window that told this hop, whatever their status.
    ///
    /// The system's own clocks are only so fine: the interval is widened by their resolution to both sides, and a bound
    /// that is no longer than it cannot be told.
    func judgeHop(
        _ name: String, _ percentile: Double, _ bound: Bound<Nanoseconds>, _ seconds: [SecondTotals],
        _ label: String
    ) -> Measurement {
        guard let place = plan.hops.firstIndex(where: { $0.name == name }) else {
            return .unknown("the system names no such hop")
        }
        let values = hop(place, seconds)
        let merged = values.reduce(into: LatencyHistogram()) { $0.merge($1) }
        guard !merged.isEmpty else { return .unknown("no answer in this window told the time of this hop") }
        var sample = PercentileSample(
            seconds: zip(seconds, values).map { SecondTotals(second: $0.second, values: $1) }, values: merged)
        sample.resolution = plan.hops[place].resolution
        return judgePercentile(percentile, bound, sample, label)
    }

    /// What the answers of each of these seconds told, all routes together.
    private func hop(_ place: Int, _ seconds: [SecondTotals]) -> [LatencyHistogram] {
        var bySecond: [Int: LatencyHistogram] = [:]
        for row in recording.seconds where row.hops.indices.contains(place) {
            bySecond[row.second, default: LatencyHistogram()].merge(row.hops[place])
            bySecond[row.second]?.compact()
        }
        return seconds.map { bySecond[$0.second] ?? LatencyHistogram() }
    }

    /// What the answers of all these seconds told.
    func hopTimes(_ place: Int, _ seconds: [SecondTotals]) -> LatencyHistogram {
        hop(place, seconds).reduce(into: LatencyHistogram()) { $0.merge($1) }
    }

    /// Why a hop that is too slow may be the machine's doing; nil: it is not.
    ///
    /// In the lab the system and the generator share the cores: as late as a thread of ours was woken, as late was one
    /// of the system's. A miss that is larger is the system's own. On AWS their machines have nothing in common.
    func starvation(
        _ name: String, _ percentile: Double, _ bound: Bound<Nanoseconds>, _ seconds: [SecondTotals]
    ) -> String? {
        guard let place = plan.hops.firstIndex(where: { $0.name == name }),
            let value = hopTimes(place, seconds).value(atPercentile: percentile),
            let late = lateness(seconds).value(atPercentile: 99), explains(late, value, bound)
        else { return nil }
        return
            "the lab's machine was busy: it woke the generator's own threads late, p99 \(Wording.duration(late)), "
            + "which can explain the miss"
    }

    private func explains(_ late: Nanoseconds, _ value: Nanoseconds, _ bound: Bound<Nanoseconds>) -> Bool {
        isLab && !bound.holds(for: value) && bound.holds(for: value - late)
    }

    /// For the steady state: by its point value; nothing told is nothing broken.
    func hopHolds(
        _ name: String, _ percentile: Double, _ bound: Bound<Nanoseconds>, _ seconds: [SecondTotals]
    ) -> Bool {
        guard let place = plan.hops.firstIndex(where: { $0.name == name }),
            let value = hopTimes(place, seconds).value(atPercentile: percentile)
        else { return true }
        return hopHolds(place, value, bound, late: lateness(seconds).value(atPercentile: 99))
    }

    /// By its point value; `late`: p99 of lateness, nil if nothing was sent.
    func hopHolds(_ place: Int, _ value: Nanoseconds, _ bound: Bound<Nanoseconds>, late: Nanoseconds?) -> Bool
    {
        if let late, explains(late, value, bound) { return true }
        // As far as the resolution lets one say.
        let resolution = plan.hops[place].resolution
        return Estimate(low: max(.zero, value - resolution), high: value + resolution).answer(bound)
            != .broken
    }
}
