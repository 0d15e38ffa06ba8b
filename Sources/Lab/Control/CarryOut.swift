/// How actions are carried out: the state is changed at once, what takes time runs beside.
extension ControlPlane {
    func carryOut(_ action: Action) {
        switch action {
        case .launch(let service, let zones): launch(service, zones, isBoot: false)
        case .start(let id): start(id)
        case .activate(let id): activate(id)
        case .check(let id): check(id)
        case .stop(let ids, let cause): stop(ids, cause)
        case .deactivate(let id): deactivate(id)
        case .terminate(let id): terminate(id)
        case .finish(let id): finish(id)
        case .forget(let id): state.tasks.removeAll { $0.id == id }
        case .deregister(let address, let port): deregister(address, port)
        case .report(let id, let verdict): report(id, verdict)
        case .recover(let id): state.update(id) { $0.isReported = false }
        case .reachSteadyState(let service): reachSteadyState(service)
        case .fail(let service): fail(service)
        case .retire(let service, let deployment): retire(service, deployment)
        }
    }

    func log(_ service: String, _ message: String) {
        let id = ids.uuid()
        state.update(service: service) { $0.log(message, id: id, at: clock.now) }
    }

    func enter(_ id: TaskID, _ status: TaskStatus, busy: Bool = false) {
        state.update(id) {
            $0.status = status
            $0.since = clock.now
            $0.isBusy = busy
        }
    }

    func launch(_ name: String, _ zones: [String], isBoot: Bool) {
        guard let service = state.service(name) else { return }
        let primary = service.primary
        var started: [String] = []
        for zone in zones {
            guard let (subnet, address) = place(in: zone, of: primary.network) else {
                log(name, "was unable to place a task. Reason: RESOURCE:ENI in \(zone).")
                continue
            }
            var task = ECSTask(
                id: ids.task(), service: name, definition: primary.definition, deployment: primary.id,
                zone: zone, subnet: subnet, address: address, interface: newInterface(), isBoot: isBoot,
                createdAt: clock.now, capacityProvider: state.nextCapacity(of: service), since: clock.now)
            task.schedule = schedule(of: primary.definition)
            task.securityGroups = primary.network.securityGroups
            state.tasks.append(task)
            started.append(task.name)
        }
        guard !started.isEmpty else { return }
        state.update(service: name) { $0.isSteady = false }
        log(
            name,
            "has started \(started.count) tasks: \(started.map { "(task \($0))" }.joined(separator: " ")).")
    }

    func newInterface() -> NetworkInterfaceIDs {
        NetworkInterfaceIDs(interface: ids.resource("eni"), attachment: ids.uuid(), mac: ids.mac())
    }

    func schedule(of definition: RevisionID) -> HealthSchedule? {
        HealthSchedule(state.definitions[definition]?.container.healthCheck, speed: state.speed)
    }

    /// A subnet of the zone that the tasks may use, and a free address in it; nil when there is none.
    func place(in zone: String, of wanted: TaskNetwork) -> (subnet: String, address: String)? {
        let taken = Set(
            state.tasks.filter { $0.status != .stopped }.map(\.address) + state.targets.map(\.address))
        let named = wanted.subnets.compactMap(network.subnet).first { $0.zone == zone }
        guard let subnet = wanted.subnets.isEmpty ? network.taskSubnet(in: zone) : named,
            let address = addresses.next(in: subnet.cidr, taken: taken)
        else { return nil }
        return (subnet.id, address)
    }

    private func start(_ id: TaskID) {
        guard let task = state.task(id), let definition = state.definitions[task.definition] else { return }
        enter(id, .pending, busy: true)
        let settings = definition.settings(task: id, overrides: task.overrides)
        guard let image = LabImage(settings.image) else {
            let ref = "failed to resolve ref \(settings.image): not found"
            let words = "CannotPullContainerError: pull image manifest has been retried 1 time(s): \(ref)"
            begin { [self] in await failedToStart(id, .cannotPrepare(words)) }
            return
        }
        if let log = settings.log {
            if definition.container.log?.options["awslogs-create-group"] == "true" {
                logs.makeGroup(log.group)
            }
            guard logs.group(log.group) != nil else {
                let words =
                    "ResourceInitializationError: failed to validate logger args: failed to create "
                    + "Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist."
                begin { [self] in await failedToStart(id, .cannotPrepare(words)) }
                return
            }
        }
        var launch = TaskLaunch(
            id: id, service: task.service.isEmpty ? image.service : task.service, zone: task.zone,
            address: task.address, cpu: definition.cpu, memory: definition.memory, settings: settings)
        launch.isStandalone = task.service.isEmpty
        launch.securityGroups = groups(of: task)
        begin { [self, launch] in
            do {
                try await dataPlane.start(launch)
                await started(id)
            } catch {
                await failedToStart(id, .failedToStart("\(error)"))
            }
        }
    }

