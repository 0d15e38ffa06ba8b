/// RunTask: tasks by hand.
extension ECS {
    func runTask(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try checkCluster(given)
        guard let reference = try given.string("taskDefinition"), !reference.isEmpty else {
            throw APIError("ClientException", "TaskDefinition can not be blank.")
        }
        let (state, vpc) = await control.snapshot
        guard let definition = state.definitions.find(reference) else {
            throw APIError("ClientException", "TaskDefinition not found.")
        }
        guard definition.isActive else { throw APIError("ClientException", "TaskDefinition is inactive") }
        let count = try given.int("count") ?? 1
        guard (1...10).contains(count) else { throw Self.invalid("Count must be between 1 and 10.") }
        if let type = try given.string("launchType"), type != "FARGATE" {
            throw Self.invalid("No Container Instances were found in your cluster.")
        }
        guard let network = try Self.network(given, vpc, unlike: TaskNetwork()) else {
            throw Self.invalid(
                "Network Configuration must be provided when networkMode 'awsvpc' is specified.")
        }
        var request = TaskRequest(definition: definition.id, count: count, network: network)
        request.overrides = try overrides(given, of: definition)
        request.group = try given.string("group")
        request.startedBy = try given.string("startedBy")
        request.token = try given.string("clientToken")
        if let group = request.group, group.hasPrefix("service:") {
            throw Self.invalid("Invalid group name: \(group). Group names cannot start with 'service:'.")
        }
        if let starter = request.startedBy, starter.count > 128 {
            throw Self.invalid("startedBy cannot be longer than 128 characters.")
        }
        let tasks = await control.runTasks(request)
        let shapes = shapes(await control.state, include: nil)
        let failures = Array(
            repeating: ["reason": "RESOURCE:ENI"] as JSONValue, count: count - tasks.count)
        return ["tasks": .array(tasks.map(shapes.task)), "failures": .array(failures)]
    }

    private func overrides(
        _ given: JSONParameters, of definition: TaskDefinition
    ) throws(APIError) -> ContainerOverrides {
        var overrides = ContainerOverrides()
        for container in try given.object("overrides")?.objects("containerOverrides") ?? [] {
            let name = try container.string("name") ?? ""
            guard name == definition.container.name else {
                throw Self.invalid(
                    "Override for container named \(name) is not a container in the TaskDefinition.")
            }
            overrides.command = try container.strings("command") ?? overrides.command
            overrides.environment += try Self.variables(container)
        }
        return overrides
    }

    static func variables(_ container: JSONParameters) throws(APIError) -> [Tag] {
        var variables: [Tag] = []
        for variable in try container.objects("environment") ?? [] {
            guard let name = try variable.string("name"), !name.isEmpty else {
                throw APIError("ClientException", "Environment variable name cannot be empty.")
            }
            variables.append(Tag(key: name, value: try variable.string("value") ?? ""))
        }
        return variables
    }
}
