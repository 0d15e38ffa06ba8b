import History
package import Plan

/// How the generator itself did in some window, and whether that can explain a bad result.
package struct GeneratorHealth: Hashable, Sendable {
    /// sent − due; nil: nothing recorded.
    package var latenessP99: Nanoseconds?
    /// The busiest worker's CPU in its 5 % busiest seconds: the 95th percentile over seconds, 0…1.
    package var cpu: Double?
    /// How long a worker was ready to run and had no core, in its 5 % worst seconds: as a part of the second.
    package var wait: Double?
    /// Requests offered in time, of those the schedule has; 1 if it has none.
    package var offered: Double
    package var planned: UInt64
    package var notOffered: UInt64

    /// DESIGN §4: late by over 10 % of the tightest bound, or busier than 90 %.
    static let latenessShare = 0.1
    static let cpuLimit = 0.9
    /// A worker that has waited for a core this much of a second has read its answers late as well.
    static let waitLimit = 0.05
    static let offeredLimit = 0.99

    /// Why a latency that is too high may be our own doing; nil: it is not.
    func suspicion(tightest bound: Nanoseconds?) -> String? {
        if let latenessP99, let bound, latenessP99 > bound * Self.latenessShare {
            return
                "the generator was late: p99 of lateness \(Wording.duration(latenessP99)), over 10% of the "
                + "tightest latency bound \(bound)"
        }
        if let cpu, cpu > Self.cpuLimit {
            return
                "the generator was the bottleneck: its busiest worker used \(Wording.percent(cpu)) of a core, "
                + "over 90%"
        }
        if let wait, wait > Self.waitLimit {
            return
                "the generator was starved: a worker was ready to run and had no core for \(Wording.percent(wait)) of "
                + "the time, over 5%"
        }
        return nil
    }

    /// Whether a latency that misses its bound would meet it without our own lateness: the miss may be all our doing.
    ///
    /// Lateness adds to latency and no more than itself, so a miss that is larger is the system's. A starved worker
    /// also sends and reads late, by how much nobody knows, but only while it waits: `untouched` is what the percentile
    /// is at the least without those requests. A worker that is always busy explains any miss.
    func explains(
        _ latency: Nanoseconds, untouched: Nanoseconds, _ bound: Bound<Nanoseconds>, _ tightest: Nanoseconds?
    ) -> Bool {
        guard suspicion(tightest: tightest) != nil else { return false }
        if let cpu, cpu > Self.cpuLimit { return true }
        let least = if let wait, wait > Self.waitLimit { untouched } else { latency }
        return least != .infinite && bound.holds(for: least - (latenessP99 ?? .zero))
    }

    /// Whether an error rate that misses its bound would not be seen to without what we may have made overdue
    /// ourselves: a worker that is always busy any of them, one that waited for a core as many as it touched.
    func explains(_ bad: UInt64, overdue: UInt64, of counted: UInt64, _ bound: Bound<Double>) -> Bool {
        let ours: UInt64
        if let cpu, cpu > Self.cpuLimit {
            ours = overdue
        } else if let wait, wait > Self.waitLimit {
            ours = min(overdue, UInt64((touched * Double(counted)).rounded(.up)))
        } else {
            return false
        }
        let range = Binomial.interval(bad - ours, of: counted)
        return Estimate(low: range.lowerBound, high: range.upperBound).answer(bound) != .broken
    }

    /// The part of the requests that a worker may have sent or read late because it had no core: as much of them as of
    /// the time, once for each end.
    var touched: Double { 2 * (wait ?? 0) }

    /// Why what was kept may not have been tested; nil: the load was offered as planned.
    var shortfall: String? {
        guard offered < Self.offeredLimit else { return nil }
        return "the generator offered \(Wording.percent(offered)) of the planned requests, under 99%: "
            + "\(Wording.count(notOffered)) of \(Wording.count(planned)) are missing for reasons of its own"
    }
}

extension Evidence {
    /// Whether an error rate of these seconds that misses its bound may be our doing.
    func explainsErrors(_ generator: GeneratorHealth, _ bound: Bound<Double>, _ seconds: [SecondTotals])
        -> Bool
    {
        generator.explains(
            seconds.reduce(0) { $0 + $1.bad }, overdue: seconds.reduce(0) { $0 + $1.overdue },
            of: seconds.reduce(0) { $0 + $1.counted }, bound)
    }