    private func started(_ id: TaskID) async {
        guard let task = state.task(id) else { return }
        enter(id, .activating)
        state.update(service: task.service) { $0.failedLaunches = 0 }
        await pass()
    }

    private func failedToStart(_ id: TaskID, _ cause: StopCause) async {
        guard let task = state.task(id) else { return }
        complain("a task did not start", about: task.group, cause.reason)
        count(task, failedBy: cause)
        state.update(id) {
            $0.isWanted = false
            $0.cause = $0.cause ?? cause
            $0.stoppingAt = clock.now
        }
        var failures = 0
        state.update(service: task.service) {
            $0.failedLaunches += 1
            failures = $0.failedLaunches
        }
        // ECS waits longer and longer between attempts, up to 27 minutes ("Service throttle logic").
        if failures >= 3 {
            let wait = Duration.seconds(min(1620, 10 * (1 << min(failures - 3, 10)))) / settings.speed
            state.update(service: task.service) { $0.launchNotBefore = clock.now + wait }
            log(task.service, "is unable to consistently start tasks successfully.")
        }
        // What had been begun must go too.
        enter(id, .stopping, busy: true)
        await stopProcesses(id, grace: .zero)
        await pass()
    }

    private func activate(_ id: TaskID) {
        guard let task = state.task(id) else { return }
        guard let service = state.service(task.service), let group = service.targetGroup else {
            return run(id)
        }
        state.update(id) { $0.isBusy = true }
        let port = service.blueprint.port
        begin { [self] in
            do {
                try await dataPlane.register(target: task.address, port: port)
                await registered(id, port: port, group: group)
            } catch {
                await failedToRegister(id, "\(error)")
            }
        }
    }

    private func registered(_ id: TaskID, port: Int, group: String) {
        guard let task = state.task(id) else { return }
        state.targets.append(BalancerTarget(task: id, address: task.address, port: port, zone: task.zone))
        run(id)
        log(task.service, "registered 1 targets in (target-group \(group))")
    }

    private func failedToRegister(_ id: TaskID, _ what: String) {
        complain("a task could not be registered", about: id, what)
        state.update(id) { $0.isBusy = false }
        stop([id], .failedToStart("target registration: \(what)"))
    }

    private func run(_ id: TaskID) {
        enter(id, .running)
        let now = clock.now
        state.update(id) {
            $0.startedAt = now
            $0.health.nextCheck = $0.isBoot ? now : now + ($0.schedule?.interval ?? .zero)
        }
    }

    private func check(_ id: TaskID) {
        state.update(id) { $0.health.isChecking = true }
        begin { [self] in await checked(id, await dataPlane.isHealthy(id)) }
    }

    private func checked(_ id: TaskID, _ passed: Bool) {
        let now = clock.now
        state.update(id) { task in
            guard let schedule = task.schedule else { return }
            // A booting lab wants to know its tasks are healthy as soon as they are, not an interval later.
            let isFirst = task.isBoot && task.health.status == .unknown && !passed
            let wait = isFirst ? min(schedule.interval, .milliseconds(500)) : schedule.interval
            task.health.record(
                passed, at: now, countsFrom: (task.startedAt ?? now) + schedule.startPeriod,
                retries: schedule.retries, next: now + wait)
        }
    }

    private func report(_ id: TaskID, _ verdict: TaskVerdict) {
        guard let task = state.task(id), let service = state.service(task.service) else { return }
        state.update(id) { $0.isReported = true }
        state.update(service: task.service) { $0.isSteady = false }
        switch verdict {
        case .failedContainerHealth: log(task.service, "(task \(id)) failed container health checks.")
        case .failedTargetHealth(let reason):
            let target =
                "(port \(service.blueprint.port)) is unhealthy in (target-group \(names.targetGroup))"
            log(task.service, "\(target) due to (reason \(TargetReason.words(reason)))")
        case .healthy, .settling: break
        }
    }
}
