/// How ECS writes clusters, services, tasks and task definitions.
struct ECSShapes {
    let state: ClusterState
    let names: ResourceNames
    let clock: any LabClock
    let includesTags: Bool

    /// Every resource of the lab carries the same, until somebody changes a service's; without `include: TAGS` ECS
    /// shows an empty list.
    var tags: JSONValue { Self.tags(ResourceTags.standard(project: names.project)) }

    static func tags(_ tags: [Tag]) -> JSONValue {
        .array(tags.map { ["key": .string($0.key), "value": .string($0.value)] })
    }

    func tags(of service: ECSService) -> JSONValue { service.tags.map { Self.tags($0.all) } ?? tags }

    private var shownTags: JSONValue { includesTags ? tags : [] }

    func date(_ time: Duration) -> JSONValue { .date(clock.calendar(time)) }

    func cluster() -> JSONValue {
        [
            "clusterArn": .string(names.cluster), "clusterName": .string(names.clusterName),
            "status": "ACTIVE",
            "registeredContainerInstancesCount": 0,
            "runningTasksCount": .int(state.tasks.count { $0.status == .running }),
            "pendingTasksCount": .int(state.tasks.count { $0.status < .running }),
            "activeServicesCount": .int(state.services.count), "statistics": [], "tags": shownTags,
            "settings": [],
            "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": [],
        ]
    }

    func service(_ service: ECSService) -> JSONValue {
        let name = service.name
        var members: [(String, JSONValue)] = [
            ("serviceArn", .string(names.service(name))), ("serviceName", .string(name)),
            ("clusterArn", .string(names.cluster)), ("status", "ACTIVE"),
            ("desiredCount", .int(service.desiredCount)), ("runningCount", .int(state.runningCount(name))),
            ("pendingCount", .int(state.pendingCount(name))), capacity(service),
            ("platformVersion", "LATEST"), ("platformFamily", "Linux"),
            ("taskDefinition", .string(names.taskDefinition(service.primary.definition))),
            ("loadBalancers", loadBalancers(service)), ("serviceRegistries", []),
            ("networkConfiguration", network(service.primary.network)),
            ("deploymentConfiguration", deploymentConfiguration(service)),
            ("deployments", .array(service.deployments.map { deployment($0, of: service) })),
            ("events", .array(service.events.map(event))), ("createdAt", date(service.createdAt)),
            ("createdBy", .string("arn:aws:iam::\(names.account):user/loadchaos-lab")),
            ("placementConstraints", []), ("placementStrategy", []), ("schedulingStrategy", "REPLICA"),
            ("deploymentController", ["type": "ECS"]), ("enableECSManagedTags", false),
            ("propagateTags", "SERVICE"), ("enableExecuteCommand", false),
            ("availabilityZoneRebalancing", "DISABLED"), ("tags", includesTags ? tags(of: service) : []),
        ]
        if service.targetGroup != nil {
            members.append(
                ("healthCheckGracePeriodSeconds", .int(Int(state.scenarioTimes.targetGrace.inSeconds))))
        }
        return .object(members)
    }

    func loadBalancers(_ service: ECSService) -> JSONValue {
        guard let group = service.targetGroup else { return [] }
        return [
            [
                "targetGroupArn": .string(group), "containerName": .string(service.name),
                "containerPort": .int(service.blueprint.port),
            ]
        ]
    }

    func network(_ network: TaskNetwork) -> JSONValue {
        [
            "awsvpcConfiguration": [
                "subnets": .list(network.subnets.isEmpty ? state.subnets : network.subnets),
                "securityGroups": .list(network.securityGroups), "assignPublicIp": "DISABLED",
            ]
        ]
    }

    func deploymentConfiguration(_ service: ECSService) -> JSONValue {
        [
            "deploymentCircuitBreaker": [
                "enable": .bool(service.breaker.isEnabled), "rollback": .bool(service.breaker.rollsBack),
            ],
            "maximumPercent": .int(service.maximumPercent),
            "minimumHealthyPercent": .int(service.minimumHealthyPercent), "strategy": "ROLLING",
        ]
    }

    private func deployment(_ deployment: Deployment, of service: ECSService) -> JSONValue {
        let tasks = state.tasks.filter { $0.deployment == deployment.id }
        let isPrimary = deployment.id == service.primary.id
        let progress =
            switch deployment.rollout {
            case .completed: "completed"
            case .inProgress: "in progress"
            case .failed: "failed"
            }
        let shape: JSONValue = [
            "id": .string(deployment.id), "status": isPrimary ? "PRIMARY" : "ACTIVE",
            "taskDefinition": .string(names.taskDefinition(deployment.definition)),
            "desiredCount": .int(isPrimary ? service.desiredCount : tasks.count(where: \.isWanted)),
            "pendingCount": .int(tasks.count { $0.status < .running }),
            "runningCount": .int(tasks.count { $0.status == .running }),
            "failedTasks": .int(deployment.failedTasks),
            "createdAt": date(deployment.createdAt), "updatedAt": date(deployment.updatedAt),
            "platformVersion": "1.4.0", "platformFamily": "Linux",
            "networkConfiguration": network(deployment.network),
            "rolloutState": .string(deployment.rollout.rawValue),
            "rolloutStateReason": .string(
                deployment.reason ?? "ECS deployment \(deployment.id) \(progress)."),
        ]
        return shape.adding(capacity(service))
    }

    private func event(_ event: ECSService.Event) -> JSONValue {
        ["id": .string(event.id), "createdAt": date(event.at), "message": .string(event.message)]
    }
}
