import Foundation
package import History
package import Plan

/// Plays a Plan in virtual time on a model of its system, and records it as a run is recorded: what is judged and shown
/// of it comes from the same code.
///
/// A request goes to the balancer's nodes in turn, from there to a healthy target in turn, and waits in the queue of a
/// task of the service that was measured. A node checks each target by itself; one that finds none healthy while
/// another does is left out of the name's addresses. The mesh behind the balancer is taken to know at once who is
/// there.
package struct Simulation {
    package struct Refusal: Error, Hashable, CustomStringConvertible {
        package var description: String
    }

    private let plan: Plan
    private let system: System
    private let model: SimulationModel
    private let seed: UInt64
    private let ease: [Double]
    private let rule: ScalingRule

    // What changes while it plays. Times are real seconds since the start of the load.
    private var now = 0.0
    private var fleets: [String: SimulatedFleet]
    /// By node, then task: what the node believes.
    private var health: [String: [Int: SimulatedHealth]] = [:]
    private var dark: Set<String> = []
    /// Nodes that the clients have found under the balancer's name: they look once a second.
    private var addresses: [String] = []
    private var held: [String: Int] = [:]
    private var recording: Recording
    private var rows: [Int: [Int: LoadSecond]] = [:]
    private var turn = 0
    private var minute = 0
    private var requestsInMinute = 0
    private var over = 0
    private var under = 0
    private var steppedAt = (out: -Double.infinity, back: -Double.infinity)
    private var told: [String: Double] = [:]

    /// - Throws: what of the Plan cannot be simulated.
    package init(_ plan: Plan, _ model: SimulationModel, seed: UInt64, id: String) throws(Refusal) {
        guard let system = plan.system else {
            throw Refusal(description: "without a system there is nothing to simulate")
        }
        guard system.services.contains(where: { $0.name == model.service }) else {
            throw Refusal(description: "\(system.name) has no service \(model.service), which was measured")
        }
        guard case .open = plan.load else {
            throw Refusal(description: "users wait for answers: only an open load is simulated")
        }
        for fault in plan.faults {
            switch fault.fault {
            case .blockZone, .loseZone, .killTasks, .scale: break
            default:
                throw Refusal(
                    description: "`\(fault.name)` is not simulated: block zone, lose zone, kill and scale are"
                )
            }
        }
        self.plan = plan
        self.system = system
        self.model = model
        self.seed = seed
        ease = Self.quantiles(model.ease)
        rule = ScalingRule(model.service, system)
        fleets = Dictionary(
            system.services.map { ($0.name, SimulatedFleet($0, zones: system.zones)) },
            uniquingKeysWith: { $1 })
        let run = RunRecord(
            id: id, startedAt: "", plan: plan, seed: seed, command: "loadchaos simulate",
            version: Version.current,
            environment: RunRecord.Environment(
                platform: "simulation", targets: [], host: "", kernel: "", processors: 0))
        recording = Recording(run: run)
    }

    /// Ends when every request has.
    package mutating func play() -> Recording {
        guard case .open(let phases) = plan.load else { return recording }
        let schedule = Schedule(phases: phases, speed: plan.speed)
        let weights = cumulativeWeights
        begin()
        var faults = pendingFaults
        for index in 0..<schedule.count {
            guard let due = schedule.due(index)?.inSeconds else { continue }
            while let fault = faults.first, fault.at <= due {
                faults.removeFirst()
                advance(to: fault.at)
                apply(fault)
            }
            advance(to: due)
            var draw = Draw(seed: seed, run: recording.run.id, index: index)
            request(route: draw.pick(weights), due: due, &draw)
        }
        let end = plan.real(plan.duration).inSeconds
        for fault in faults {
            advance(to: max(now, fault.at))
            apply(fault)
        }
        advance(to: max(end, now))
        settle()
        recording.run.ending = .completed
        recording.run.loadEnded = plan.real(plan.duration)
        recording.seconds = rows.sorted { $0.key < $1.key }.flatMap {
            $0.value.sorted { $0.key < $1.key }.map(\.value)
        }
        return recording
    }

    // MARK: Requests

    private var cumulativeWeights: [Double] {
        let sum = plan.requests.reduce(0) { $0 + $1.weight }
        var reached = 0.0
        return plan.requests.map { request in
            reached += request.weight / sum
            return reached
        }
    }

    private mutating func request(route: Int, due: Double, _ draw: inout Draw) {
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
    private mutating func latency(_ due: Double, _ draw: inout Draw) -> Double? {
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
    private mutating func nextWorker() -> Int? {
        let (blocked, time) = (dark, now)
        return fleets[model.service]?.next { $0.ready <= time && !blocked.contains($0.zone) }
    }

    /// Those that have lost their zone are left out, unless all have.
    private mutating func lookUp() {
        let seeing = system.zones.filter { node in health[node]?.contains { $0.value.isHealthy } ?? false }
        addresses = seeing.isEmpty ? system.zones : seeing
    }

    /// What a node takes for healthy; with nobody healthy all that are there.
    private func fitTargets(_ node: String) -> (SimulatedFleet.Task) -> Bool {
        let known = health[node] ?? [:]
        let time = now
        let isAnyHealthy = known.contains { $0.value.isHealthy }
        return { task in task.ready <= time && (!isAnyHealthy || known[task.id]?.isHealthy == true) }
    }

    // MARK: Time

    private mutating func begin() {
        look()
        lookUp()
        observe()
    }

    /// Every second, and at `time` itself.
    private mutating func advance(to time: Double) {
        while now < time {
            now = min(time, (now + 1).rounded(.down))
            look()
            if now == now.rounded(.down) { lookUp() }
            let length = 60 / plan.speed
            while now >= Double(minute + 1) * length { endMinute(length) }
            observe()
        }
    }

    /// Health checks up to now, of all tasks that are there.
    private mutating func look() {
        let targets = fleets[system.balancedService]?.tasks ?? []
        for node in system.zones {
            var known = health[node] ?? [:]
            known = known.filter { entry in targets.contains { $0.id == entry.key } }
            for task in targets where known[task.id] == nil && (task.ready <= now) {
                var draw = Draw(seed: seed, run: "\(node) \(task.id)", index: 0)
                known[task.id] = SimulatedHealth(
                    model.check, speed: plan.speed, from: max(task.ready, now), phase: draw.unit(),
                    isHealthy: task.ready < 0)
            }
            for task in targets {
                let isReached = !dark.contains(node) && !dark.contains(task.zone)
                known[task.id]?.advance(to: now) { _ in isReached }
            }
            health[node] = known
        }
    }

    /// A minute of the scenario's clock is over: its CPU is known, and autoscaling looks at it.
    private mutating func endMinute(_ length: Double) {
        minute += 1
        defer { requestsInMinute = 0 }
        guard let fleet = fleets[model.service] else { return }
        let serving = fleet.serving(now)
        guard serving > 0 else { return }
        let each = Double(requestsInMinute) / length / Double(serving)
        let cpu = min(1, model.idle + each * model.perRequest)
        sample(.cpuUtilization, model.service, cpu * 100, at: Double(minute) * length)
        over = rule.out.map { cpu > $0.cpu } == true ? over + 1 : 0
        under = rule.back.map { cpu < $0.cpu } == true ? under + 1 : 0
        guard held[model.service] == nil else { return }
        let limits = fleet.service.tasks
        if let out = rule.out, over >= out.minutes, fleet.desired < limits.upperBound,
            now - steppedAt.out >= Double(out.minutes) * length
        {
            steppedAt.out = now
            want(fleet.desired + 1, of: model.service)
        } else if let back = rule.back, under >= back.minutes, fleet.desired > limits.lowerBound,
            now - max(steppedAt.back, steppedAt.out) >= Double(back.minutes) * length
        {
            steppedAt.back = now
            want(fleet.desired - 1, of: model.service)
        }
    }

    private mutating func want(_ count: Int, of service: String) {
        let zones = open
        fleets[service]?.want(count, zones: zones, ready: now + model.start / plan.speed)
    }

    private var open: [String] { system.zones.filter { !dark.contains($0) } }

    private mutating func observe() {
        for (name, fleet) in fleets.sorted(by: { $0.key < $1.key }) {
            sample(.desiredTasks, name, Double(fleet.desired))
            sample(.runningTasks, name, Double(fleet.serving(now)))
            for zone in system.zones { sample(.healthyTasks, name, Double(healthy(fleet, zone)), zone: zone) }
        }
    }

    private func healthy(_ fleet: SimulatedFleet, _ zone: String) -> Int {
        fleet.tasks.count { task in
            guard task.zone == zone, task.ready <= now else { return false }
            guard fleet.service.name == system.balancedService else { return true }
            return health.contains { node, known in !dark.contains(node) && known[task.id]?.isHealthy == true
            }
        }
    }

    /// Written when it has changed, as Watch does.
    private mutating func sample(
        _ metric: PlatformSample.Metric, _ service: String, _ value: Double, zone: String? = nil,
        at time: Double? = nil
    ) {
        let key = "\(metric.rawValue) \(service) \(zone ?? "")"
        guard metric == .cpuUtilization || told[key] != value else { return }
        told[key] = value
        recording.platform.append(
            PlatformSample(
                at: .seconds(time ?? now), metric: metric, service: service, zone: zone, value: value))
    }

    // MARK: Faults

    private struct PendingFault {
        var at: Double
        var index: Int
        var isEnd: Bool
    }

    private var pendingFaults: [PendingFault] {
        plan.faults.enumerated().flatMap { index, fault -> [PendingFault] in
            let begin = plan.real(fault.at).inSeconds
            let end = fault.duration.map { begin + plan.real($0).inSeconds }
            return [PendingFault(at: begin, index: index, isEnd: false)]
                + (end.map { [PendingFault(at: $0, index: index, isEnd: true)] } ?? [])
        }.sorted { ($0.at, $0.isEnd ? 0 : 1) < ($1.at, $1.isEnd ? 0 : 1) }
    }

    private mutating func apply(_ pending: PendingFault) {
        let fault = plan.faults[pending.index]
        let at = Nanoseconds.seconds(now)
        switch (fault.fault, pending.isEnd) {
        case (.blockZone(let zone), false), (.loseZone(let zone), false): dark.insert(zone)
        case (.blockZone(let zone), true), (.loseZone(let zone), true): dark.remove(zone)
        case (.killTasks(let count, let service, let zone), _):
            fleets[service]?.kill(count, zone: zone)
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

    /// Faults whose end lies beyond the load have been ended by now.
    private mutating func settle() {
        recording.faults.sort { $0.index < $1.index }
    }

    /// A thousand values, each as probable as the next, in seconds.
    private static func quantiles(_ histogram: LatencyHistogram) -> [Double] {
        (0..<1000).compactMap { histogram.value(atPercentile: (Double($0) + 0.5) / 10)?.inSeconds }
    }
}
