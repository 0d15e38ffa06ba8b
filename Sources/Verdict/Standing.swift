package import History
package import Plan

/// How an expectation stands while the run goes on, by what has settled so far.
package struct Standing: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// Nothing was measured of it yet, or only the end can tell.
        case pending
        /// By its value so far; the interval is the verdict's work.
        case holding
        case failing
        /// Nothing that may still come makes it good.
        case broken
    }

    package var expectation: Expectation
    package var state: State
    /// In words, without an interval: `p95 41.2ms`; empty while pending.
    package var measured: String
}

/// How each expectation stands, in the Plan's order. `now` is real time since the start of the load.
///
/// Cheap enough for once a second: no interval is drawn.
package func standings(_ soFar: RunSoFar, now: Nanoseconds) -> [Standing] {
    let evidence = Evidence(soFar, settledAt: now)
    return soFar.run.plan.expectations.map { expectation in
        let (state, measured) = evidence.standing(expectation)
        return Standing(expectation: expectation, state: state, measured: measured)
    }
}

/// The windows in which each of these seconds lies, of those whose durations are expected of.
package func windows(of seconds: Range<Int>, in soFar: RunSoFar) -> [Int: [Window]] {
    let asked = Set(soFar.run.plan.expectations.filter(\.isAboutDurations).map(\.window))
    guard !asked.isEmpty, !seconds.isEmpty else { return [:] }
    let evidence = Evidence(soFar)
    var windows: [Int: [Window]] = [:]
    for window in asked {
        for second in evidence.seconds(window) ?? [] where seconds.contains(second.second) {
            windows[second.second, default: []].append(window)
        }
    }
    return windows
}

extension Expectation {
    fileprivate var isAboutDurations: Bool {
        switch check {
        case .latency, .hop: true
        default: false
        }
    }
}

extension Evidence {
    /// What is known of a run that goes on: without the seconds whose requests may still end well.
    fileprivate init(_ soFar: RunSoFar, settledAt now: Nanoseconds) {
        let deadline = soFar.run.plan.requests.map(\.deadline).max() ?? .zero
        let complete = now.second - 1
        var settled = soFar
        if soFar.run.ending == .open {
            var run = soFar.run
            run.loadEnded = .seconds(Double(max(complete, 0)))
            settled.add([.run(run)])
        }
        self.init(settled) { second in
            second.second >= complete
                || second.unfinished > 0 && Double(complete - second.second) < deadline.inSeconds
        }
    }

    fileprivate func standing(_ expectation: Expectation) -> (Standing.State, String) {
        // What is kept of a run that goes on is of all loads together: of a single one the end of the run tells.
        guard plan.ownExpectations.contains(expectation), let seconds = seconds(expectation.window) else {
            return (.pending, "")
        }
        let counted = seconds.reduce(0) { $0 + $1.counted }
        let bad = seconds.reduce(0) { $0 + $1.bad }
        func state(_ holds: Bool) -> Standing.State { holds ? .holding : .failing }
        switch expectation.check {
        case .latency(let percentile, let bound):
            guard counted > 0 else { return (.pending, "") }
            var latency = latency(seconds)
            latency.merge(older[expectation.window]?.latency ?? LatencyHistogram())
            let value = latency.value(atPercentile: percentile, infinite: bad) ?? .infinite
            return (state(bound.holds(for: value)), "p\(Self.digits(percentile)) \(Wording.duration(value))")
        case .hop(let name, let percentile, let bound):
            guard let place = plan.hops.firstIndex(where: { $0.name == name }) else { return (.pending, "") }
            var times = hopTimes(place, seconds)
            var lateness = lateness(seconds)
            if let older = older[expectation.window] {
                if older.hops.indices.contains(place) { times.merge(older.hops[place]) }
                lateness.merge(older.lateness)
            }
            guard let value = times.value(atPercentile: percentile) else { return (.pending, "") }
            return (
                state(hopHolds(place, value, bound, late: lateness.value(atPercentile: 99))),
                "p\(Self.digits(percentile)) \(Wording.duration(value))"
            )
        case .errorRate(let bound):
            guard counted > 0 else { return (.pending, "") }
            let rate = Double(bad) / Double(counted)
            return (
                state(bound.holds(for: rate)),
                "\(Wording.percent(rate)), \(Wording.count(bad)) of \(Wording.count(counted))"
            )
        case .throughput(let bound):
            let whole = whole(seconds)
            guard !whole.isEmpty, counted > 0 else { return (.pending, "") }
            let rate = Double(whole.reduce(0) { $0 + $1.ok }) / Double(whole.count)
            return (state(bound.holds(for: rate)), Wording.rate(rate))
        case .recovery, .tasks, .reversals, .probe:
            let found = measure(expectation, self)
            switch found.answer {
            case .broken, .notHealed, .knownBroken: return (.broken, found.measured)
            case .kept: return (.holding, found.measured)
            case .unknown: return (.pending, found.figure == nil ? "" : found.measured)
            }
        case .lostWrites, .scaling, .steps, .rolledBack: return (.pending, "")
        }
    }
}
