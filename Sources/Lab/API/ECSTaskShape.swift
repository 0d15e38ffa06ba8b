extension ECSShapes {
    /// One task as DescribeTasks and StopTask write it. Times appear once they have come.
    func task(_ task: ECSTask) -> JSONValue {
        let definition = state.definitions[task.definition]
        var members: [(String, JSONValue)] = [
            ("taskArn", .string(names.task(task.id))), ("clusterArn", .string(names.cluster)),
            ("taskDefinitionArn", .string(names.taskDefinition(task.definition))),
            ("group", .string(task.group)), ("startedBy", .string(task.deployment)),
            ("launchType", "FARGATE"), ("platformVersion", "1.4.0"), ("platformFamily", "Linux"),
            ("availabilityZone", .string(task.zone)), ("lastStatus", .string(task.status.rawValue)),
            ("desiredStatus", task.isWanted ? "RUNNING" : "STOPPED"),
            ("healthStatus", .string(task.health.status.rawValue)),
            ("cpu", .string("\(definition?.cpu ?? 0)")),
            ("memory", .string("\(definition?.memory ?? 0)")), ("attachments", [attachment(task)]),
            ("containers", [container(task, definition?.container)]),
            ("overrides", overrides(task, definition?.container.name ?? "")),
            ("enableExecuteCommand", false), ("tags", includesTags ? tags : []),
            ("version", .int(TaskStatus.allCases.firstIndex(of: task.status).map { $0 + 1 } ?? 1)),
            ("createdAt", .date(clock.calendar(task.createdAt))),
        ]
        if let provider = task.capacityProvider {
            members.append(("capacityProviderName", .string(provider.rawValue)))
        }
        for (key, time) in [
            ("startedAt", task.startedAt), ("stoppingAt", task.stoppingAt), ("stoppedAt", task.stoppedAt),
        ] {
            if let time { members.append((key, .date(clock.calendar(time)))) }
        }
        if let cause = task.cause {
            members.append(("stopCode", .string(cause.code)))
            members.append(("stoppedReason", .string(cause.reason)))
        }
        if task.deployment.isEmpty { members.removeAll { $0.0 == "startedBy" } }
        return .object(members)
    }

    private func overrides(_ task: ECSTask, _ container: String) -> JSONValue {
        var members: [(String, JSONValue)] = [("name", .string(container))]
        if let command = task.overrides.command { members.append(("command", .list(command))) }
        if !task.overrides.environment.isEmpty {
            members.append(("environment", Self.variables(task.overrides.environment)))
        }
        return [
            "containerOverrides": members.count > 1 ? [.object(members)] : [],
            "inferenceAcceleratorOverrides": [],
        ]
    }

    static func variables(_ variables: [Tag]) -> JSONValue {
        .array(variables.map { ["name": .string($0.key), "value": .string($0.value)] })
    }

    private func attachment(_ task: ECSTask) -> JSONValue {
        let status =
            switch task.status {
            case .provisioning: "ATTACHING"
            case .stopped: "DELETED"
            default: "ATTACHED"
            }
        let host = "ip-" + task.address.replacing(".", with: "-")
        let details: [(String, String)] = [
            ("subnetId", task.subnet), ("networkInterfaceId", task.interface.interface),
            ("macAddress", task.interface.mac),
            ("privateDnsName", "\(host).\(names.region).compute.internal"),
            ("privateIPv4Address", task.address),
        ]
        return [
            "id": .string(task.interface.attachment), "type": "ElasticNetworkInterface",
            "status": .string(status),
            "details": .array(details.map { ["name": .string($0.0), "value": .string($0.1)] }),
        ]
    }

    private func container(_ task: ECSTask, _ definition: TaskDefinition.Container?) -> JSONValue {
        let status =
            switch task.status {
            case .provisioning, .pending, .activating: "PENDING"
            case .running, .deactivating, .stopping: task.exit == nil ? "RUNNING" : "STOPPED"
            case .deprovisioning, .stopped: "STOPPED"
            }
        var members: [(String, JSONValue)] = [
            ("containerArn", .string(names.container(task.id, task.interface.attachment))),
            ("taskArn", .string(names.task(task.id))), ("name", .string(definition?.name ?? "")),
            ("image", .string(definition?.image ?? "")),
            ("runtimeId", .string("\(task.id.description)-0")), ("lastStatus", .string(status)),
            ("healthStatus", .string(task.health.status.rawValue)), ("cpu", "0"),
            (
                "networkInterfaces",
                [
                    [
                        "attachmentId": .string(task.interface.attachment),
                        "privateIpv4Address": .string(task.address),
                    ]
                ]
            ),
        ]
        if let exit = task.exit {
            if let code = Self.exitCode(exit) { members.append(("exitCode", .int(code))) }
            members.append(("reason", .string(exit)))
        }
        return .object(members)
    }

    /// `exited with 1` is 1, `killed by signal 9` is 137, as a container runtime has it.
    static func exitCode(_ words: String) -> Int? {
        guard let number = words.split(separator: " ").last.flatMap({ Int($0) }) else { return nil }
        return words.contains("signal") ? 128 + number : number
    }
}
