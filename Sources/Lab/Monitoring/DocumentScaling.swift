/// The document's rule ("Auto Scaling: Configuration") in AWS's terms: for each of its two services two alarms and two
/// step-scaling policies.
///
/// "Add task when > 70 % for 60 s" is one datapoint of a minute; "remove task when < 70 % for 300 s" is five in a row.
/// The same windows are the cooldowns: every step needs the condition to have held for the whole window anew.
struct DocumentScaling: Sendable {
    static let services = ["nginx", "flask-app"]
    static let threshold = 70.0
    static let limits = 2...4
    /// Minutes.
    static let scaleOutMinutes = 1
    static let scaleInMinutes = 5
    /// What `--bad slow-scaling` makes of it.
    static let slowFactor = 10

    let settings: ControlSettings
    let names: ResourceNames
    let now: Duration

    func target(of service: String, key: String) -> ScalableTarget {
        let limits = settings.flaw == .singleNginx && service == "nginx" ? 1...1 : Self.limits
        return ScalableTarget(
            service: service, minimum: limits.lowerBound, maximum: limits.upperBound, key: key, createdAt: now
        )
    }

    func rules(of service: String, keys: (String, String)) -> [(StepScalingPolicy, MetricAlarm)] {
        let slow = settings.flaw == .slowScaling ? Self.slowFactor : 1
        return [
            rule(
                service, out: true, key: keys.0, minutes: Self.scaleOutMinutes * slow,
                cooldown: Self.scaleOutMinutes * 60),
            rule(
                service, out: false, key: keys.1, minutes: Self.scaleInMinutes,
                cooldown: Self.scaleInMinutes * 60),
        ]
    }

    private func rule(
        _ service: String, out: Bool, key: String, minutes: Int, cooldown: Int
    ) -> (StepScalingPolicy, MetricAlarm) {
        let step =
            out
            ? StepScalingPolicy.Step(lower: 0, upper: nil, adjustment: 1)
            : StepScalingPolicy.Step(lower: nil, upper: 0, adjustment: -1)
        let policy = StepScalingPolicy(
            name: "\(names.project)-\(service)-scale-\(out ? "out" : "in")", service: service,
            adjustment: .change,
            steps: [step], cooldown: cooldown, aggregation: "Average", key: key, createdAt: now)
        let alarm = MetricAlarm(
            name: "\(names.project)-\(service)-cpu-\(out ? "high" : "low")",
            description: out
                ? "Add a task when over 70 % for 60 s" : "Remove a task when under 70 % for 300 s",
            metric: MetricID(
                "AWS/ECS", "CPUUtilization", [("ClusterName", names.clusterName), ("ServiceName", service)]),
            statistic: .average, period: 1, evaluationPeriods: minutes, datapointsToAlarm: minutes,
            threshold: Self.threshold, comparison: out ? .greater : .less,
            actions: [.alarm: [names.policy(policy)]],
            configuredAt: now, stateSince: now)
        return (policy, alarm)
    }
}