    /// sent − due in these seconds.
    func lateness(_ seconds: [SecondTotals]) -> LatencyHistogram {
        let wanted = Set(seconds.map(\.second))
        return recording.generator.reduce(into: LatencyHistogram()) { lateness, second in
            if wanted.contains(second.second) { lateness.merge(second.lateness) }
        }
    }

    func generator(_ seconds: [SecondTotals]) -> GeneratorHealth {
        let wanted = Set(seconds.map(\.second))
        var cpu: [Double] = []
        var wait: [Double] = []
        for second in recording.generator where wanted.contains(second.second) {
            cpu.append(second.cpuFraction)
            wait.append(second.waitFraction)
        }
        let (planned, offered) = offered(seconds)
        return GeneratorHealth(
            latenessP99: lateness(seconds).value(atPercentile: 99), cpu: Self.worst(cpu),
            wait: Self.worst(wait),
            offered: planned == 0 ? 1 : Double(offered) / Double(planned), planned: planned,
            notOffered: planned - min(offered, planned))
    }

    /// The 95th percentile of the seconds.
    private static func worst(_ values: [Double]) -> Double? {
        let rank = Int((0.95 * Double(values.count)).rounded(.up))
        return values.isEmpty ? nil : values.sorted()[max(rank, 1) - 1]
    }

    /// The schedule of a stream with a rate says what should have been offered; one of users offers what it does.
    private func offered(_ seconds: [SecondTotals]) -> (planned: UInt64, offered: UInt64) {
        let offered = seconds.reduce(0) { $0 + $1.counted }
        let recorded = seconds.reduce(0) { $0 + $1.planned }
        let all = plan.schedules(seed: recording.run.seed)
        let schedules = all.compactMap(\.self)
        if schedules.isEmpty { return (recorded, offered) }
        let routesOfUsers = Set(all.indices.filter { all[$0] == nil }.flatMap(plan.requests(of:)))
        var plannedByUsers: [Int: UInt64] = [:]
        if !routesOfUsers.isEmpty {
            for row in recording.seconds where routesOfUsers.contains(row.route) {
                plannedByUsers[row.second, default: 0] += row.planned
            }
        }
        // A stop leaves requests behind that waited for an answer to free a slot: that wait was the system's doing, and
        // it lasts a deadline at most.
        let longestDeadline = plan.requests.map(\.deadline).max() ?? .zero
        let waitedAtStop = recording.run.ending == .completed ? Nanoseconds(.max) : endTime - longestDeadline
        let planned = seconds.reduce(into: UInt64(0)) { sum, second in
            let begin = Nanoseconds.seconds(Double(second.second))
            guard begin < waitedAtStop else {
                sum += second.planned
                return
            }
            let end = min(begin + .seconds(1), max(endTime, begin))
            sum = schedules.reduce(sum + (plannedByUsers[second.second] ?? 0)) {
                $0 + $1.count(from: begin, to: end)
            }
        }
        // A run that was cut may hold a few requests past its recorded end: never count fewer than were recorded.
        return (max(planned, recorded), offered)
    }

    /// What a percentile is at the least if the slowest requests are those that we had touched, and were fast without;
    /// infinite if more than these never got an answer.
    func untouched(
        _ percentile: Double, _ seconds: [SecondTotals], by generator: GeneratorHealth
    ) -> Nanoseconds {
        let rest = percentile - generator.touched * 100
        let latency = latency(seconds)
        let bad = seconds.reduce(0) { $0 + $1.bad }
        guard rest > 0, latency.total + bad > 0 else { return .zero }
        return latency.value(atPercentile: rest, infinite: bad) ?? .infinite
    }
}

extension Plan {
    /// The smallest latency that some expectation asks for.
    var tightestBound: Nanoseconds? {
        ownExpectations.compactMap { expectation in
            if case .latency(_, let bound) = expectation.check { bound.upperLimit } else { nil }
        }.min()
    }
}
