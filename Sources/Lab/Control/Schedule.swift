/// How ECS keeps a service at its desired count: replacements start first and the unhealthy stop once they
/// are not
/// needed, within `maximumPercent`; when a replacement turns out unhealthy too, one of them goes and the next
/// is tried.
/// (Amazon ECS developer guide, "Replace unhealthy tasks"; where it says "at random" the lab takes the
/// newest.)
///
/// Tasks of deployments that were replaced are `roll`'s; all others are of the primary one.
func schedule(_ service: ECSService, _ state: ClusterState, _ seen: Observations, now: Duration) -> [Action] {
    let wanted = state.wanted(service.name)
    let crew = Crew(wanted.filter { $0.deployment == service.primary.id }, state, seen, now: now)
    let old = Crew(wanted.filter { $0.deployment != service.primary.id }, state, seen, now: now)
    let breaks = service.breaker.isEnabled && service.primary.rollout == .inProgress
    if breaks, service.primary.failedTasks >= CircuitBreaker.threshold(desired: service.desiredCount) {
        return [.fail(service: service.name)]
    }
    var actions = crew.news
    let desired = service.desiredCount
    let missing = service.primary.rollout == .failed ? 0 : desired - crew.serving
    let room = max(desired, desired * service.maximumPercent / 100) - wanted.count

    if missing > 0, room > 0, now >= service.launchNotBefore {
        actions.append(
            .launch(service: service.name, zones: spread(min(missing, room), of: service.name, in: state)))
    }
    for (task, verdict) in crew.unhealthy.suffix(excess(of: crew, besides: old, missing, room, desired)) {
        actions.append(.stop([task.id], cause(verdict, service)))
    }
    let surplus = leaving(max(0, crew.serving - desired), settling: crew.settling, healthy: crew.healthy)
    if !surplus.isEmpty { actions.append(.stop(surplus, .scaling(deployment: service.primary.id))) }
    actions += roll(old, out: service, for: crew, hasRoom: room > 0 || missing <= 0)
    let retired = retirements(service, state)
    actions += retired

    // With the last replaced deployment gone the new one is completed in the same pass: whoever waited for the
    // service to be stable, which counts deployments, finds it so.
    let isCalm =
        crew.healthy.count == desired && wanted.count == desired
        && service.deployments.count - retired.count == 1
    if isCalm, !service.isSteady { actions.append(.reachSteadyState(service: service.name)) }
    return actions
}

/// The wanted tasks of one or more deployments, by what their health says.
struct Crew {
    var healthy: [ECSTask] = []
    var settling: [ECSTask] = []
    var unhealthy: [(ECSTask, TaskVerdict)] = []
    /// What the event log should say of them.
    var news: [Action] = []

    var serving: Int { healthy.count + settling.count }
    var count: Int { serving + unhealthy.count }

    init(_ tasks: [ECSTask], _ state: ClusterState, _ seen: Observations, now: Duration) {
        for task in tasks {
            let verdict = judge(task, state, seen, now: now)
            if task.isReported, !verdict.isUnhealthy { news.append(.recover(task.id)) }
            switch verdict {
            case .healthy: healthy.append(task)
            case .settling: settling.append(task)
            case .failedContainerHealth, .failedTargetHealth:
                unhealthy.append((task, verdict))
                if !task.isReported { news.append(.report(task.id, verdict)) }
            }
        }
    }
}

/// How many of the unhealthy go now. While older tasks still serve, all of them: nobody needs them.
private func excess(of crew: Crew, besides old: Crew, _ missing: Int, _ room: Int, _ desired: Int) -> Int {
    if old.count > 0 { return crew.unhealthy.count }
    let stopping = max(0, min(crew.unhealthy.count, crew.count - desired - crew.settling.count))
    if missing > 0, room <= 0, stopping == 0, crew.settling.isEmpty { return min(1, crew.unhealthy.count) }
    return stopping
}

/// Which tasks of replaced deployments go: one for each new one that is healthy, and the sick ones at once; when
/// `maximumPercent` leaves no room for the new, as many more as `minimumHealthyPercent` can spare. Never so many that
/// fewer than that are healthy.
func roll(_ old: Crew, out service: ECSService, for crew: Crew, hasRoom: Bool) -> [Action] {
    guard old.count > 0 else { return [] }
    let desired = service.desiredCount
    let least = (desired * service.minimumHealthyPercent + 99) / 100
    let spare = max(0, old.healthy.count + crew.healthy.count - least)
    let superfluous = max(0, old.healthy.count - max(0, desired - crew.healthy.count))
    let going = min(spare, hasRoom ? superfluous : max(superfluous, desired - crew.serving))
    // Those that do not serve are no loss, and their room is wanted.
    let chosen =
        old.settling.map(\.id) + old.unhealthy.map(\.0.id)
        + leaving(going, settling: [], healthy: old.healthy)
    return chosen.isEmpty ? [] : [.stop(chosen, .scaling(deployment: service.primary.id))]
}

/// A replaced deployment ends with its last task: when that has been drained and is told to stop.
private func retirements(_ service: ECSService, _ state: ClusterState) -> [Action] {
    service.deployments.dropFirst().filter { deployment in
        !state.tasks.contains { $0.deployment == deployment.id && $0.status < .stopping }
    }.map { .retire(service: service.name, deployment: $0.id) }
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
    let allowed = state.service(service)?.primary.network.zones ?? []
    return spread(count, over: allowed.isEmpty ? state.zones : allowed, in: state) { $0.service == service }
}

/// The same for any tasks that are alike.
func spread(
    _ count: Int, over zones: [String], in state: ClusterState, alike: (ECSTask) -> Bool
) -> [String] {
    var own: [String: Int] = [:]
    var all: [String: Int] = [:]
    for task in state.tasks where task.isWanted {
        all[task.zone, default: 0] += 1
        if alike(task) { own[task.zone, default: 0] += 1 }
    }
    var chosen: [String] = []
    for _ in 0..<count {
        let zone = zones.min { a, b in
            (own[a] ?? 0, all[a] ?? 0, a) < (own[b] ?? 0, all[b] ?? 0, b)
        }
        guard let zone else { break }
        chosen.append(zone)
        own[zone, default: 0] += 1
        all[zone, default: 0] += 1
    }
    return chosen
}
