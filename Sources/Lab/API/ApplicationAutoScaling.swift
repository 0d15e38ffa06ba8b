/// Application Auto Scaling: scalable targets, step policies, activities.
struct ApplicationAutoScaling {
    let control: ControlPlane
    private var names: ResourceNames { control.names }
    private var monitoring: Monitoring { control.monitoring }
    private static let dimension = "ecs:service:DesiredCount"

    func answer(_ action: String, _ given: JSONParameters) async throws(APIError) -> JSONValue {
        let given = WireParameters(given)
        switch action {
        case "RegisterScalableTarget": return try await register(given)
        case "DeregisterScalableTarget": return try await deregister(given)
        case "DescribeScalableTargets": return try await describeTargets(given)
        case "PutScalingPolicy": return try await putPolicy(given)
        case "DeleteScalingPolicy": return try await deletePolicy(given)
        case "DescribeScalingPolicies": return try await describePolicies(given)
        case "DescribeScalingActivities": return try await describeActivities(given)
        case "ListTagsForResource": return try await listTags(given)
        default:
            throw APIError(
                "UnknownOperationException", "The lab's application-autoscaling serves no \(action).")
        }
    }

    private static func invalid(_ message: String) -> APIError { APIError("ValidationException", message) }

    private static func needed<Value>(_ value: Value?, _ key: String) throws(APIError) -> Value {
        guard let value else {
            let member = key.prefix(1).lowercased() + key.dropFirst()
            throw invalid(
                "1 validation error detected: Value null at '\(member)' failed to satisfy constraint: "
                    + "Member must not be null")
        }
        return value
    }

    private static func checkNamespace(_ given: WireParameters) throws(APIError) {
        let namespace = try needed(try given.string("ServiceNamespace"), "ServiceNamespace")
        guard namespace == "ecs" else {
            throw invalid("The lab scales nothing in the namespace '\(namespace)'.")
        }
        if let asked = try given.string("ScalableDimension"), asked != dimension {
            throw invalid("Unsupported service namespace, resource type or scalable dimension: ecs, \(asked)")
        }
    }

    /// The service of a `ResourceId`: `service/CLUSTER/NAME`.
    private func service(_ given: WireParameters) async throws(APIError) -> String {
        try Self.checkNamespace(given)
        _ = try Self.needed(try given.string("ScalableDimension"), "ScalableDimension")
        let resource = try Self.needed(try given.string("ResourceId"), "ResourceId")
        let services = await control.state.services.map(\.name)
        guard let name = services.first(where: { names.scalableResource($0) == resource }) else {
            throw Self.invalid("ECS service doesn't exist: \(resource)")
        }
        return name
    }

    private func page<Item>(
        _ items: [Item], by key: (Item) -> String, _ given: WireParameters
    ) throws(APIError) -> Page<Item> {
        let size = try given.int("MaxResults") ?? 50
        guard (1...50).contains(size) else {
            throw Self.invalid("MaxResults must be between 1 and 50, was \(size).")
        }
        guard let page = Page(items, by: key, after: try given.string("NextToken"), size: size) else {
            throw APIError("InvalidNextTokenException", "The next token is not valid.")
        }
        return page
    }

    private func date(_ time: Duration) -> JSONValue { .date(control.clock.calendar(time)) }

    private func missingTarget(_ service: String) -> APIError {
        APIError(
            "ObjectNotFoundException",
            "No scalable target found for service namespace: ecs, resource ID: \(names.scalableResource(service)), "
                + "scalable dimension: \(Self.dimension)")
    }

    /// What every answer about a service's scaling begins with.
    private func subject(_ service: String) -> [(String, JSONValue)] {
        [
            ("ServiceNamespace", "ecs"), ("ResourceId", .string(names.scalableResource(service))),
            ("ScalableDimension", .string(Self.dimension)),
        ]
    }

    // MARK: Targets

    private func register(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let service = try await service(given)
        let old = await monitoring.targets[service]
        let minimum = try given.int("MinCapacity") ?? old?.minimum
        let maximum = try given.int("MaxCapacity") ?? old?.maximum
        guard let minimum, let maximum else {
            throw Self.invalid("MinCapacity and MaxCapacity are needed to register a new scalable target.")
        }
        guard minimum >= 0, minimum <= maximum, maximum <= ECS.mostTasks else {
            throw Self.invalid(
                "Maximum capacity must be at least the minimum, \(minimum), and in the lab at most \(ECS.mostTasks)."
            )
        }
        let suspended = try given.object("SuspendedState")
        let target = await monitoring.register(
            service, minimum...maximum, scaleIn: try suspended?.bool("DynamicScalingInSuspended"),
            scaleOut: try suspended?.bool("DynamicScalingOutSuspended"),
            scheduled: try suspended?.bool("ScheduledScalingSuspended"))
        await monitoring.bringWithinLimits(service, control)
        return ["ScalableTargetARN": .string(names.scalableTarget(target))]
    }

    private func deregister(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let service = try await service(given)
        guard await monitoring.deregister(service) else { throw missingTarget(service) }
        return [:]
    }

