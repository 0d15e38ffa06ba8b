/// What RunTask asks for: tasks that belong to no service and are not replaced.
struct TaskRequest: Sendable {
    var definition: RevisionID
    var count: Int
    var network: TaskNetwork
    var overrides = ContainerOverrides()
    var group: String?
    var startedBy: String?
    /// The same one again asks for the same tasks.
    var token: String?
}

extension ControlPlane {
    /// The tasks begun; fewer than asked for when the subnets are full.
    func runTasks(_ request: TaskRequest) async -> [ECSTask] {
        if let token = request.token, let known = state.runTokens[token] {
            return known.compactMap(state.task)
        }
        let zones = spread(request.count, over: request.network.zones, in: state) {
            $0.service.isEmpty && $0.definition.family == request.definition.family
        }
        var begun: [TaskID] = []
        for zone in zones {
            guard let (subnet, address) = place(in: zone, of: request.network) else { continue }
            var task = ECSTask(
                id: ids.task(), service: "", definition: request.definition,
                deployment: request.startedBy ?? "", zone: zone, subnet: subnet, address: address,
                interface: newInterface(), isBoot: false, createdAt: clock.now, since: clock.now)
            task.schedule = schedule(of: request.definition)
            task.overrides = request.overrides
            task.securityGroups = request.network.securityGroups
            task.givenGroup = request.group
            state.tasks.append(task)
            begun.append(task.id)
        }
        if let token = request.token { state.runTokens[token] = begun }
        await pass()
        return begun.compactMap(state.task)
    }

    func register(_ definition: TaskDefinition) -> TaskDefinition {
        var definition = definition
        definition.registeredAt = clock.now
        return state.definitions.register(definition)
    }

    func deregister(_ id: RevisionID) -> TaskDefinition? { state.definitions.deregister(id, at: clock.now) }
}
