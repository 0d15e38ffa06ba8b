/// The lab's CloudWatch and Application Auto Scaling: at the end of every minute of the scenario's clock it reads the
/// machine's counters, stores the minute's datapoints, evaluates the alarms, and lets those in ALARM scale services.
///
/// As on AWS a datapoint is complete before an alarm sees it, and an alarm that stays in ALARM triggers its policy
/// again every minute; the policy's cooldown keeps it from acting each time.
actor Monitoring {
    nonisolated let settings: ControlSettings
    nonisolated let names: ResourceNames
    nonisolated let clock: any LabClock
    var metrics = MetricStore()
    /// By name.
    var alarms: [String: MetricAlarm] = [:]
    /// Newest first, like all that follows.
    var history: [AlarmHistoryItem] = []
    var activities: [ScalingActivity] = []
    /// By service; a policy's name is its service's own.
    var targets: [String: ScalableTarget] = [:]
    var policies: [String: StepScalingPolicy] = [:]
    var ids: ResourceIDs
    private var sampling: MetricSampling
    /// The minute that is not over yet.
    private var open: Int
    private var readAt: Duration

    static let historyMax = 500
    static let activitiesMax = 200
    /// A change that ECS has not carried out by then is given up, and the next may be made.
    static let fulfilmentMax = Duration.seconds(300)

    init(settings: ControlSettings, names: ResourceNames, clock: any LabClock) {
        self.settings = settings
        self.names = names
        self.clock = clock
        ids = ResourceIDs(seed: settings.seed &+ 3)
        sampling = MetricSampling(names: names)
        open = Int(clock.now / (.seconds(60) / settings.speed))
        readAt = clock.now
        let rule = DocumentScaling(settings: settings, names: names, now: clock.now)
        for service in DocumentScaling.services
        where settings.services.contains(where: { $0.name == service }) {
            targets[service] = rule.target(of: service, key: ids.hex(32))
            for (policy, alarm) in rule.rules(of: service, keys: (ids.uuid(), ids.uuid())) {
                policies[policy.id] = policy
                alarms[alarm.name] = alarm
            }
        }
    }

    // MARK: Minutes

    nonisolated var minuteLength: Duration { .seconds(60) / settings.speed }

    nonisolated func minute(at time: Duration) -> Int { Int((time / minuteLength).rounded(.down)) }

    /// When a minute begins, on the lab's clock.
    nonisolated func start(of minute: Int) -> Duration { minuteLength * Double(minute) }

    /// A minute's beginning as alarms' reasons have it: `25/11/26 23:10:00`.
    nonisolated func date(_ minute: Int) -> String {
        let iso = CalendarText.iso(clock.calendar(start(of: minute)))
        let date = iso.prefix(10).split(separator: "-")
        return "\(date[2])/\(date[1])/\(date[0].suffix(2)) \(iso.dropFirst(11).prefix(8))"
    }

    /// Ends activities that ECS has fulfilled; says whether a minute is over.
    func follow(_ state: ClusterState) -> Bool {
        for index in activities.indices where activities[index].status == .inProgress {
            let activity = activities[index]
            guard let service = state.service(activity.service) else { continue }
            if service.desiredCount != activity.to {
                activities[index].status = .overridden
            } else if state.runningCount(service.name) == activity.to {
                activities[index].status = .successful
            } else if clock.now - activity.startedAt >= Self.fulfilmentMax / settings.speed {
                activities[index].status = .unfulfilled
            }
            if activities[index].status != .inProgress { activities[index].endedAt = clock.now }
        }
        return minute(at: clock.now) > open
    }

    /// Stores what the minute brought, and lets alarms and policies act on it. A minute missed altogether, on a machine
    /// that stood still, has no datapoint.
    func closeMinute(of control: ControlPlane) async {
        let now = clock.now
        let closed = minute(at: now) - 1
        guard closed >= open else { return }
        // Before the first suspension: no minute is closed twice.
        open = closed + 1
        let reading = await control.dataPlane.usage()
        // A balancer that does not answer has no targets to count; ControlPlane logs its silence.
        let health = try? await control.targetHealth()
        let state = await control.state
        let seconds = (now - readAt).inSeconds
        readAt = now
        for sample in sampling.samples(of: reading, state, health, seconds: seconds) {
            metrics.add(sample.value, to: sample.metric, unit: sample.unit, minute: closed)
        }
        for name in alarms.keys.sorted() {
            guard let alarm = alarms[name] else { continue }
            if let (state, reason) = alarm.evaluate(metrics, after: closed, date: date) {
                change(name, to: state, reason)
            }
            if alarms[name]?.state == .alarm { await trigger(name, after: closed, control) }
        }
    }

    // MARK: Alarms

    /// The reason is that of the last change, as AWS shows it.
    func change(_ name: String, to state: MetricAlarm.State, _ reason: String) {
        guard let old = alarms[name]?.state, old != state else { return }
        alarms[name]?.state = state
        alarms[name]?.reason = reason
        alarms[name]?.stateSince = clock.now
        note(name, .state, "Alarm updated from \(old.rawValue) to \(state.rawValue)")
    }

    func note(_ alarm: String, _ kind: AlarmHistoryItem.Kind, _ summary: String) {
        history.insert(AlarmHistoryItem(alarm: alarm, at: clock.now, kind: kind, summary: summary), at: 0)
        if history.count > Self.historyMax { history.removeLast() }
    }

    /// Carries out the actions of an alarm that is in ALARM; only scaling policies are known here.
    func trigger(_ name: String, after minute: Int, _ control: ControlPlane) async {
        guard let alarm = alarms[name], alarm.actionsEnabled else { return }
        let last = metrics.points(
            of: alarm.metric, in: (minute + 1 - alarm.period)..<(minute + 1), period: alarm.period)
        let distance = (last.last?.set[alarm.statistic] ?? alarm.threshold) - alarm.threshold
        for policy in policies.values.sorted(by: { $0.id < $1.id })
        where alarm.actions[.alarm, default: []].contains(names.policy(policy)) {
            await apply(policy, alarm: name, distance: distance, control)
        }
    }

    private func apply(
        _ policy: StepScalingPolicy, alarm: String, distance: Double, _ control: ControlPlane
    ) async {
        let state = await control.state
        guard let target = targets[policy.service], let service = state.service(policy.service) else {
            return
        }
        let recent = activities.first { $0.policy == policy.id && $0.notScaledReason == nil }
        let decision = decide(
            policy, target, current: service.desiredCount, distance: distance,
            isDeploying: service.deployments.count > 1, recent: recent, now: clock.now, speed: settings.speed)
        var activity = ScalingActivity(
            id: ids.uuid(), service: service.name, policy: policy.id,
            cause: "monitor alarm \(alarm) in state ALARM triggered policy \(policy.name)",
            from: service.desiredCount, to: service.desiredCount, startedAt: clock.now)
        switch decision {
        case .wait: return
        case .atLimit(let reason):
            // Said once, not every minute it stays so.
            if let last = activities.first(where: { $0.policy == policy.id }), last.notScaledReason == reason
            {
                return
            }
            activity.notScaledReason = reason
            activity.status = .successful
            activity.endedAt = clock.now
            remember(activity)
        case .scale(let count):
            activity = ScalingActivity(
                id: activity.id, service: service.name, policy: policy.id, cause: activity.cause,
                from: service.desiredCount, to: count, startedAt: clock.now)
            remember(activity)
            note(alarm, .action, "Successfully executed action \(names.policy(policy))")
            await control.setDesiredCount(service.name, count)
        }
    }

    /// As AWS does whenever a target is registered, and at no other time: a count outside of the limits is moved to the
    /// nearer one, whatever is suspended.
    func bringWithinLimits(_ name: String, _ control: ControlPlane) async {
        guard let target = targets[name], let now = await control.state.service(name)?.desiredCount else {
            return
        }
        let count = min(max(now, target.minimum), target.maximum)
        guard count != now else { return }
        remember(
            ScalingActivity(
                id: ids.uuid(), service: name, policy: nil,
                cause: "\(count > now ? "minimum" : "maximum") capacity was set to \(count)", from: now,
                to: count, startedAt: clock.now))
        await control.setDesiredCount(name, count)
    }

    private func remember(_ activity: ScalingActivity) {
        activities.insert(activity, at: 0)
        if activities.count > Self.activitiesMax { activities.removeLast() }
    }
}

extension ControlPlane {
    /// Called with every pass: what takes time runs beside.
    func monitor() async {
        if await monitoring.follow(state) { begin { [self] in await monitoring.closeMinute(of: self) } }
    }

    /// As UpdateService does it.
    func setDesiredCount(_ name: String, _ count: Int) async {
        state.update(service: name) {
            $0.desiredCount = count
            $0.isSteady = false
        }
        await pass()
    }
}

extension ResourceNames {
    func alarm(_ name: String) -> String { "arn:aws:cloudwatch:\(region):\(account):alarm:\(name)" }

    func policy(_ policy: StepScalingPolicy) -> String {
        "arn:aws:autoscaling:\(region):\(account):scalingPolicy:\(policy.key):resource/ecs/"
            + "\(scalableResource(policy.service)):policyName/\(policy.name)"
    }

    func scalableTarget(_ target: ScalableTarget) -> String {
        "arn:aws:application-autoscaling:\(region):\(account):scalable-target/\(target.key)"
    }

    func scalableResource(_ service: String) -> String { "service/\(clusterName)/\(service)" }
}