    private func describeTargets(_ given: WireParameters) async throws(APIError) -> JSONValue {
        try Self.checkNamespace(given)
        let wanted = try given.strings("ResourceIds")
        let targets = await monitoring.targets.values.filter {
            wanted?.contains(names.scalableResource($0.service)) ?? true
        }
        let page = try page(Array(targets), by: \.service, given)
        let role =
            "arn:aws:iam::\(names.account):role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
            + "AWSServiceRoleForApplicationAutoScaling_ECSService"
        let shapes = page.items.map { target -> JSONValue in
            .object(
                subject(target.service) + [
                    ("MinCapacity", .int(target.minimum)), ("MaxCapacity", .int(target.maximum)),
                    ("RoleARN", .string(role)), ("CreationTime", date(target.createdAt)),
                    (
                        "SuspendedState",
                        [
                            "DynamicScalingInSuspended": .bool(target.isScaleInSuspended),
                            "DynamicScalingOutSuspended": .bool(target.isScaleOutSuspended),
                            "ScheduledScalingSuspended": .bool(target.isScheduledSuspended),
                        ]
                    ), ("ScalableTargetARN", .string(names.scalableTarget(target))),
                ])
        }
        return CloudWatch.answer("ScalableTargets", shapes, next: page.next)
    }

    private func listTags(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let arn = try Self.needed(try given.string("ResourceARN"), "ResourceARN")
        guard await monitoring.targets.values.contains(where: { names.scalableTarget($0) == arn }) else {
            throw APIError("ResourceNotFoundException", "Could not find resource with ARN \(arn)")
        }
        return ["Tags": [:]]
    }

    // MARK: Policies

    private func step(_ given: WireParameters) throws(APIError) -> StepScalingPolicy.Step {
        StepScalingPolicy.Step(
            lower: try given.double("MetricIntervalLowerBound"),
            upper: try given.double("MetricIntervalUpperBound"),
            adjustment: try Self.needed(try given.int("ScalingAdjustment"), "ScalingAdjustment"))
    }

    private func putPolicy(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let service = try await service(given)
        let name = try Self.needed(try given.string("PolicyName"), "PolicyName")
        guard (1...256).contains(name.count) else {
            throw Self.invalid("PolicyName must have 1 to 256 characters.")
        }
        guard await monitoring.targets[service] != nil else { throw missingTarget(service) }
        let kind = try given.string("PolicyType") ?? "StepScaling"
        guard kind == "StepScaling", let given = try given.object("StepScalingPolicyConfiguration") else {
            throw Self.invalid(
                "The lab knows step scaling policies only, with a StepScalingPolicyConfiguration.")
        }
        let adjustment = try Self.needed(try given.string("AdjustmentType"), "AdjustmentType")
        guard let adjustment = StepScalingPolicy.Adjustment(rawValue: adjustment) else {
            throw Self.invalid(
                "AdjustmentType must be one of \(StepScalingPolicy.Adjustment.allCases.map(\.rawValue)).")
        }
        var steps: [StepScalingPolicy.Step] = []
        for one in try given.objects("StepAdjustments") ?? [] { steps.append(try step(one)) }
        guard (1...20).contains(steps.count) else {
            throw Self.invalid("There must be 1 to 20 step adjustments.")
        }
        let cooldown = try given.int("Cooldown") ?? 300
        guard (0...86_400).contains(cooldown) else {
            throw Self.invalid("Cooldown must be between 0 and 86400.")
        }
        let policy = await monitoring.put(
            name, of: service, adjustment, steps, cooldown: cooldown,
            aggregation: try given.string("MetricAggregationType"),
            minimum: try given.int("MinAdjustmentMagnitude"))
        guard let policy else {
            throw APIError(
                "LimitExceededException", "The lab keeps \(Monitoring.policiesMax) scaling policies.")
        }
        return ["PolicyARN": .string(names.policy(policy)), "Alarms": []]
    }

    private func deletePolicy(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let service = try await service(given)
        let name = try Self.needed(try given.string("PolicyName"), "PolicyName")
        guard await monitoring.delete(policy: name, of: service) else {
            throw APIError("ObjectNotFoundException", "No scaling policy found for policy name: \(name)")
        }
        return [:]
    }

    private func describePolicies(_ given: WireParameters) async throws(APIError) -> JSONValue {
        try Self.checkNamespace(given)
        let wanted = try given.strings("PolicyNames") ?? []
        let resource = try given.string("ResourceId")
        let policies = await monitoring.policies.values.filter {
            (wanted.isEmpty || wanted.contains($0.name))
                && (resource ?? names.scalableResource($0.service))
                    == names.scalableResource($0.service)
        }
        let alarms = await monitoring.alarms
        let page = try page(Array(policies), by: \.id, given)
        return CloudWatch.answer("ScalingPolicies", page.items.map { shape($0, alarms) }, next: page.next)
    }

