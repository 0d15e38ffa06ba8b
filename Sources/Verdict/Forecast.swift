package import Plan

/// What a Plan cannot tell, whatever will be measured: said before the run, so that nobody waits for an *unknown*.
package struct Forewarning: Hashable, Sendable, CustomStringConvertible {
    /// As the scenario words it.
    package var expectation: String
    package var reason: String

    package var description: String { "\(expectation): cannot be told: \(reason)" }
}

/// One line for each expectation that cannot be decided even if every fault heals on time and harms nobody.
package func forecast(_ plan: Plan) -> [Forewarning] {
    let whole = Forecast(plan)
    return plan.expectations.compactMap { expectation in
        let stream = expectation.stream.flatMap(plan.stream(named:))
        let forecast = stream.map { Forecast(plan.alone($0)) } ?? whole
        return forecast.problem(with: expectation).map {
            Forewarning(expectation: expectation.text, reason: $0)
        }
    }
}

/// How a run would look if every fault healed on time and harmed nobody.
private struct Forecast {
    let plan: Plan
    let search: RecoverySearch
    let calm: [Range<Nanoseconds>]

    init(_ plan: Plan) {
        self.plan = plan
        search = RecoverySearch(plan)
        let end = plan.real(plan.duration)
        let from = plan.real(plan.measuredFrom)
        calm = plan.faults.reduce(from < end ? [from..<end] : []) { rest, fault in
            let start = plan.real(fault.at)
            let healed = start + plan.real(fault.duration ?? .zero)
            let aftermath = start - Evidence.openBefore..<healed + plan.real(plan.windows.hold)
            return rest.flatMap { $0.without(aftermath) }
        }
    }

    func problem(with expectation: Expectation) -> String? {
        switch expectation.check {
        case .latency(let percentile, let bound):
            guard bound.upperLimit != nil else { return nil }
            return tooFew(Binomial.requestsNeeded(toShowBelow: 1 - percentile / 100), expectation.window)
        case .hop(let name, let percentile, let bound):
            guard let limit = bound.upperLimit else { return nil }
            let resolution = plan.hops.first { $0.name == name }?.resolution ?? .zero
            if limit <= resolution { return "the bound is within the resolution of this hop, \(resolution)" }
            // How many answers will tell the hop nobody knows: all of them at most.
            return tooFew(Binomial.requestsNeeded(toShowBelow: 1 - percentile / 100), expectation.window)
        case .errorRate(let bound):
            guard let limit = bound.upperLimit else { return nil }
            guard let needed = Binomial.requestsNeeded(toShowBelow: limit) else {
                return "no number of requests shows a rate of exactly 0; ask for less than a small rate"
            }
            return tooFew(needed, expectation.window)
        case .throughput:
            let seconds = stretches(expectation.window).reduce(0) { $0 + Self.wholeSeconds(in: $1) }
            return seconds >= BlockBootstrap.leastBlocks
                ? nil : "it needs \(BlockBootstrap.leastBlocks) seconds and will have \(seconds)"
        case .recovery(let bound): return recovery(bound, expectation.window)
        case .lostWrites: return lostWrites()
        case .tasks, .scaling, .steps, .reversals, .rolledBack:
            return plan.system == nil ? "nothing observes the tasks of a bare URL" : nil
        case .probe(let name, _): return probe(name)
        }
    }

    private func probe(_ name: String) -> String? {
        guard let probe = plan.probes.first(where: { $0.name == name }) else {
            return "no probe of this name is planned"
        }
        guard probe.at < plan.duration else {
            return "it would begin at \(probe.at), and the load ends at \(plan.duration)"
        }
        if probe.service != nil, plan.system == nil { return "a bare URL has no tasks to run it in" }
        return nil
    }

