/// Amazon ECS: the cluster, its services and their tasks.
struct ECS {
    let control: ControlPlane

    func answer(_ action: String, _ given: JSONParameters) async throws(APIError) -> JSONValue {
        switch action {
        case "ListClusters": return try listClusters(given)
        case "DescribeClusters": return try await describeClusters(given)
        case "ListServices": return try await listServices(given)
        case "DescribeServices": return try await describeServices(given)
        case "UpdateService": return try await updateService(given)
        case "ListServiceDeployments": return try await listServiceDeployments(given)
        case "DescribeServiceDeployments": return try await describeServiceDeployments(given)
        case "DescribeServiceRevisions": return try await describeServiceRevisions(given)
        case "ListTasks": return try await listTasks(given)
        case "DescribeTasks": return try await describeTasks(given)
        case "StopTask": return try await stopTask(given)
        case "RunTask": return try await runTask(given)
        case "RegisterTaskDefinition": return try await registerTaskDefinition(given)
        case "DescribeTaskDefinition": return try await describeTaskDefinition(given)
        case "DeregisterTaskDefinition": return try await deregisterTaskDefinition(given)
        case "ListTaskDefinitions": return try await listTaskDefinitions(given)
        case "ListTaskDefinitionFamilies": return try await listTaskDefinitionFamilies(given)
        case "ListTagsForResource": return try await listTags(given)
        case "TagResource": return try await tagResource(given)
        case "UntagResource": return try await untagResource(given)
        default: throw APIError("UnknownOperationException", "The lab's ecs serves no \(action).")
        }
    }

    var names: ResourceNames { control.names }

    func shapes(_ state: ClusterState, include: [String]?) -> ECSShapes {
        ECSShapes(
            state: state, names: names, clock: control.clock, includesTags: include?.contains("TAGS") ?? false
        )
    }

    static func invalid(_ message: String) -> APIError { APIError("InvalidParameterException", message) }

    /// Every call but ListClusters names the cluster, or means `default`, which the lab has not.
    func checkCluster(_ given: JSONParameters) throws(APIError) {
        let cluster = try given.string("cluster") ?? "default"
        guard cluster == names.clusterName || cluster == names.cluster else {
            throw APIError("ClusterNotFoundException", "Cluster not found.")
        }
    }

    func page<Item>(
        _ items: [Item], by key: (Item) -> String, _ given: JSONParameters, size: Int, most: Int = 100
    ) throws(APIError) -> Page<Item> {
        let wanted = try given.int("maxResults") ?? size
        guard (1...most).contains(wanted) else {
            throw Self.invalid("maxResults must be between 1 and \(most), was \(wanted).")
        }
        guard let page = Page(items, by: key, after: try given.string("nextToken"), size: wanted) else {
            throw Self.invalid("Invalid token.")
        }
        return page
    }

    func listing(_ key: String, _ page: Page<String>) -> JSONValue {
        var members: [(String, JSONValue)] = [(key, .list(page.items))]
        if let next = page.next { members.append(("nextToken", .string(next))) }
        return .object(members)
    }

    // MARK: Clusters

    private func listClusters(_ given: JSONParameters) throws(APIError) -> JSONValue {
        listing("clusterArns", try page([names.cluster], by: { $0 }, given, size: 100))
    }

    private func describeClusters(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let wanted = try given.strings("clusters") ?? ["default"]
        guard wanted.count <= 100 else { throw Self.invalid("Clusters cannot have more than 100 elements.") }
        let state = await control.state
        let shapes = shapes(state, include: try given.strings("include"))
        var clusters: [JSONValue] = []
        var failures: [JSONValue] = []
        for cluster in wanted {
            if cluster == names.clusterName || cluster == names.cluster {
                clusters.append(shapes.cluster())
            } else {
                let arn = cluster.hasPrefix("arn:") ? cluster : names.clusterARN(of: cluster)
                failures.append(["arn": .string(arn), "reason": "MISSING"])
            }
        }
        return ["clusters": .array(clusters), "failures": .array(failures)]
    }

    // MARK: Services

    /// A service by name or ARN.
    func find(_ reference: String, in state: ClusterState) -> ECSService? {
        state.services.first { $0.name == reference || names.service($0.name) == reference }
    }

    private func listServices(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try checkCluster(given)
        try checkLaunchType(given)
        let arns = await control.state.services.map { names.service($0.name) }
        return listing("serviceArns", try page(arns, by: { $0 }, given, size: 10))
    }

