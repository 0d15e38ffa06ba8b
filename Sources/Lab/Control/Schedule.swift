/// How ECS keeps a service at its desired count: replacements start first and the unhealthy stop once they
/// are not
/// needed, within `maximumPercent`; when a replacement turns out unhealthy too, one of them goes and the next
/// is tried.
/// (Amazon ECS developer guide, "Replace unhealthy tasks"; where it says "at random" the lab takes the
/// newest.)
func schedule(_ service: ECSService, _ state: ClusterState, _ seen: Observations, now: Duration) -> [Action] {
    let tasks = state.wanted(service.name)
    let verdicts = tasks.map { judge($0, state, seen, now: now) }
    var actions: [Action] = []
    var unhealthy: [(ECSTask, TaskVerdict)] = []
    var settling: [ECSTask] = []
    var healthy: [ECSTask] = []
    for (task, verdict) in zip(tasks, verdicts) {
        if task.isReported, !verdict.isUnhealthy { actions.append(.recover(task.id)) }
        switch verdict {
        case .healthy: healthy.append(task)
        case .settling: settling.append(task)
        case .failedContainerHealth, .failedTargetHealth:
            unhealthy.append((task, verdict))
            if !task.isReported { actions.append(.report(task.id, verdict)) }
        }
    }
    let desired = service.desiredCount
    let missing = desired - healthy.count - settling.count
    let room = max(desired, desired * service.maximumPercent / 100) - tasks.count

    if missing > 0, room > 0, now >= service.launchNotBefore {
        actions.append(
            .launch(service: service.name, zones: spread(min(missing, room), of: service.name, in: state)))
    }
    var stopping = max(0, min(unhealthy.count, tasks.count - desired - settling.count))
    if missing > 0, room <= 0, stopping == 0, settling.isEmpty { stopping = min(1, unhealthy.count) }
    for (task, verdict) in unhealthy.suffix(stopping) {
        actions.append(.stop([task.id], cause(verdict, service)))
    }
    let surplus = leaving(max(0, -missing), settling: settling, healthy: healthy)
    if !surplus.isEmpty { actions.append(.stop(surplus, .scaling(deployment: service.primary.id))) }

    let isCalm = healthy.count == desired && tasks.count == desired
    if isCalm, !service.isSteady { actions.append(.reachSteadyState(service: service.name)) }
    return actions
}

private func cause(_ verdict: TaskVerdict, _ service: ECSService) -> StopCause {
    if case .failedTargetHealth = verdict {
        return .failedTargetHealth(targetGroup: service.targetGroup ?? "")
    }
    return .failedContainerHealth
}

/// Which tasks go when there are too many: those not yet serving first, then from the fullest zone, the
/// newest first.
private func leaving(_ count: Int, settling: [ECSTask], healthy: [ECSTask]) -> [TaskID] {
    var chosen = settling.suffix(count).map(\.id)
    var rest = healthy
    while chosen.count < count, !rest.isEmpty {
        var perZone: [String: Int] = [:]
        for task in rest { perZone[task.zone, default: 0] += 1 }
        let most = perZone.values.max() ?? 0
        guard let index = rest.lastIndex(where: { perZone[$0.zone] == most }) else { break }
        chosen.append(rest.remove(at: index).id)
    }
    return chosen
}

/// Zones for new tasks: fewest tasks of the service, then fewest of all, then by name.
///
/// Network ACLs play no part: ECS goes on placing tasks into a zone that is cut off, as on AWS.
func spread(_ count: Int, of service: String, in state: ClusterState) -> [String] {
    var own: [String: Int] = [:]
    var all: [String: Int] = [:]
    for task in state.tasks where task.isWanted {
        all[task.zone, default: 0] += 1
        if task.service == service { own[task.zone, default: 0] += 1 }
    }
    var chosen: [String] = []
    for _ in 0..<count {
        let zone = state.zones.min { a, b in
            (own[a] ?? 0, all[a] ?? 0, a) < (own[b] ?? 0, all[b] ?? 0, b)
        }
        guard let zone else { break }
        chosen.append(zone)
        own[zone, default: 0] += 1
        all[zone, default: 0] += 1
    }
    return chosen
}
