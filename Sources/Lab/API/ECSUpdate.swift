/// UpdateService: counts, deployments and where tasks may go.
extension ECS {
    /// More tasks of one service than this the machine's subnets and processors are not for.
    static let mostTasks = 16

    func updateService(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        try checkCluster(given)
        guard let reference = try given.string("service") else {
            throw Self.invalid("Service cannot be empty.")
        }
        let (state, network) = await control.snapshot
        guard let service = find(reference, in: state) else {
            throw APIError("ServiceNotFoundException", "Service not found.")
        }
        let desired = try given.int("desiredCount")
        if let desired, !(0...Self.mostTasks).contains(desired) {
            throw Self.invalid(
                "desiredCount must be between 0 and \(Self.mostTasks) in the lab, was \(desired).")
        }
        var rollout = RolloutRequest()
        rollout.definition = try definition(given, of: service, in: state)
        rollout.isForced = try given.bool("forceNewDeployment") ?? false
        rollout.network = try Self.network(given, network, unlike: service.primary.network)
        let limits = try given.object("deploymentConfiguration")
        let (least, most) = try Self.percents(limits)
        let updated = await control.updateService(
            service.name, desiredCount: desired, minimumHealthyPercent: least, maximumPercent: most,
            breaker: try Self.breaker(limits), rollout: rollout)
        guard let updated else { throw APIError("ServiceNotFoundException", "Service not found.") }
        return ["service": shapes(await control.state, include: nil).service(updated)]
    }

    /// The revision to deploy. A service of the lab is its image: nginx's tasks cannot become Redis.
    private func definition(
        _ given: JSONParameters, of service: ECSService, in state: ClusterState
    ) throws(APIError) -> RevisionID? {
        guard let reference = try given.string("taskDefinition") else { return nil }
        guard let found = state.definitions.find(reference) else {
            throw APIError("ClientException", "TaskDefinition not found.")
        }
        guard found.isActive else { throw APIError("ClientException", "TaskDefinition is inactive") }
        if let image = LabImage(found.container.image), image.service != service.name {
            throw Self.invalid(
                "The lab's service \(service.name) cannot run the image \(found.container.image).")
        }
        if service.targetGroup != nil,
            found.container.name != service.name
                || !found.container.portMappings.contains(where: {
                    $0.containerPort == service.blueprint.port
                })
        {
            throw Self.invalid("The container \(service.name) does not exist in the task definition.")
        }
        return found.id
    }

    private static func percents(_ given: JSONParameters?) throws(APIError) -> (Int?, Int?) {
        let least = try given?.int("minimumHealthyPercent")
        let most = try given?.int("maximumPercent")
        if let least, !(0...100).contains(least) { throw invalid("minimumHealthyPercent must be 0 to 100.") }
        if let most, !(100...200).contains(most) { throw invalid("maximumPercent must be 100 to 200.") }
        if least == 100, most == 100 {
            throw invalid(
                "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.")
        }
        return (least, most)
    }

    private static func breaker(_ given: JSONParameters?) throws(APIError) -> CircuitBreaker? {
        guard let given = try given?.object("deploymentCircuitBreaker") else { return nil }
        guard let enable = try given.bool("enable"), let rollback = try given.bool("rollback") else {
            throw invalid("deploymentCircuitBreaker needs enable and rollback.")
        }
        return CircuitBreaker(isEnabled: enable, rollsBack: rollback)
    }

    /// Nil when nothing is said of the network. Groups that are not named stay as they are.
    static func network(
        _ given: JSONParameters, _ vpc: VirtualNetwork, unlike before: TaskNetwork
    ) throws(APIError) -> TaskNetwork? {
        let configuration = try given.object("networkConfiguration")?.object("awsvpcConfiguration")
        guard let configuration else { return nil }
        let subnets = try configuration.strings("subnets") ?? []
        guard (1...16).contains(subnets.count) else {
            throw invalid("subnets should have at least 1 and at most 16 elements.")
        }
        var network = before
        network.zones = []
        for id in subnets {
            guard let subnet = vpc.subnet(id) else {
                throw invalid(
                    "Error retrieving subnet information for [\(id)]: The subnet ID '\(id)' does not exist "
                        + "(ErrorCode: InvalidSubnetID.NotFound)")
            }
            if !network.zones.contains(subnet.zone) { network.zones.append(subnet.zone) }
        }
        network.subnets = subnets
        network.securityGroups = try configuration.strings("securityGroups") ?? before.securityGroups
        return network
    }
}
