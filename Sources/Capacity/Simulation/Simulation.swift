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

    let plan: Plan
    let system: System
    let model: SimulationModel
    let seed: UInt64
    let ease: [Double]
    private let rule: ScalingRule

    // What changes while it plays. Times are real seconds since the start of the load.
    var now = 0.0
    var fleets: [String: SimulatedFleet]
    /// By node, then task: what the node believes.
    var health: [String: [Int: SimulatedHealth]] = [:]
    var dark: Set<String> = []
    /// Nodes that the clients have found under the balancer's name: they look once a second.
    var addresses: [String] = []
    var held: [String: Int] = [:]
    var recording: Recording
    var rows: [Int: [Int: LoadSecond]] = [:]
    var turn = 0
    private var minute = 0
    var requestsInMinute = 0
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
        var isOpen: Bool { if case .closed = plan.streams[0].load { false } else { true } }
        guard plan.streams.count == 1, isOpen else {
            throw Refusal(
                description: "one load without users is simulated: no users, and no second load beside")
        }
        for fault in plan.faults {
            switch fault.fault {
            case .blockZone, .killTasks, .scale: break
            default:
                throw Refusal(
                    description: "`\(fault.name)` is not simulated: block zone, kill and scale are"
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
        guard let schedule = plan.schedules(seed: recording.run.seed)[0] else { return recording }
        let weights = plan.cumulativeWeights
        let recorded = plan.streams[0].load.replay?.routes
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
            let route = recorded.map { Int($0[Int(index)]) } ?? draw.pick(weights)
            request(route: route, due: due, &draw)
        }
        let end = plan.real(plan.duration).inSeconds
        for fault in faults {
            advance(to: max(now, fault.at))
            apply(fault)
        }
        advance(to: max(end, now))
        recording.faults.sort { $0.index < $1.index }
        recording.run.ending = .completed
        recording.run.loadEnded = plan.real(plan.duration)
        recording.seconds = rows.sorted { $0.key < $1.key }.flatMap {
            $0.value.sorted { $0.key < $1.key }.map(\.value)
        }
        return recording
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

    mutating func want(_ count: Int, of service: String) {
        let zones = open
        fleets[service]?.want(count, zones: zones, ready: now + model.start / plan.speed)
    }

    var open: [String] { system.zones.filter { !dark.contains($0) } }

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

    /// A thousand values, each as probable as the next, in seconds.
    private static func quantiles(_ histogram: LatencyHistogram) -> [Double] {
        (0..<1000).compactMap { histogram.value(atPercentile: (Double($0) + 0.5) / 10)?.inSeconds }
    }
}
