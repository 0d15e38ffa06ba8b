package import Plan

/// What a Plan cannot tell, whatever will be measured: said before the run, so that nobody waits for an *unknown*.
package struct Forewarning: Hashable, Sendable, CustomStringConvertible {
    package var expectation: String
    package var reason: String

    package var description: String { "\(expectation): cannot be told: \(reason)" }
}

/// Counts the requests each window will have if all goes well, and compares them with what each check needs.
package func forecast(_ plan: Plan) -> [Forewarning] {
    plan.expectations.compactMap { expectation in
        reason(expectation, plan).map { Forewarning(expectation: expectation.text, reason: $0) }
    }
}

private func reason(_ expectation: Expectation, _ plan: Plan) -> String? {
    let available = requests(in: expectation.window, plan)
    let at = plan.speed == 1 ? "" : "at speed \(plan.speed.formatted) "
    let kind = expectation.window == .calm ? "calm requests" : "requests"
    switch expectation.check {
    case .latency(let percentile, _):
        guard let available else { return nil }
        let needed = LatencyCheck.requestsNeeded(percentile)
        return available >= needed
            ? nil
            : "\(at)\(LatencyCheck.name(percentile)) needs \(grouped(needed)) \(kind) and will have \(grouped(available))"
    case .errorRate(let bound):
        guard let available, case .below(let limit) = bound else { return nil }
        let needed = ClopperPearson.trialsNeeded(toShowBelow: limit)
        return available >= needed
            ? nil
            : "\(at)an error rate under \(percent(limit)) needs \(grouped(needed)) \(kind) "
                + "and will have \(grouped(available))"
    case .recovery(let bound):
        let resolution = plan.scenario(.seconds(1))
        return bound.limit > resolution * 2
            ? nil : "\(at)recovery is known to ±\(resolution), which hides a bound of \(bound.limit)"
    case .lostWrites:
        return plan.requests.contains { $0.tracking != nil } ? nil : "no request is `tracked`"
    case .throughput, .tasks: return nil
    }
}

/// How many requests will be due in the window if every fault heals when its duration is over; nil: closed model.
private func requests(in window: Window, _ plan: Plan) -> UInt64? {
    guard case .open(let phases) = plan.load else { return nil }
    let schedule = Schedule(phases: phases, speed: plan.speed)
    let start = plan.real(plan.measuredFrom)
    let end = plan.real(plan.duration)
    func count(_ from: Nanoseconds, _ to: Nanoseconds) -> UInt64 {
        let (from, to) = (max(start, from), min(end, to))
        return from < to ? schedule.count(from: from, to: to) : 0
    }
    switch window {
    case .measured: return count(start, end)
    case .calm:
        var calm: UInt64 = 0
        var from = start
        for fault in plan.faults.sorted(by: { $0.at < $1.at }) {
            calm += count(from, plan.real(fault.at))
            from = max(from, plan.real(fault.at + (fault.duration ?? .zero) + plan.windows.hold))
        }
        return calm + count(from, end)
    case .during(let name):
        guard let fault = plan.faults.first(where: { $0.name == name }) else { return 0 }
        return count(plan.real(fault.at), plan.real(fault.at + (fault.duration ?? plan.duration)))
    case .after(let name):
        guard let fault = plan.faults.first(where: { $0.name == name }) else { return 0 }
        let next = plan.faults.map(\.at).filter { $0 > fault.at }.min() ?? plan.duration
        return count(plan.real(fault.at), plan.real(next))
    }
}

extension Double {
    /// `6`, not `6.0`.
    fileprivate var formatted: String { self == rounded() ? String(Int(self)) : String(self) }
}
