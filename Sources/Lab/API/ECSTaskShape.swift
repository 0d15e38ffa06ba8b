extension ECSShapes {
    /// One task as DescribeTasks and StopTask write it. Times appear once they have come.
    func task(_ task: ECSTask) -> JSONValue {
        let blueprint = state.service(task.service)?.blueprint
        var members: [(String, JSONValue)] = [
            ("taskArn", .string(names.task(task.id))), ("clusterArn", .string(names.cluster)),
            ("taskDefinitionArn", .string(names.taskDefinition(task.service, task.revision))),
            ("group", .string("service:\(task.service)")), ("startedBy", .string(task.deployment)),
            ("launchType", "FARGATE"), ("platformVersion", "1.4.0"), ("platformFamily", "Linux"),
            ("availabilityZone", .string(task.zone)), ("lastStatus", .string(task.status.rawValue)),
            ("desiredStatus", task.isWanted ? "RUNNING" : "STOPPED"),
            ("healthStatus", .string(task.health.status.rawValue)),
            ("cpu", .string("\(blueprint?.cpu ?? 0)")),
            ("memory", .string("\(blueprint?.memory ?? 0)")), ("attachments", [attachment(task)]),
            ("containers", [container(task, image: blueprint?.image ?? "")]),
            ("overrides", ["containerOverrides": [], "inferenceAcceleratorOverrides": []]),
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
        return .object(members)
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

    private func container(_ task: ECSTask, image: String) -> JSONValue {
        let status =
            switch task.status {
            case .provisioning, .pending, .activating: "PENDING"
            case .running, .deactivating, .stopping: task.exit == nil ? "RUNNING" : "STOPPED"
            case .deprovisioning, .stopped: "STOPPED"
            }
        var members: [(String, JSONValue)] = [
            ("containerArn", .string(names.container(task.id, task.interface.attachment))),
            ("taskArn", .string(names.task(task.id))), ("name", .string(task.service)),
            ("image", .string(image)),
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
