import History
import Plan

/// How one request fares.
extension Simulation {
    mutating func request(route: Int, due: Double, _ draw: inout Draw) {
        requestsInMinute += 1
        let wanted = plan.requests[route]
        var row = rows[Int(due)]?[route] ?? LoadSecond(second: Int(due), route: route, hops: plan.hops.count)
        row.planned += 1
        row.sent += 1
        let latency = latency(due, &draw)
        if let latency, latency < wanted.timeout.inSeconds {
            row.ok += 1
            row.okLatency.record(.seconds(latency))
            row.okServiceTime.record(.seconds(latency))
        } else {
            row.failed += 1
            row.failedLatency.record(wanted.timeout)
            row.failures = [
                FailureCount(
                    failure: .timeout, node: "", reusedConnection: false, status: 0, count: row.failed)
            ]
        }
        rows[Int(due), default: [:]][route] = row
    }

    /// nil: it is never answered.
    mutating func latency(_ due: Double, _ draw: inout Draw) -> Double? {
        turn += 1
        let node = addresses[turn % addresses.count]
        guard !dark.contains(node) else { return nil }
        let isFit = fitTargets(node)
        guard let front = fleets[system.balancedService]?.next(where: isFit),
            let target = fleets[system.balancedService]?.tasks[front], !dark.contains(target.zone)
        else { return nil }
        let isOwnFront = model.service == system.balancedService
        guard let place = isOwnFront ? front : nextWorker() else { return nil }
        let wait = fleets[model.service]?.serve(place, at: due, for: model.serviceTime) ?? 0
        return wait + ease[Int(draw.int(in: 0...Int64(ease.count - 1)))]
    }

    /// Of the service behind the balancer: the mesh knows who is there.
    mutating func nextWorker() -> Int? {
        let (blocked, time) = (dark, now)
        return fleets[model.service]?.next { $0.ready <= time && !blocked.contains($0.zone) }
    }

    /// Those that have lost their zone are left out, unless all have.
    mutating func lookUp() {
        let seeing = system.zones.filter { node in health[node]?.contains { $0.value.isHealthy } ?? false }
        addresses = seeing.isEmpty ? system.zones : seeing
    }

    /// What a node takes for healthy; with nobody healthy all that are there.
    func fitTargets(_ node: String) -> (SimulatedFleet.Task) -> Bool {
        let known = health[node] ?? [:]
        let time = now
        let isAnyHealthy = known.contains { $0.value.isHealthy }
        return { task in task.ready <= time && (!isAnyHealthy || known[task.id]?.isHealthy == true) }
    }
}
