package import Logging

/// The lab's ECS, ELB and VPC: decides how many tasks run where, and carries it out on a data plane.
///
/// To wire it up:
///
///     let settings = ControlSettings(speed: 6, seed: seed)
///     let control = ControlPlane(dataPlane: machine, clock: MachineClock(), settings: settings)
///     let api = LabAPI(control: control)                   // init(control: ControlPlane)
///     let server = try LoopbackServer(serving: api, at: .port(4566))   // or .unixSocket(path: …); 127.0.0.1 only
///     async let serving: Void = server.run()               // until cancelled; throws if it is taken
///     try await control.boot()                             // returns when the first tasks run
///     async let loop: Void = control.run()                 // until cancelled; may begin before boot()
///
/// `decide` and `schedule` say what to do, purely; this actor does it. It begins every action without
/// suspending
/// between deciding and marking it begun, so that passes may overlap. Slow steps run in tasks of their own.
package actor ControlPlane {
    let dataPlane: any DataPlane
    nonisolated let clock: any LabClock
    nonisolated let settings: ControlSettings
    nonisolated let names: ResourceNames
    nonisolated let logger: Logger
    nonisolated let logs: LogStore
    /// RDS, beside ECS and the VPC.
    nonisolated let database: DatabaseControl
    /// What SSM runs in tasks, and FIS on them.
    nonisolated let commands: CommandControl
    nonisolated let experiments: ExperimentControl
    /// CloudWatch and Application Auto Scaling.
    nonisolated let monitoring: Monitoring
    var state: ClusterState
    var network: VirtualNetwork
    var ids: ResourceIDs
    var addresses = AddressPool()
    private let operations = Operations()
    private var isBooted = false
    private var isSeeing = true
    /// What the data plane was last told of the network, and the call that is under way.
    var enforced: NetworkPolicy?
    var enforcement: Task<Void, any Error>?

    /// Nothing starts before `boot()`.
    package init(
        dataPlane: any DataPlane, clock: any LabClock, settings: ControlSettings,
        logger: Logger = Logger(label: "lab.control"), logs: LogStore? = nil
    ) {
        self.dataPlane = dataPlane
        self.clock = clock
        self.settings = settings
        self.logger = logger
        commands = CommandControl(
            dataPlane: dataPlane, clock: clock, speed: settings.speed, seed: settings.seed)
        experiments = ExperimentControl(seed: settings.seed)
        self.logs = logs ?? LogStore(clock: clock)
        for group in ["flask-app", "nginx", "redis", "exec"] {
            self.logs.makeGroup("/ecs/\(settings.project)/\(group)")
        }
        var ids = ResourceIDs(seed: settings.seed)
        let zones = settings.zones
        // Flaw `one-zone`: the services' network configuration names the subnet of the first zone alone.
        let taskZones = settings.flaw == .oneZone ? Array(zones.prefix(1)) : zones
        let names = ResourceNames(settings: settings, ids: &ids)
        network = VirtualNetwork(
            zones: zones, project: settings.project, account: settings.account, flaw: settings.flaw,
            ids: ResourceIDs(seed: ~settings.seed))
        state = ClusterState(
            zones: taskZones,
            subnets: network.subnets.filter { $0.tier == "private" && taskZones.contains($0.zone) }.map(\.id),
            scenarioTimes: settings.times, times: settings.times.divided(by: settings.speed),
            speed: settings.speed)
        for blueprint in settings.services {
            let now = clock.now
            let definition = state.definitions.register(
                TaskDefinition(blueprint, settings: settings, at: now))
            let deployment = Deployment(
                id: ids.deployment(), definition: definition.id, createdAt: now, updatedAt: now)
            var service = ECSService(
                blueprint: blueprint, createdAt: now,
                targetGroup: blueprint.isBalanced ? names.targetGroup : nil,
                desiredCount: blueprint.desiredCount, breaker: settings.flaw == .noRollback ? .off : .on,
                deployments: [])
            service.begins(deployment)
            service.deployments = [deployment]
            state.services.append(service)
        }
        self.names = names
        database = DatabaseControl(
            plane: dataPlane.databases, clock: clock, settings: settings,
            ids: ResourceIDs(seed: settings.seed &+ 2),
            logger: logger)
        self.ids = ids
        monitoring = Monitoring(settings: settings, names: names, clock: clock)
    }

    /// Keeps the cluster as it should be until the task is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                for await (id, how) in dataPlane.exits { await exited(id, how) }
            }
            group.addTask { [self] in await database.run() }
            group.addTask { [self] in
                while !Task.isCancelled {
                    await pass()
                    await monitor()
                    // Throws only when cancelled, which ends the loop.
                    do { try await clock.sleep(until: clock.now + settings.tick) } catch { return }
                }
            }
        }
        operations.cancelAll()
    }

    /// Starts the first tasks where the blueprints put them; returns when all run. Throws when one cannot be
    /// started.
    package func boot() async throws(ControlError) {
        // No task may run, however shortly, in a network that lets everything pass.
        do { try await enforceNetwork() } catch { throw .networkNotReady(reason: "\(error)") }
        startFirstTasks()
        while true {
            await pass()
            for task in state.tasks where task.isBoot {
                guard let cause = task.cause else { continue }
                throw .taskNotStarted(service: task.service, zone: task.zone, reason: cause.reason)
            }
            if state.services.allSatisfy({ state.runningCount($0.name) >= $0.desiredCount }) { return }
            do { try await clock.sleep(until: clock.now + .milliseconds(20)) } catch { throw .cancelled }
        }
    }

    /// The part of `boot()` that does not wait.
    func startFirstTasks() {
        isBooted = true
        for service in state.services {
            let count = service.desiredCount
            let pinned = service.blueprint.bootZone.flatMap {
                state.zones.contains($0) ? Array(repeating: $0, count: count) : nil
            }
            launch(service.name, pinned ?? spread(count, of: service.name, in: state), isBoot: true)
        }
    }

    /// One pass of the control loop: look, decide, begin.
    func pass() async {
        guard isBooted else { return }
        await commands.pass(running: state.tasks.filter { $0.status == .running }.map(\.id))
        let seen = await observe()
        let actions = decide(state, seen, now: clock.now)
        for action in actions { carryOut(action) }
        if enforcement == nil, network.policy != enforced {
            // The first time, or an earlier attempt failed and was reported to its caller: the state is the truth.
            begin { [self] in
                do { try await enforceNetwork() } catch {
                    complain("the network's rules are not enforced", error)
                }
            }
        }
    }

    private func observe() async -> Observations {
        do {
            let readings = try await dataPlane.targetReadings()
            isSeeing = true
            return Observations(
                targets: Dictionary(readings.map { ($0.address, $0) }, uniquingKeysWith: { $1 }))
        } catch {
            // Said once: unseen targets count as settling, so nothing is replaced on account of it.
            if isSeeing { complain("the balancer does not answer", error) }
            isSeeing = false
            return Observations()
        }
    }

    /// What went wrong on the machine is logged; the loop carries on and tries again.
    nonisolated func complain(_ what: String, about subject: Any? = nil, _ error: Any) {
        let about = subject.map { " (\($0))" } ?? ""
        logger.error("\(what)\(about): \(error)")
    }

    /// Runs a slow step beside the loop.
    func begin(_ work: @escaping @Sendable () async -> Void) { operations.begin(work) }

    /// Returns when no slow step is under way. For tests with a clock turned by hand.
    func settle() async { await operations.settle() }
}

/// Why the control plane could not do its work.
package enum ControlError: Error, CustomStringConvertible {
    case taskNotStarted(service: String, zone: String, reason: String)
    case networkNotReady(reason: String)
    case cancelled

    package var description: String {
        switch self {
        case .taskNotStarted(let service, let zone, let reason):
            "the lab's first \(service) task in \(zone) did not start: \(reason)"
        case .networkNotReady(let reason): "the lab's network rules could not be set: \(reason)"
        case .cancelled: "the lab was stopped before its first tasks ran"
        }
    }
}
