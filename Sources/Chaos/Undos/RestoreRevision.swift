import AWS

/// Puts a service back on its old task-definition revision and deregisters ours.
package struct RestoreRevision: Hashable, Codable, Sendable {
    package var cluster: String
    package var service: String
    package var family: String
    /// The ARN of the revision it was on.
    package var original: String
    /// Its maker's, by which our revisions are known.
    package var run: String
    package var fault: String

    func revert(on platform: AWSPlatform, applied: [String: String]) async throws(UndoFailure) -> [String] {
        let ecs = platform.ecs
        var ours = applied["revision"].map { [$0] } ?? []
        do {
            ours += try await tagged(ecs).filter { !ours.contains($0) }
            guard !ours.isEmpty else { return [] }
            var done: [String] = []
            let now = try await ecs.describeServices(cluster: cluster, [service]).first?.taskDefinition
            if let now, ours.contains(now) {
                try await ecs.updateService(cluster: cluster, service: service, taskDefinition: original)
                done.append("\(service) is told to go back to \(Deploy.shortName(original))")
            }
            for revision in ours where try await ecs.describeTaskDefinition(revision).status == "ACTIVE" {
                try await ecs.deregisterTaskDefinition(revision)
                done.append("\(Deploy.shortName(revision)) is deregistered")
            }
            return done
        } catch {
            throw UndoFailure(
                problems: [
                    "\(service) may still be on \(ours.first ?? "a revision of run \(run)"): \(error)"
                ],
                commands: commands(on: platform, applied: ours.first.map { ["revision": $0] } ?? [:]),
                isConnectionRefused: error.isConnectionRefused)
        }
    }

    func commands(on platform: AWSPlatform, applied: [String: String]) -> [String] {
        let aws = platform.command("ecs")
        return [
            "\(aws) update-service --cluster \(cluster) --service \(service) --task-definition \(original)",
            "\(aws) deregister-task-definition --task-definition "
                + (applied["revision"] ?? "REVISION_TAGGED_\(run)"),
        ]
    }

    /// Revisions of ours that the journal need not know: we died between the call and the row, or a call that was
    /// repeated had made one before it failed.
    private func tagged(_ ecs: ECS) async throws(AWSError) -> [String] {
        var found: [String] = []
        for arn in try await ecs.newestTaskDefinitions(family: family) {
            let tags = try await ecs.describeTaskDefinition(arn).tags
            if Maker(run: run, fault: fault).made(tags) { found.append(arn) }
        }
        return found
    }
}
