package import AWS
package import Plan

/// `kill N tasks of SERVICE [in zone Z]`: ECS StopTask, so SIGTERM, then SIGKILL. ECS itself knows of it at once.
package struct KillTasks: FaultAction {
    package var count: TaskCount
    package var service: String
    package var zone: String?

    package init(count: TaskCount, service: String, zone: String?) {
        self.count = count
        self.service = service
        self.zone = zone
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let choice = try await TaskChoice.choose(count, of: service, in: zone, toBe: "killed", context)
        return KillTasks.Resolved(context: context, choice: choice, reason: "loadchaos \(context.run)")
    }

    /// `count` of them, drawn without replacement: the same for the same seed, whatever order they come in.
    package static func pick(_ count: Int, of tasks: [ECSTask], seed: UInt64, index: Int) -> [ECSTask] {
        var left = tasks.sorted { $0.arn < $1.arn }
        var draw = Draw(seed: seed, run: "kill", index: UInt64(index))
        var chosen: [ECSTask] = []
        while chosen.count < count, !left.isEmpty {
            chosen.append(left.remove(at: Int(draw.int(in: 0...Int64(left.count - 1)))))
        }
        return chosen
    }

    /// A kill with its victims.
    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let choice: TaskChoice
        let reason: String

        private var service: ECSService { choice.service }
        private var tasks: [ECSTask] { choice.tasks }
        private var ecs: ECS { context.platform.ecs }
        private var cluster: String { context.system.cluster }

        package var targets: [String] { choice.targets }
        package var guarded: [GuardedTarget] { [GuardedTarget(id: service.arn, tags: service.tags)] }
        package func strikes() async throws(FaultProblem) -> [Strike] { [choice.strike] }
        package var calls: [String] {
            tasks.map { "ecs StopTask cluster=\(cluster) task=\($0.id) reason=\"\(reason)\"" }
        }
        package var undo: Undo { .nothing }

        package func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            for task in tasks {
                try await asking { () async throws(AWSError) in
                    _ = try await ecs.stopTask(cluster: cluster, task: task.arn, reason: reason)
                }
            }
            return [:]
        }

        /// The end is decided (desiredStatus STOPPED) and the reason given is ours: nobody else's stop counts.
        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
            let now = try await asking { () async throws(AWSError) in
                try await ecs.describeTasks(cluster: cluster, tasks.map(\.arn))
            }
            for task in tasks {
                guard let seen = now.first(where: { $0.arn == task.arn }) else {
                    return .notYet("ECS does not know task \(task.id) any more")
                }
                guard seen.desiredStatus == "STOPPED" || seen.lastStatus == "STOPPED" else {
                    return .notYet("task \(task.id) is \(seen.lastStatus)")
                }
                if let other = seen.stoppedReason, other != reason {
                    return .notYet("task \(task.id) stopped for another reason: \(other)")
                }
                if seen.stoppedReason == nil {
                    return .notYet("task \(task.id) shows no reason for its stop yet")
                }
            }
            let states = now.map { "task \($0.id) is \($0.lastStatus), stopped by us" }
            return .proved(states.sorted().joined(separator: "; "))
        }

        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            let gone = try await asking { () async throws(AWSError) in
                try await ecs.describeTasks(cluster: cluster, tasks.map(\.arn))
            }
            // Until a victim is STOPPED it still counts in runningCount.
            if let still = gone.first(where: { $0.lastStatus != "STOPPED" }) {
                return .notYet("task \(still.id) is \(still.lastStatus)")
            }
            return try await ServiceHealth.look(context, service: service.name)
        }
    }
}

extension KillTasks {
    package static let about = FaultDescription(
        syntax: "at TIME  kill N tasks of SERVICE [in zone ZONE]",
        what: "Stops running tasks of a service, chosen by the run's seed.",
        calls: ["ecs StopTask (each, with the reason \"loadchaos RUN\")"],
        effect: "ECS shows each task stopped, or being stopped, for our reason.",
        undo: "None: ECS replaces the tasks.",
        healed:
            "One deployment, as many tasks running as desired, and all targets healthy if it is balanced.",
        limits: """
            ECS takes the target out itself, so the balancer's health check is not tested by it; a task gets SIGTERM \
            first, so it is no crash.
            """,
        permissions: FaultDescription.reads + ["ecs:StopTask"])
}
