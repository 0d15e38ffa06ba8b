/// Task definitions: registered, described, listed, deregistered.
extension ECS {
    func registerTaskDefinition(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let definition = await control.register(try TaskDefinitionReader(given).definition())
        return [
            "taskDefinition": shapes(await control.state, include: nil).taskDefinition(definition),
            "tags": ECSShapes.tags(definition.tags),
        ]
    }

    func describeTaskDefinition(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        guard let reference = try given.string("taskDefinition"), !reference.isEmpty else {
            throw APIError("ClientException", "Task definition can not be blank.")
        }
        let state = await control.state
        guard let definition = state.definitions.find(reference) else {
            throw APIError("ClientException", "Unable to describe task definition.")
        }
        let shapes = shapes(state, include: try given.strings("include"))
        var members: [(String, JSONValue)] = [("taskDefinition", shapes.taskDefinition(definition))]
        if shapes.includesTags { members.append(("tags", ECSShapes.tags(definition.tags))) }
        return .object(members)
    }

    /// Only by `family:revision` or ARN, as ECS has it. Services go on running an inactive revision.
    func deregisterTaskDefinition(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        guard let reference = try given.string("taskDefinition"), !reference.isEmpty else {
            throw APIError("ClientException", "Task definition can not be blank.")
        }
        let name = reference.split(separator: "/").last.map(String.init) ?? reference
        guard name.contains(":") else {
            throw Self.invalid("Missing version number: \(name)")
        }
        guard let found = await control.state.definitions.find(reference),
            let gone = await control.deregister(found.id)
        else {
            throw APIError("ClientException", "The specified task definition does not exist.")
        }
        return ["taskDefinition": shapes(await control.state, include: nil).taskDefinition(gone)]
    }

    func listTaskDefinitions(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let status = try given.string("status") ?? "ACTIVE"
        guard ["ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"].contains(status) else {
            throw APIError("ClientException", "status should be one of [ACTIVE,INACTIVE,DELETE_IN_PROGRESS]")
        }
        let sort = try given.string("sort") ?? "ASC"
        guard ["ASC", "DESC"].contains(sort) else { throw Self.invalid("sort should be one of [ASC,DESC]") }
        let family = try given.string("familyPrefix")
        let wanted = await control.state.definitions.all.filter {
            (family == nil || $0.id.family == family) && status == ($0.isActive ? "ACTIVE" : "INACTIVE")
        }.map(\.id)
        // Pages go by a key: the number filled up with zeros, and turned round for the newest first.
        func key(_ id: RevisionID) -> String {
            let number = String(sort == "ASC" ? id.number : 1_000_000 - id.number)
            return id.family + ":" + String(repeating: "0", count: max(0, 7 - number.count)) + number
        }
        let page = try page(wanted, by: key, given, size: 100)
        var members: [(String, JSONValue)] = [
            ("taskDefinitionArns", .list(page.items.map(names.taskDefinition)))
        ]
        if let next = page.next { members.append(("nextToken", .string(next))) }
        return .object(members)
    }

    func listTaskDefinitionFamilies(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let status = try given.string("status") ?? "ALL"
        guard ["ACTIVE", "INACTIVE", "ALL"].contains(status) else {
            throw Self.invalid("status should be one of [ACTIVE,INACTIVE,ALL]")
        }
        let prefix = try given.string("familyPrefix") ?? ""
        let definitions = await control.state.definitions
        let families = definitions.familyNames.filter { family in
            let isActive = definitions.revisions(of: family).contains(where: \.isActive)
            return family.hasPrefix(prefix) && (status == "ALL" || isActive == (status == "ACTIVE"))
        }
        return listing("families", try page(families, by: { $0 }, given, size: 100))
    }
}

extension ECSShapes {
    func taskDefinition(_ definition: TaskDefinition) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("taskDefinitionArn", .string(names.taskDefinition(definition.id))),
            ("containerDefinitions", [container(definition.container)]),
            ("family", .string(definition.id.family)), ("revision", .int(definition.id.number)),
            ("status", definition.isActive ? "ACTIVE" : "INACTIVE"),
            ("networkMode", .string(definition.networkMode)), ("volumes", []), ("placementConstraints", []),
            ("compatibilities", ["EC2", "FARGATE"]),
            ("requiresCompatibilities", .list(definition.compatibilities)),
            ("cpu", .string("\(definition.cpu)")), ("memory", .string("\(definition.memory)")),
            ("registeredAt", date(definition.registeredAt)),
        ]
        if let role = definition.executionRole { members.append(("executionRoleArn", .string(role))) }
        if let role = definition.taskRole { members.append(("taskRoleArn", .string(role))) }
        if let time = definition.deregisteredAt { members.append(("deregisteredAt", date(time))) }
        return .object(members)
    }

    private func container(_ container: TaskDefinition.Container) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("name", .string(container.name)), ("image", .string(container.image)),
            ("cpu", .int(container.cpu)), ("essential", true),
            ("portMappings", .array(container.portMappings.map(port))),
            ("environment", Self.variables(container.environment)), ("mountPoints", []), ("volumesFrom", []),
        ]
        if let memory = container.memory { members.append(("memory", .int(memory))) }
        if let memory = container.memoryReservation { members.append(("memoryReservation", .int(memory))) }
        if !container.entryPoint.isEmpty { members.append(("entryPoint", .list(container.entryPoint))) }
        if !container.command.isEmpty { members.append(("command", .list(container.command))) }
        if let check = container.healthCheck {
            members.append(
                (
                    "healthCheck",
                    [
                        "command": .list(check.command), "interval": .int(check.interval),
                        "timeout": .int(check.timeout), "retries": .int(check.retries),
                        "startPeriod": .int(check.startPeriod),
                    ]
                ))
        }
        if let log = container.log {
            let options = log.options.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
            members.append(
                ("logConfiguration", ["logDriver": .string(log.driver), "options": .object(options)]))
        }
        return .object(members)
    }

    private func port(_ port: TaskDefinition.PortMapping) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("containerPort", .int(port.containerPort)), ("hostPort", .int(port.containerPort)),
            ("protocol", .string(port.networkProtocol)),
        ]
        if let name = port.name { members.append(("name", .string(name))) }
        if let kind = port.appProtocol { members.append(("appProtocol", .string(kind))) }
        return .object(members)
    }
}
