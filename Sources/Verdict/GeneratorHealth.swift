import History
package import Plan

/// Whether the generator itself could be what was measured.
///
/// Lateness only ever adds to latency, so it can excuse a broken latency, never spoil a kept one; an offered rate that
/// was too low for reasons of our own does the opposite (DESIGN §4).
package struct GeneratorHealth: Hashable, Sendable {
    package static let lateShareLimit = 0.10
    package static let cpuLimit = 0.90
    package static let offeredLimit = 0.99

    /// 99th percentile of sent − due; nil if nothing was sent.
    package var latenessP99: Nanoseconds?
    /// Mean over the measured seconds of the busiest worker's core, 0…1.
    package var cpuFraction: Double
    /// Requests that were taken up, of those the schedule had; nil for the closed model.
    package var offeredShare: Double?
    package var droppedByUs: UInt64
    /// The tightest latency bound of the expectations.
    package var tightestBound: Nanoseconds?

    init(_ recording: Recording, measured: Range<Int>) {
        let plan = recording.run.plan
        let rows = recording.generator.filter { measured.contains($0.second) }
        var lateness = LatencyHistogram()
        for row in rows { lateness.merge(row.lateness) }
        latenessP99 = lateness.value(atPercentile: 99)
        cpuFraction = rows.isEmpty ? 0 : rows.reduce(0) { $0 + $1.cpuFraction } / Double(rows.count)
        let seconds = recording.seconds.filter { measured.contains($0.second) }
        droppedByUs = seconds.reduce(0) { $0 + $1.droppedByUs }
        offeredShare = nil
        if case .open(let phases) = plan.load, !measured.isEmpty {
            let schedule = Schedule(phases: phases, speed: plan.speed)
            let due = schedule.count(
                from: .seconds(Double(measured.lowerBound)), to: .seconds(Double(measured.upperBound)))
            let taken = seconds.reduce(0) { $0 + $1.planned } - droppedByUs
            offeredShare = due == 0 ? nil : Double(taken) / Double(due)
        }
        tightestBound = plan.expectations.compactMap { expectation -> Nanoseconds? in
            guard case .latency(_, let bound) = expectation.check else { return nil }
            return bound.limit
        }.min()
    }

    /// Why a broken latency may be our own doing; nil if it cannot.
    package var excuse: String? {
        if let latenessP99, let tightestBound, latenessP99 > tightestBound * Self.lateShareLimit {
            return "the generator was late: p99 lateness \(latenessP99) is over 10 % of the bound \(tightestBound)"
        }
        if cpuFraction > Self.cpuLimit {
            return "the generator was busy: its core was used \(percent(cpuFraction)), over 90 %"
        }
        return nil
    }

    /// Why a kept promise was not really put to the test; nil if it was.
    package var shortfall: String? {
        guard let offeredShare, offeredShare < Self.offeredLimit else { return nil }
        return "the generator offered only \(percent(offeredShare)) of the planned requests"
    }
}

extension Bound {
    /// The value that must not be crossed.
    var limit: Value {
        switch self {
        case .below(let limit), .atMost(let limit), .above(let limit), .atLeast(let limit), .equal(let limit): limit
        case .between(_, let high): high
        }
    }

    /// With an interval: kept only if every value of it holds, broken only if none does, else unknown.
    func answer(low: Value, high: Value) -> Answer {
        switch (holds(for: low), holds(for: high)) {
        case (true, true): .kept
        case (false, false):
            // Both ends miss on different sides of `=` or `between`: something in the middle may hold.
            if case .equal(let target) = self, low < target, target < high { .unknown }
            else if case .between(let from, let to) = self, low < from, to < high { .unknown }
            else { .broken }
        default: .unknown
        }
    }
}
