import AWS
import Plan

/// `lose SERVICE for D`: UpdateService with a desired count of 0, so no task of it is left.
package struct LoseService: FaultAction {
    package var service: String

    package init(service: String) {
        self.service = service
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let service = try await context.service(self.service)
        guard service.desired > 0 else {
            throw .noTarget("service \(self.service) wants no task already: there is nothing to lose")
        }
        return Resolved(
            context: context, service: service,
            restore: RestoreDesiredCount(
                cluster: context.system.cluster, service: service.name, ours: 0, original: service.desired))
    }

    /// A loss with what was wanted before.
    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let service: ECSService
        let restore: RestoreDesiredCount

        private var ecs: ECS { context.platform.ecs }

        package var targets: [String] { ["service \(service.name), \(service.desired) tasks"] }
        package var guarded: [GuardedTarget] { [GuardedTarget(id: service.arn, tags: service.tags)] }
        package var marks: [Mark] { [.service(service.arn)] }
        package func strikes() async throws(FaultProblem) -> [Strike] {
            [Strike(service: service.name, struck: service.running, running: service.running)]
        }
        package var calls: [String] {
            ["ecs UpdateService \(service.name): desiredCount \(restore.original) → 0"]
        }
        package var undo: Undo { .restoreDesiredCount(restore) }

        package func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            try await asking { () async throws(AWSError) in
                _ = try await ecs.updateService(
                    cluster: restore.cluster, service: restore.service, desiredCount: restore.ours)
            }
            return [:]
        }

        /// No task of it runs: the service is away, whether or not the clients feel it.
        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
            let seen = try await context.service(service.name)
            guard seen.desired == restore.ours else {
                return .notYet("\(service.name) wants \(seen.desired) tasks")
            }
            guard seen.running == 0 else {
                return .notYet("\(seen.running) tasks of \(service.name) still run")
            }
            return .proved("no task of \(service.name) runs" + (harm.map { "; \($0)" } ?? ""))
        }

        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            guard try await context.service(service.name).desired > 0 else {
                return .notYet("\(service.name) wants no task")
            }
            return try await ServiceHealth.look(context, service: service.name)
        }
    }
}

extension LoseService {
    package static let about = FaultDescription(
        syntax: "at TIME  lose SERVICE for DURATION",
        what: "Scales a service to no task at all.",
        calls: ["ecs TagResource (the debt)", "ecs UpdateService desiredCount=0"],
        effect: "ECS shows that no task of the service runs.",
        undo: "ecs UpdateService back to the number of before, if it still carries our 0, ecs UntagResource.",
        healed: "The service wants tasks again, and is as for kill.",
        limits: """
            Tasks get SIGTERM and are taken out of service first: it is an absence, not a crash. Autoscaling does not \
            raise a count of 0, but what it set before is not set again: the number of before is.
            """,
        permissions: FaultDescription.reads + FaultDescription.marksService + ["ecs:UpdateService"])
}
