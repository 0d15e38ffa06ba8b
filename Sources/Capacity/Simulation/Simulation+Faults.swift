import History
import Plan

/// What is done to the system, and undone.
extension Simulation {
    struct PendingFault {
        var at: Double
        var index: Int
        var isEnd: Bool
    }

    var pendingFaults: [PendingFault] {
        plan.faults.enumerated().flatMap { index, fault -> [PendingFault] in
            let begin = plan.real(fault.at).inSeconds
            let end = fault.duration.map { begin + plan.real($0).inSeconds }
            return [PendingFault(at: begin, index: index, isEnd: false)]
                + (end.map { [PendingFault(at: $0, index: index, isEnd: true)] } ?? [])
        }.sorted { ($0.at, $0.isEnd ? 0 : 1) < ($1.at, $1.isEnd ? 0 : 1) }
    }

    mutating func apply(_ pending: PendingFault) {
        let fault = plan.faults[pending.index]
        let at = Nanoseconds.seconds(now)
        switch (fault.fault, pending.isEnd) {
        case (.blockZone(let zone), false): dark.insert(zone)
        case (.blockZone(let zone), true): dark.remove(zone)
        case (.killTasks(let count, let service, let zone), _):
            let running = fleets[service]?.serving(now, in: zone) ?? 0
            fleets[service]?.kill(count.count(of: running) ?? 0, zone: zone)
            let zones = open
            fleets[service]?.fill(zones: zones, ready: now + model.start / plan.speed)
        case (.scale(let service, let tasks), false):
            held[service] = fleets[service]?.desired
            want(tasks, of: service)
        case (.scale(let service, _), true):
            if let before = held.removeValue(forKey: service) { want(before, of: service) }
        default: break
        }
        if pending.isEnd, let place = recording.faults.firstIndex(where: { $0.index == pending.index }) {
            recording.faults[place].reverted = at
            // Two checks that pass bring a target back.
            recording.faults[place].healed = at + plan.real(.seconds(model.check.interval * 2))
            recording.faults[place].state = .healed
        } else if !pending.isEnd {
            var record = FaultRecord(index: pending.index, name: fault.name, state: .healed)
            (record.injected, record.effect, record.effectProof) = (at, at, "simulated")
            if fault.duration == nil {
                (record.reverted, record.healed) = (at, at + plan.real(.seconds(model.start)))
            }
            recording.faults.append(record)
        }
    }
}
