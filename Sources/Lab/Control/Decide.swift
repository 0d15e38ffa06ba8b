/// One thing the control plane wants done.
enum Action: Hashable, Sendable {
    /// New tasks of a service, one per zone named.
    case launch(service: String, zones: [String])
    /// The interface is attached: start its processes.
    case start(TaskID)
    /// Its processes run: make it a target if it is to be one, and call it RUNNING.
    case activate(TaskID)
    /// A container health check is due.
    case check(TaskID)
    /// ECS no longer wants them.
    case stop([TaskID], StopCause)
    /// Take it out of the balancer.
    case deactivate(TaskID)
    /// SIGTERM, and SIGKILL later.
    case terminate(TaskID)
    /// Its interface is gone: STOPPED.
    case finish(TaskID)
    /// DescribeTasks need not know it any longer.
    case forget(TaskID)
    /// The deregistration delay is over.
    case deregister(address: String, port: Int)
    /// The event log should say that it is unhealthy.
    case report(TaskID, TaskVerdict)
    /// It is no longer unhealthy.
    case recover(TaskID)
    case reachSteadyState(service: String)
    /// Too many of its tasks have failed: the circuit breaker ends the service's deployment.
    case fail(service: String)
    /// A deployment that was replaced has no task left.
    case retire(service: String, deployment: String)
}

/// What ECS makes of a task's two kinds of health.
enum TaskVerdict: Hashable, Sendable {
    case healthy
    /// Not long enough there to say.
    case settling
    case failedContainerHealth
    /// With the balancer's reason, such as `Target.Timeout`.
    case failedTargetHealth(String)

    var isUnhealthy: Bool { self != .healthy && self != .settling }
}

/// One pass of the control loop. Pure: the same cluster seen the same way at the same time wants the same.
func decide(_ state: ClusterState, _ seen: Observations, now: Duration) -> [Action] {
    var actions: [Action] = []
    for target in state.targets where !target.isLeaving {
        if let since = target.drainingSince, now - since >= state.times.deregistrationDelay {
            actions.append(.deregister(address: target.address, port: target.port))
        }
    }
    for task in state.tasks {
        if let step = nextStep(task, state, now: now) { actions.append(step) }
        if isCheckDue(task, now: now) { actions.append(.check(task.id)) }
    }
    for service in state.services { actions += schedule(service, state, seen, now: now) }
    return actions
}

/// The next step of one task's life, if its time has come.
private func nextStep(_ task: ECSTask, _ state: ClusterState, now: Duration) -> Action? {
    guard !task.isBusy else { return nil }
    let age = now - task.since
    switch task.status {
    case .provisioning:
        if !task.isWanted { return .finish(task.id) }
        return task.isBoot || age >= state.times.provisioning ? .start(task.id) : nil
    case .pending: return task.isWanted ? nil : .deactivate(task.id)
    case .activating: return task.isWanted ? .activate(task.id) : .deactivate(task.id)
    case .running: return task.isWanted ? nil : .deactivate(task.id)
    case .deactivating:
        // A live task serves what it has begun until the delay is over; a dead one has nothing to finish.
        let isDraining = state.target(of: task) != nil && task.exit == nil
        return isDraining && age < state.times.deregistrationDelay ? nil : .terminate(task.id)
    case .stopping: return nil
    case .deprovisioning: return .finish(task.id)
    case .stopped: return age >= state.times.stoppedRetention ? .forget(task.id) : nil
    }
}

private func isCheckDue(_ task: ECSTask, now: Duration) -> Bool {
    guard task.isWanted, task.status == .running, task.schedule != nil, !task.health.isChecking,
        let due = task.health.nextCheck
    else {
        return false
    }
    return now >= due
}

/// ECS counts a task as unhealthy when its container says so, or its balancer does after the grace period.
func judge(_ task: ECSTask, _ state: ClusterState, _ seen: Observations, now: Duration) -> TaskVerdict {
    guard task.status == .running, let started = task.startedAt else { return .settling }
    if task.health.status == .unhealthy { return .failedContainerHealth }
    if let target = state.target(of: task), target.drainingSince == nil {
        let reading = seen.targets[task.address]
        switch reading?.state {
        case .unhealthy:
            if now - started < state.times.targetGrace { return .settling }
            return .failedTargetHealth(reading?.reason ?? "Target.FailedHealthChecks")
        case .healthy: break
        case .initial, .draining, nil: return .settling
        }
    }
    return task.schedule == nil || task.health.status == .healthy ? .healthy : .settling
}