    private func tooFew(_ needed: UInt64?, _ window: Window) -> String? {
        guard let needed else { return nil }
        // How long a fault without duration takes to be healed nobody knows beforehand.
        if case .during(let name) = window, plan.faults.first(where: { $0.name == name })?.duration == nil {
            return nil
        }
        let requests = requests(in: window)
        guard requests < needed else { return nil }
        let speed = plan.speed == 1 ? "" : "at speed \(Self.number(plan.speed)) "
        let kind = window == .calm ? "calm requests" : "requests"
        return
            "\(speed)it needs \(Wording.count(Self.roundedUp(needed))) \(kind) and will have \(Wording.count(requests))"
    }

    private func recovery(_ bound: Bound<Nanoseconds>, _ window: Window) -> String? {
        guard !plan.faults.isEmpty else { return "there is no fault to recover from" }
        let resolution = plan.scenario(.seconds(1))
        if let limit = bound.upperLimit, limit <= resolution {
            return "the bound is within the resolution, one real second being \(resolution)"
        }
        let needed = plan.scenario(.seconds(Double(search.needed)))
        for (place, fault) in plan.faults.enumerated() {
            if case .after(let name) = window, name != fault.name { continue }
            let end = place + 1 < plan.faults.count ? plan.faults[place + 1].at : plan.duration
            if end - fault.at < needed {
                return "it needs \(needed) after \"\(fault.name)\" and will have \(end - fault.at)"
            }
        }
        return nil
    }

    private func lostWrites() -> String? {
        guard plan.tracksWrites else { return "no request is tracked" }
        guard !plan.faults.isEmpty else { return nil }
        var atRisk = 0.0
        for (stream, schedule) in plan.schedules(seed: nil).enumerated() {
            let tracked = plan.requests[plan.requests(of: stream)].filter { $0.tracking != nil }
            if tracked.isEmpty { continue }
            guard let schedule else { return nil }
            let share = tracked.reduce(0) { $0 + $1.weight }
            for fault in plan.faults {
                let cut = plan.real(fault.at)
                atRisk += share * Double(schedule.count(from: cut - LedgerTally.riskWindow, to: cut))
            }
        }
        return atRisk >= 1 ? nil : "fewer than one tracked write is due in the 2s before a fault"
    }

    private func stretches(_ window: Window) -> [Range<Nanoseconds>] {
        let end = plan.real(plan.duration)
        func start(_ name: String) -> Int? { plan.faults.firstIndex { $0.name == name } }
        switch window {
        case .calm: return calm
        case .measured: return [plan.real(plan.measuredFrom)..<max(end, plan.real(plan.measuredFrom))]
        case .during(let name):
            guard let place = start(name) else { return [] }
            let from = plan.real(plan.faults[place].at)
            return [from..<max(from, min(end, from + plan.real(plan.faults[place].duration ?? .zero)))]
        case .after(let name):
            guard let place = start(name) else { return [] }
            let from = plan.real(plan.faults[place].at)
            let next = place + 1 < plan.faults.count ? plan.real(plan.faults[place + 1].at) : end
            return [from..<max(from, next)]
        }
    }

    private func requests(in window: Window) -> UInt64 {
        // A closed load has no schedule: how many requests it sends is for the system to decide.
        let schedules = plan.schedules(seed: nil).compactMap(\.self)
        guard schedules.count == plan.streams.count else { return .max }
        return stretches(window).reduce(0) { sum, stretch in
            schedules.reduce(sum) { $0 + $1.count(from: stretch.lowerBound, to: stretch.upperBound) }
        }
    }

    private static func wholeSeconds(in stretch: Range<Nanoseconds>) -> Int {
        Int((stretch.upperBound - stretch.lowerBound).inSeconds)
    }

    /// To three digits, upwards: 3,688 is 3,690.
    private static func roundedUp(_ value: UInt64) -> UInt64 {
        var unit: UInt64 = 1
        while value / unit >= 1_000 { unit *= 10 }
        return (value + unit - 1) / unit * unit
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