    private func checkLaunchType(_ given: JSONParameters) throws(APIError) {
        guard let type = try given.string("launchType"), !["EC2", "FARGATE", "EXTERNAL"].contains(type) else {
            return
        }
        throw Self.invalid("Launch type should be one of [EC2,FARGATE,EXTERNAL]")
    }

    private func describeServices(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try checkCluster(given)
        let wanted = try given.strings("services") ?? []
        guard !wanted.isEmpty else { throw Self.invalid("Services cannot be empty.") }
        guard wanted.count <= 10 else { throw Self.invalid("Services cannot have more than 10 elements.") }
        let state = await control.state
        let shapes = shapes(state, include: try given.strings("include"))
        var services: [JSONValue] = []
        var failures: [JSONValue] = []
        for reference in wanted {
            if let service = find(reference, in: state) {
                services.append(shapes.service(service))
            } else {
                let arn = reference.hasPrefix("arn:") ? reference : names.service(reference)
                failures.append(["arn": .string(arn), "reason": "MISSING"])
            }
        }
        return ["services": .array(services), "failures": .array(failures)]
    }

    // MARK: Tasks

    private func listTasks(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try checkCluster(given)
        try checkLaunchType(given)
        let state = await control.state
        let wanted = try given.string("desiredStatus") ?? "RUNNING"
        guard ["RUNNING", "PENDING", "STOPPED"].contains(wanted) else {
            throw Self.invalid("desiredStatus should be one of [RUNNING,PENDING,STOPPED]")
        }
        // ECS never sets the desired status PENDING: that list is always empty.
        var tasks = state.tasks.filter { wanted == ($0.isWanted ? "RUNNING" : "STOPPED") }
        if let reference = try given.string("serviceName") {
            guard let service = find(reference, in: state) else {
                throw APIError("ServiceNotFoundException", "Service not found.")
            }
            tasks = tasks.filter { $0.service == service.name }
        }
        if let family = try given.string("family") {
            tasks = tasks.filter { $0.definition.family == family }
        }
        if let starter = try given.string("startedBy") { tasks = tasks.filter { $0.deployment == starter } }
        if let type = try given.string("launchType"), type != "FARGATE" { tasks = [] }
        return listing("taskArns", try page(tasks.map { names.task($0.id) }, by: { $0 }, given, size: 100))
    }

    /// The task a bare id or an ARN names; AWS refuses ids of the wrong length before it looks.
    private func taskID(_ reference: String) throws(APIError) -> TaskID {
        let id = reference.split(separator: "/").last.map(String.init) ?? reference
        guard [32, 36].contains(id.count) else {
            throw Self.invalid("taskId length should be one of [32,36]")
        }
        if reference.hasPrefix("arn:"), reference != names.task(TaskID(id)) {
            throw Self.invalid("The task ARN \(reference) is not of this cluster.")
        }
        return TaskID(id)
    }

    private func describeTasks(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try checkCluster(given)
        let wanted = try given.strings("tasks") ?? []
        guard !wanted.isEmpty else { throw Self.invalid("Tasks cannot be empty.") }
        guard wanted.count <= 100 else { throw Self.invalid("Tasks cannot have more than 100 elements.") }
        let state = await control.state
        let shapes = shapes(state, include: try given.strings("include"))
        var tasks: [JSONValue] = []
        var failures: [JSONValue] = []
        for reference in wanted {
            let id = try taskID(reference)
            if let task = state.task(id) {
                tasks.append(shapes.task(task))
            } else {
                failures.append(["arn": .string(names.task(id)), "reason": "MISSING"])
            }
        }
        return ["tasks": .array(tasks), "failures": .array(failures)]
    }

    private func stopTask(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try checkCluster(given)
        guard let reference = try given.string("task"), !reference.isEmpty else {
            throw Self.invalid("Task Identifier is blank.")
        }
        let reason = try given.string("reason") ?? "Task stopped by user"
        guard reason.count <= 1024 else {
            throw Self.invalid("Reason cannot be longer than 1024 characters.")
        }
        guard let task = await control.stopTask(try taskID(reference), reason: reason) else {
            throw Self.invalid("The referenced task was not found.")
        }
        return ["task": shapes(await control.state, include: nil).task(task)]
    }

    // MARK: Tags
}
