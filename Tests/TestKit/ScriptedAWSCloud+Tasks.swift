import Foundation

/// What the scripted cloud does to tasks beside stopping them: wanting more or fewer, SSM's commands, FIS's
/// experiments.
extension ScriptedAWSCloud {
    package struct Command: Hashable, Sendable {
        package var id: String
        package var comment: String
        package var instances: [String]
        package var status: String

        package init(id: String, comment: String, instances: [String], status: String = "InProgress") {
            self.id = id
            self.comment = comment
            self.instances = instances
            self.status = status
        }
    }
}

extension ScriptedAWSCloud.State {
    mutating func updateService(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        let name = request.field("service") ?? ""
        guard desired[name] != nil else {
            return .status(400, #"{"__type":"ServiceNotFoundException","message":"no such service"}"#)
        }
        let object = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any]
        if let network = object?["networkConfiguration"] as? [String: [String: Any]] {
            placements[name] = network["awsvpcConfiguration"]?["subnets"] as? [String]
        }
        if let revision = object?["taskDefinition"] as? String { revisions.current[name] = revision }
        guard let count = object?["desiredCount"] as? Int else {
            return Self.json(["service": service(name)])
        }
        want(count, of: name)
        return Self.json(["service": service(name)])
    }

    /// A task that no service has started, and what it has written.
    mutating func byHand(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        guard request.action == "RunTask" else {
            return Self.json(["events": taskLog.map { ["message": $0] }])
        }
        let revision = request.field("taskDefinition") ?? ""
        guard let service = revisions.current.first(where: { $0.value == revision })?.key else {
            return .status(400, #"{"__type":"ClientException","message":"TaskDefinition not found."}"#)
        }
        tasks.append(
            .init(
                id: "hand\(nextID)", service: service, zone: ScriptedAWSCloud.zones[0],
                startedBy: request.field("startedBy")))
        nextID += 1
        return Self.json(["tasks": [Self.shape(tasks[tasks.count - 1])], "failures": []])
    }

    /// Of a service.
    mutating func changeTags(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        let name = String((request.field("resourceArn") ?? "").split(separator: "/").last ?? "")
        let object = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any]
        for tag in object?["tags"] as? [[String: String]] ?? [] {
            serviceTags[name]?[tag["key"] ?? ""] = tag["value"]
        }
        for key in request.list("tagKeys") { serviceTags[name]?[key] = nil }
        return Self.json([:])
    }

    /// At once: tasks stop and start in no time.
    mutating func want(_ count: Int, of name: String) {
        desired[name] = count
        let running = tasks.indices.filter {
            tasks[$0].service == name && tasks[$0].startedBy == nil && tasks[$0].desiredStatus == "RUNNING"
        }
        for index in running.dropFirst(count) {
            tasks[index].desiredStatus = "STOPPED"
            tasks[index].lastStatus = "STOPPED"
        }
        for number in 0..<max(0, count - running.count) {
            let zone = ScriptedAWSCloud.zones[number % 2]
            tasks.append(.init(id: "fresh\(nextID)", service: name, zone: zone))
            nextID += 1
        }
    }

    /// A task's managed instance is `mi-` and its id.
    mutating func ssm(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        let object = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any] ?? [:]
        switch request.action {
        case "DescribeInstanceInformation":
            let filters = object["Filters"] as? [[String: Any]] ?? []
            let arns = filters.first?["Values"] as? [String] ?? []
            let found = tasks.filter { arns.contains($0.arn) && $0.lastStatus == "RUNNING" }
            return Self.json([
                "InstanceInformationList": found.map {
                    ["InstanceId": "mi-\($0.id)", "PingStatus": "Online"]
                }
            ])
        case "SendCommand":
            let command = ScriptedAWSCloud.Command(
                id: "command-\(nextID)", comment: request.field("Comment") ?? "",
                instances: request.list("InstanceIds"))
            nextID += 1
            commands.append(command)
            return Self.json(["Command": ["CommandId": command.id]])
        case "CancelCommand":
            let at = commands.firstIndex { $0.id == request.field("CommandId") }
            guard let at else {
                return .status(400, #"{"__type":"InvalidCommandId","message":"no such command"}"#)
            }
            commands[at].status = "Cancelled"
            return Self.json([:])
        case "ListCommands":
            return Self.json([
                "Commands": commands.map { ["CommandId": $0.id, "Comment": $0.comment, "Status": $0.status] }
            ])
        default:
            let wanted = commands.filter { $0.id == request.field("CommandId") }
            return Self.json([
                "CommandInvocations": wanted.flatMap { command in
                    command.instances.map { ["InstanceId": $0, "Status": command.status] }
                }
            ])
        }
    }

    mutating func fis(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        let parts = request.path.split(separator: "/").map(String.init)
        switch (request.method, parts.count) {
        case ("GET", 1):
            return Self.json([
                "experimentTemplates": templates.sorted { $0.key < $1.key }.map {
                    ["id": $0.key, "tags": ["loadchaos:fault": "interrupt \($0.value)"]]
                }
            ])
        case ("POST", 1):
            let service = templates[request.field("experimentTemplateId") ?? ""]
            let at = tasks.firstIndex {
                $0.service == service && $0.capacityProvider == "FARGATE_SPOT"
                    && $0.desiredStatus == "RUNNING"
            }
            guard let at else { return .status(404, #"{"message":"not found"}"#) }
            tasks[at].desiredStatus = "STOPPED"
            tasks[at].lastStatus = "STOPPED"
            tasks[at].stopCode = "SpotInterruption"
            tasks[at].reason = "Your Spot Task was interrupted."
            var fresh = tasks[at]
            (fresh.id, fresh.lastStatus, fresh.desiredStatus) = ("new\(nextID)", "RUNNING", "RUNNING")
            (fresh.stopCode, fresh.reason) = (nil, nil)
            let id = "EXP\(nextID)"
            nextID += 1
            experiments[id] = tasks[at].arn
            tasks.append(fresh)
            return Self.json(["experiment": ["id": id, "state": ["status": "completed", "reason": "done"]]])
        case ("GET", 2):
            return Self.json([
                "experiment": ["id": parts[1], "state": ["status": "completed", "reason": "done"]]
            ])
        default:
            let arn = experiments[parts[1]] ?? ""
            return Self.json([
                "resolvedTargets": [["resourceType": "aws:ecs:task", "targetInformation": ["taskArn": arn]]]
            ])
        }
    }
}
