package import AWS

/// Lets a service place tasks in a lost zone again: its subnets as they were.
package struct RestorePlacement: Hashable, Codable, Sendable {
    package var cluster: String
    package var service: String
    package var original: ECSNetwork
    /// What we left of it. A service that has other subnets by now was changed by somebody else, and is left alone.
    package var ours: ECSNetwork

    package init(cluster: String, service: String, original: ECSNetwork, ours: ECSNetwork) {
        self.cluster = cluster
        self.service = service
        self.original = original
        self.ours = ours
    }

    func revert(on platform: AWSPlatform) async throws(UndoFailure) -> [String] {
        do {
            let found = try await platform.ecs.describeServices(cluster: cluster, [service]).first?.network
            // ECS keeps no order.
            guard let found, Set(found.subnets) == Set(ours.subnets) else { return [] }
            try await platform.ecs.updateService(cluster: cluster, service: service, network: original)
            return ["\(service) may be placed in \(original.subnets.joined(separator: ", ")) again"]
        } catch {
            throw UndoFailure(
                problems: ["\(service) is still kept out of its zone: \(error)"],
                commands: [command(on: platform)], isConnectionRefused: error.isConnectionRefused)
        }
    }

    func command(on platform: AWSPlatform) -> String {
        var network = "subnets=[\(original.subnets.joined(separator: ","))]"
        if let groups = original.securityGroups {
            network += ",securityGroups=[\(groups.joined(separator: ","))]"
        }
        if let isPublic = original.assignPublicIp { network += ",assignPublicIp=\(isPublic)" }
        return """
            \(platform.command("ecs")) update-service --cluster \(cluster) \
            --service \(service) --network-configuration "awsvpcConfiguration={\(network)}"
            """
    }
}