    private func shape(_ policy: StepScalingPolicy, _ alarms: [String: MetricAlarm]) -> JSONValue {
        let arn = names.policy(policy)
        let triggering = alarms.values.filter { $0.actions.values.joined().contains(arn) }.map(\.name)
            .sorted()
        let steps = policy.steps.map { step -> JSONValue in
            .object(
                (step.lower.map { [("MetricIntervalLowerBound", .double($0))] } ?? [])
                    + (step.upper.map { [("MetricIntervalUpperBound", .double($0))] } ?? [])
                    + [("ScalingAdjustment", .int(step.adjustment))])
        }
        var configuration: [(String, JSONValue)] = [
            ("AdjustmentType", .string(policy.adjustment.rawValue)), ("StepAdjustments", .array(steps)),
            ("Cooldown", .int(policy.cooldown)),
        ]
        if let aggregation = policy.aggregation {
            configuration.append(("MetricAggregationType", .string(aggregation)))
        }
        if let least = policy.minimumMagnitude {
            configuration.append(("MinAdjustmentMagnitude", .int(least)))
        }
        return .object(
            [("PolicyARN", .string(arn)), ("PolicyName", .string(policy.name))] + subject(policy.service) + [
                ("PolicyType", "StepScaling"), ("StepScalingPolicyConfiguration", .object(configuration)),
                (
                    "Alarms",
                    .array(
                        triggering.map { ["AlarmName": .string($0), "AlarmARN": .string(names.alarm($0))] })
                ), ("CreationTime", date(policy.createdAt)),
            ])
    }

    // MARK: Activities

    private func describeActivities(_ given: WireParameters) async throws(APIError) -> JSONValue {
        try Self.checkNamespace(given)
        let resource = try given.string("ResourceId")
        let includesIdle = try given.bool("IncludeNotScaledActivities") ?? false
        let activities = await monitoring.activities.filter {
            (resource ?? names.scalableResource($0.service)) == names.scalableResource($0.service)
                && (includesIdle || $0.notScaledReason == nil)
        }
        // Newest first, and so that a page's token stays right while more come.
        func order(_ activity: ScalingActivity) -> String {
            let age = String(Int(1e12) - Int(activity.startedAt.inSeconds * 1000))
            return String(repeating: "0", count: max(0, 13 - age.count)) + age + activity.id
        }
        let page = try page(activities, by: order, given)
        return CloudWatch.answer("ScalingActivities", page.items.map(shape), next: page.next)
    }

    private func shape(_ activity: ScalingActivity) -> JSONValue {
        var members: [(String, JSONValue)] =
            [("ActivityId", .string(activity.id))] + subject(activity.service) + [
                ("Description", .string(activity.description)), ("Cause", .string(activity.cause)),
                ("StartTime", date(activity.startedAt)),
            ]
        if let end = activity.endedAt { members.append(("EndTime", date(end))) }
        members += [
            ("StatusCode", .string(activity.status.rawValue)), ("StatusMessage", .string(activity.message)),
        ]
        if let reason = activity.notScaledReason {
            members.append(
                (
                    "NotScaledReasons",
                    [
                        [
                            "Code": .string(reason), "CurrentCapacity": .int(activity.from),
                            reason == "AlreadyAtMaxCapacity" ? "MaxCapacity" : "MinCapacity": .int(
                                activity.to),
                        ]
                    ]
                ))
        }
        return .object(members)
    }
}

/// What the API changes in what scales.
extension Monitoring {
    static let policiesMax = 100

    /// A suspension that is nil stays as it is.
    func register(
        _ service: String, _ limits: ClosedRange<Int>, scaleIn: Bool?, scaleOut: Bool?, scheduled: Bool?
    ) -> ScalableTarget {
        var target =
            targets[service]
            ?? ScalableTarget(
                service: service, minimum: limits.lowerBound, maximum: limits.upperBound, key: ids.hex(32),
                createdAt: clock.now)
        (target.minimum, target.maximum) = (limits.lowerBound, limits.upperBound)
        target.isScaleInSuspended = scaleIn ?? target.isScaleInSuspended
        target.isScaleOutSuspended = scaleOut ?? target.isScaleOutSuspended
        target.isScheduledSuspended = scheduled ?? target.isScheduledSuspended
        targets[service] = target
        return target
    }

    /// Its policies go with it; the alarms stay, as those a user has made do on AWS.
    func deregister(_ service: String) -> Bool {
        guard targets.removeValue(forKey: service) != nil else { return false }
        policies = policies.filter { $0.value.service != service }
        return true
    }

    /// Nil when there are too many.
    func put(
        _ name: String, of service: String, _ adjustment: StepScalingPolicy.Adjustment,
        _ steps: [StepScalingPolicy.Step], cooldown: Int, aggregation: String?, minimum: Int?
    ) -> StepScalingPolicy? {
        let old = policies["\(service)/\(name)"]
        guard old != nil || policies.count < Self.policiesMax else { return nil }
        let policy = StepScalingPolicy(
            name: name, service: service, adjustment: adjustment, steps: steps, cooldown: cooldown,
            aggregation: aggregation, minimumMagnitude: minimum, key: old?.key ?? ids.uuid(),
            createdAt: old?.createdAt ?? clock.now)
        policies[policy.id] = policy
        return policy
    }

    func delete(policy name: String, of service: String) -> Bool {
        policies.removeValue(forKey: "\(service)/\(name)") != nil
    }
}
