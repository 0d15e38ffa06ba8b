/// How ECS writes clusters, services, tasks and task definitions.
struct ECSShapes {
    let state: ClusterState
    let names: ResourceNames
    let clock: any LabClock
    let includesTags: Bool

    /// Every resource of the lab carries the same; without `include: TAGS` ECS shows an empty list.
    var tags: JSONValue {
        .array(
            ResourceTags.standard(project: names.project).map {
                ["key": .string($0.key), "value": .string($0.value)]
            })
    }

    private var shownTags: JSONValue { includesTags ? tags : [] }

    private func date(_ time: Duration) -> JSONValue { .date(clock.calendar(time)) }

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
            ("taskDefinition", .string(names.taskDefinition(name, service.primary.revision))),
            ("loadBalancers", loadBalancers(service)), ("serviceRegistries", []),
            ("networkConfiguration", network(state.subnets)),
            ("deploymentConfiguration", deploymentConfiguration(service)),
            ("deployments", .array(service.deployments.map { deployment($0, of: service) })),
            ("events", .array(service.events.map(event))), ("createdAt", date(service.createdAt)),
            ("createdBy", .string("arn:aws:iam::\(names.account):user/loadchaos-lab")),
            ("placementConstraints", []), ("placementStrategy", []), ("schedulingStrategy", "REPLICA"),
            ("deploymentController", ["type": "ECS"]), ("enableECSManagedTags", false),
            ("propagateTags", "SERVICE"), ("enableExecuteCommand", false),
            ("availabilityZoneRebalancing", "DISABLED"), ("tags", shownTags),
        ]
        if service.targetGroup != nil {
            members.append(
                ("healthCheckGracePeriodSeconds", .int(Int(state.scenarioTimes.targetGrace.inSeconds))))
        }
        return .object(members)
    }

    private func loadBalancers(_ service: ECSService) -> JSONValue {
        guard let group = service.targetGroup else { return [] }
        return [
            [
                "targetGroupArn": .string(group), "containerName": .string(service.name),
                "containerPort": .int(service.blueprint.port),
            ]
        ]
    }

    private func network(_ subnets: [String]) -> JSONValue {
        [
            "awsvpcConfiguration": [
                "subnets": .list(subnets), "securityGroups": [], "assignPublicIp": "DISABLED",
            ]
        ]
    }

    private func deploymentConfiguration(_ service: ECSService) -> JSONValue {
        [
            "deploymentCircuitBreaker": ["enable": false, "rollback": false],
            "maximumPercent": .int(service.maximumPercent),
            "minimumHealthyPercent": .int(service.minimumHealthyPercent), "strategy": "ROLLING",
        ]
    }

    private func deployment(_ deployment: ECSService.Deployment, of service: ECSService) -> JSONValue {
        let tasks = state.tasks.filter { $0.deployment == deployment.id }
        let done = deployment.isCompleted
        let shape: JSONValue = [
            "id": .string(deployment.id), "status": deployment == service.primary ? "PRIMARY" : "ACTIVE",
            "taskDefinition": .string(names.taskDefinition(service.name, deployment.revision)),
            "desiredCount": .int(service.desiredCount),
            "pendingCount": .int(tasks.count { $0.status < .running }),
            "runningCount": .int(tasks.count { $0.status == .running }),
            "failedTasks": .int(deployment.failedTasks),
            "createdAt": date(deployment.createdAt), "updatedAt": date(deployment.updatedAt),
            "platformVersion": "1.4.0", "platformFamily": "Linux",
            "networkConfiguration": network(state.subnets),
            "rolloutState": done ? "COMPLETED" : "IN_PROGRESS",
            "rolloutStateReason": .string(
                "ECS deployment \(deployment.id) \(done ? "completed" : "in progress")."),
        ]
        return shape.adding(capacity(service))
    }

    private func event(_ event: ECSService.Event) -> JSONValue {
        ["id": .string(event.id), "createdAt": date(event.at), "message": .string(event.message)]
    }

    func taskDefinition(_ service: ECSService, _ revision: Int) -> JSONValue {
        let blueprint = service.blueprint
        let times = state.scenarioTimes
        let container: JSONValue = [
            "name": .string(blueprint.name), "image": .string(blueprint.image), "cpu": 0, "essential": true,
            "portMappings": [
                [
                    "containerPort": .int(blueprint.port), "hostPort": .int(blueprint.port),
                    "protocol": "tcp",
                    "name": .string(blueprint.name),
                ]
            ], "environment": [], "mountPoints": [], "volumesFrom": [],
            "healthCheck": [
                "command": ["CMD-SHELL", .string(blueprint.healthCommand)],
                "interval": .int(Int(times.healthInterval.inSeconds)), "timeout": 5,
                "retries": .int(state.healthRetries), "startPeriod": .int(Int(times.healthStart.inSeconds)),
            ],
        ]
        return [
            "taskDefinitionArn": .string(names.taskDefinition(service.name, revision)),
            "containerDefinitions": [container], "family": .string(names.family(service.name)),
            "revision": .int(revision), "status": "ACTIVE", "networkMode": "awsvpc", "volumes": [],
            "placementConstraints": [], "compatibilities": ["EC2", "FARGATE"],
            "requiresCompatibilities": ["FARGATE"], "cpu": .string("\(blueprint.cpu)"),
            "memory": .string("\(blueprint.memory)"), "registeredAt": date(service.createdAt),
        ]
    }
}
