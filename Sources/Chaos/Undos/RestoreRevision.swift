import AWS

/// Puts a service back on its old task-definition revision and deregisters ours.
package struct RestoreRevision: Hashable, Codable, Sendable {
    package static let runTag = "loadchaos:run"
    static let faultTag = "loadchaos:fault"

    package var cluster: String
    package var service: String
    package var family: String
    /// The ARN of the revision it was on.
    package var original: String
    package var run: String
    package var fault: String

    /// Tag values may hold letters, digits, spaces and `_.:/=+-@`: a fault's name does.
    var tags: [String: String] { [Self.runTag: run, Self.faultTag: fault] }

    func revert(on platform: AWSPlatform, applied: [String: String]) async throws(UndoFailure) -> [String] {
        let ecs = platform.ecs
        var ours = applied["revision"]
        do {
            if ours == nil { ours = try await find(ecs) }
            guard let ours else { return [] }
            var done: [String] = []
            let now = try await ecs.describeServices(cluster: cluster, [service]).first
            if now?.taskDefinition == ours {
                try await ecs.updateService(cluster: cluster, service: service, taskDefinition: original)
                done.append("\(service) is told to go back to \(Deploy.shortName(original))")
            }
            if try await ecs.describeTaskDefinition(ours).status == "ACTIVE" {
                try await ecs.deregisterTaskDefinition(ours)
                done.append("\(Deploy.shortName(ours)) is deregistered")
            }
            return done
        } catch {
            let aws = platform.command("ecs")
            throw UndoFailure(
                problems: ["\(service) may still be on \(ours ?? "a revision of run \(run)"): \(error)"],
                commands: [
                    "\(aws) update-service --cluster \(cluster) --service \(service) --task-definition \(original)",
                    "\(aws) deregister-task-definition --task-definition \(ours ?? "REVISION_TAGGED_\(run)")",
                ], isConnectionRefused: error.isConnectionRefused)
        }
    }

    /// A revision of ours that the journal does not know: we died between the call and the row.
    private func find(_ ecs: ECS) async throws(AWSError) -> String? {
        for arn in try await ecs.newestTaskDefinitions(family: family) {
            let tags = try await ecs.describeTaskDefinition(arn).tags
            if tags[Self.runTag] == run, tags[Self.faultTag] == fault { return arn }
        }
        return nil
    }
}
