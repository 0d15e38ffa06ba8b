/// Service deployments and service revisions: what ECS tells of a deployment also when it is over.
///
/// A service revision is the deployment that made it, under another name.
extension ECS {
    private static let mostARNs = 20

    func listServiceDeployments(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try checkCluster(given)
        guard let reference = try given.string("service") else {
            throw Self.invalid("Service cannot be empty.")
        }
        let state = await control.state
        guard let service = find(reference, in: state) else {
            throw APIError("ServiceNotFoundException", "Service not found.")
        }
        let wanted = try given.strings("status")
        if let unknown = wanted?.first(where: { !Self.statuses.contains($0) }) {
            throw Self.invalid(
                "status should be one of [\(Self.statuses.joined(separator: ","))], was \(unknown).")
        }
        let found = service.history.enumerated().filter {
            wanted?.contains($0.element.status.rawValue) ?? true
        }
        // Newest first: the place in the story is the key of a page.
        let page = try page(
            Array(found), by: { $0.offset.padded }, given, size: 20)
        let shapes = shapes(state, include: nil)
        var members: [(String, JSONValue)] = [
            ("serviceDeployments", .array(page.items.map { shapes.brief($0.element, of: service) }))
        ]
        if let next = page.next { members.append(("nextToken", .string(next))) }
        return .object(members)
    }

    private static let statuses =
        ServiceDeployment.Status.allCases.map(\.rawValue) + [
            "PENDING", "STOP_REQUESTED", "ROLLBACK_REQUESTED",
        ]

    func describeServiceDeployments(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try await described(given, "serviceDeploymentArns", "serviceDeployments") {
            shapes, deployment, service in
            (names.serviceDeployment(deployment.id, of: service.name), shapes.whole(deployment, of: service))
        }
    }

    func describeServiceRevisions(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try await described(given, "serviceRevisionArns", "serviceRevisions") { shapes, deployment, service in
            (names.serviceRevision(deployment.id, of: service.name), shapes.revision(deployment, of: service))
        }
    }

    private func described(
        _ given: JSONParameters, _ argument: String, _ member: String,
        _ shape: (ECSShapes, ServiceDeployment, ECSService) -> (arn: String, JSONValue)
    ) async throws(APIError) -> JSONValue {
        let wanted = try given.strings(argument) ?? []
        guard (1...Self.mostARNs).contains(wanted.count) else {
            throw Self.invalid("\(argument) must have 1 to \(Self.mostARNs) elements, had \(wanted.count).")
        }
        let state = await control.state
        let shapes = shapes(state, include: nil)
        let all = state.services.flatMap { service in
            service.history.map { shape(shapes, $0, service) }
        }
        var found: [JSONValue] = []
        var failures: [JSONValue] = []
        for arn in wanted {
            if let (_, value) = all.first(where: { $0.arn == arn }) {
                found.append(value)
            } else {
                failures.append(["arn": .string(arn), "reason": "MISSING"])
            }
        }
        return .object([(member, .array(found)), ("failures", .array(failures))])
    }
}

extension ECSShapes {
    fileprivate func brief(_ deployment: ServiceDeployment, of service: ECSService) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("serviceDeploymentArn", .string(names.serviceDeployment(deployment.id, of: service.name))),
            ("serviceArn", .string(names.service(service.name))), ("clusterArn", .string(names.cluster)),
            ("startedAt", date(deployment.createdAt)), ("createdAt", date(deployment.createdAt)),
            ("targetServiceRevisionArn", .string(names.serviceRevision(deployment.id, of: service.name))),
            ("status", .string(deployment.status.rawValue)),
        ]
        if let end = deployment.finishedAt { members.append(("finishedAt", date(end))) }
        if let reason = deployment.reason { members.append(("statusReason", .string(reason))) }
        return .object(members)
    }

    fileprivate func whole(_ deployment: ServiceDeployment, of service: ECSService) -> JSONValue {
        let breaker =
            switch deployment.status {
            case _ where !service.breaker.isEnabled: "DISABLED"
            case .inProgress: "MONITORING"
            case _ where deployment.rollback != nil: "TRIGGERED"
            default: "MONITORING_COMPLETE"
            }
        let limit = CircuitBreaker.threshold(desired: service.desiredCount)
        let threshold = service.breaker.isEnabled ? limit : 0
        var members: [(String, JSONValue)] = [
            ("serviceDeploymentArn", .string(names.serviceDeployment(deployment.id, of: service.name))),
            ("serviceArn", .string(names.service(service.name))), ("clusterArn", .string(names.cluster)),
            ("createdAt", date(deployment.createdAt)), ("startedAt", date(deployment.createdAt)),
            ("updatedAt", date(deployment.updatedAt)),
            ("sourceServiceRevisions", .array(deployment.sources.map { counts($0, of: service) })),
            ("targetServiceRevision", counts(deployment.id, of: service)),
            ("status", .string(deployment.status.rawValue)),
            ("deploymentConfiguration", deploymentConfiguration(service)),
            (
                "deploymentCircuitBreaker",
                [
                    "status": .string(breaker), "failureCount": .int(deployment.failedTasks),
                    "threshold": .int(threshold),
                ]
            ), ("alarms", ["status": "DISABLED"]),
        ]
        if let end = deployment.finishedAt { members.append(("finishedAt", date(end))) }
        if let reason = deployment.reason { members.append(("statusReason", .string(reason))) }
        if let rollback = deployment.rollback {
            members.append(
                (
                    "rollback",
                    [
                        "reason": .string(deployment.reason ?? ""), "startedAt": date(rollback.startedAt),
                        "serviceRevisionArn": .string(names.serviceRevision(rollback.to, of: service.name)),
                    ]
                ))
        }
        return .object(members)
    }

    /// A revision with its tasks.
    private func counts(_ deployment: String, of service: ECSService) -> JSONValue {
        let tasks = state.tasks.filter { $0.service == service.name && $0.deployment == deployment }
        let isPrimary = deployment == service.primary.id
        return [
            "arn": .string(names.serviceRevision(deployment, of: service.name)),
            "requestedTaskCount": .int(isPrimary ? service.desiredCount : tasks.count(where: \.isWanted)),
            "runningTaskCount": .int(tasks.count { $0.status == .running }),
            "pendingTaskCount": .int(tasks.count { $0.status < .running }),
        ]
    }

    fileprivate func revision(_ deployment: ServiceDeployment, of service: ECSService) -> JSONValue {
        let shape: JSONValue = [
            "serviceRevisionArn": .string(names.serviceRevision(deployment.id, of: service.name)),
            "serviceArn": .string(names.service(service.name)), "clusterArn": .string(names.cluster),
            "taskDefinition": .string(names.taskDefinition(deployment.definition)),
            "platformVersion": "1.4.0", "platformFamily": "Linux",
            "loadBalancers": loadBalancers(service), "serviceRegistries": [],
            "networkConfiguration": network(deployment.network), "createdAt": date(deployment.createdAt),
        ]
        return shape.adding(capacity(service))
    }
}
