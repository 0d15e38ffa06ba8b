import AWS

/// Lets a service want as many tasks as it did, unless somebody has changed the number since.
package struct RestoreDesiredCount: Hashable, Codable, Sendable {
    package var cluster: String
    package var service: String
    /// What we set.
    package var ours: Int
    package var original: Int

    package init(cluster: String, service: String, ours: Int, original: Int) {
        self.cluster = cluster
        self.service = service
        self.ours = ours
        self.original = original
    }

    func revert(on platform: AWSPlatform) async throws(UndoFailure) -> [String] {
        do { return try await giveBack(on: platform) } catch {
            throw UndoFailure(
                problems: ["\(service) may still want \(ours) tasks: \(error)"],
                commands: [command(on: platform)], isConnectionRefused: error.isConnectionRefused)
        }
    }

    /// As part of a larger undo, which has words of its own for a failure.
    func giveBack(on platform: AWSPlatform) async throws(AWSError) -> [String] {
        guard ours != original,
            try await platform.ecs.describeServices(cluster: cluster, [service]).first?.desired == ours
        else { return [] }
        try await platform.ecs.updateService(cluster: cluster, service: service, desiredCount: original)
        return ["\(service) wants \(original) task\(original == 1 ? "" : "s") again"]
    }

    func command(on platform: AWSPlatform) -> String {
        "\(platform.command("ecs")) update-service --cluster \(cluster) --service \(service) "
            + "--desired-count \(original)"
    }
}
