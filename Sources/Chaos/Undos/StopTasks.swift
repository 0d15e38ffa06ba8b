import AWS

/// Stops the tasks that a fault has run. They are known by their `startedBy`, which the very call that runs one sets:
/// so one is found even if its id was never journaled, and also one that a repeated call has run twice.
package struct StopTasks: Hashable, Codable, Sendable {
    package var cluster: String
    package var startedBy: String

    package init(cluster: String, startedBy: String) {
        self.cluster = cluster
        self.startedBy = startedBy
    }

    func revert(on platform: AWSPlatform) async throws(UndoFailure) -> [String] {
        var done: [String] = []
        do {
            for task in try await Self.running(cluster: cluster, on: platform)
            where task.startedBy == startedBy {
                try await platform.ecs.stopTask(
                    cluster: cluster, task: task.arn, reason: "loadchaos: the fault is over")
                done.append("task \(task.id) is stopped")
            }
            return done
        } catch {
            throw UndoFailure(
                problems: ["a task that \(startedBy) has run may still be there: \(error)"],
                commands: commands(on: platform), isConnectionRefused: error.isConnectionRefused)
        }
    }

    /// The cluster's tasks that are meant to run, whoever has started them. Which of them are ours their description
    /// says: a list by `startedBy` takes no other condition on AWS, and not every endpoint keeps to it.
    static func running(cluster: String, on platform: AWSPlatform) async throws(AWSError) -> [ECSTask] {
        try await platform.ecs.describeTasks(
            cluster: cluster, try await platform.ecs.listTasks(cluster: cluster))
    }

    func commands(on platform: AWSPlatform) -> [String] {
        let ecs = platform.command("ecs")
        return [
            """
            for task in $(\(ecs) list-tasks --cluster \(cluster) --started-by \(startedBy) --query taskArns \
            --output text); do \(ecs) stop-task --cluster \(cluster) --task "$task"; done
            """
        ]
    }
}
