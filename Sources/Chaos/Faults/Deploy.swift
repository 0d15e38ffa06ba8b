package import AWS
package import Plan

/// `deploy SERVICE`: a new revision of its task definition, with one difference, rolled out by ECS.
package struct Deploy: FaultAction {
    package var service: String
    package var release: Fault.Release

    package init(service: String, release: Fault.Release) {
        self.service = service
        self.release = release
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let (ecs, cluster) = (context.platform.ecs, context.system.cluster)
        let service = try await context.service(self.service)
        guard service.deployments.count == 1 else {
            throw .noTarget("\(self.service) is being deployed already: wait until that has ended")
        }
        let definition = try await asking { () async throws(AWSError) in
            try await ecs.describeTaskDefinition(service.taskDefinition)
        }
        if let run = definition.tags[Maker.runTag] {
            throw .noTarget("\(self.service) still runs a revision of run \(run): run `loadchaos recover`")
        }
        return Resolved(
            context: context, service: service, release: release, definition: definition,
            restore: RestoreRevision(
                cluster: cluster, service: self.service, family: definition.family, original: definition.arn,
                run: context.run, fault: context.name))
    }

    /// Whether the rollout has come to where this release brings it.
    package static func outcome(
        _ service: ECSService, ours: String, release: Fault.Release
    ) -> Observation {
        let name = service.name
        guard let primary = service.deployments.first(where: { $0.status == "PRIMARY" }) else {
            return .notYet("\(name) has no primary deployment")
        }
        guard primary.taskDefinition == ours else {
            let revision = shortName(primary.taskDefinition)
            return release.isBad
                ? .proved("\(shortName(ours)) failed, and ECS went back to \(revision)")
                : .notYet("\(name) is on \(revision), not on \(shortName(ours))")
        }
        let failed = primary.failedTasks
        guard release.isBad else {
            return primary.rolloutState == "COMPLETED"
                ? .proved("\(shortName(ours)) is deployed: \(primary.running) tasks run it")
                : .notYet(
                    "the deployment of \(shortName(ours)) is \(primary.rolloutState), \(failed) tasks failed")
        }
        if primary.rolloutState == "FAILED" {
            return .proved("the deployment of \(shortName(ours)) has failed: \(failed) tasks")
        }
        // Where a circuit breaker would have opened by now, and there is none.
        if !service.hasCircuitBreaker, failed >= max(3, (service.desired + 1) / 2) {
            return .proved("\(failed) tasks of \(shortName(ours)) have failed, and the deployment goes on")
        }
        return .notYet(
            "the deployment of \(shortName(ours)) is \(primary.rolloutState), \(failed) tasks failed")
    }

    /// `family:revision` of an ARN.
    static func shortName(_ arn: String) -> String { arn.split(separator: "/").last.map(String.init) ?? arn }

    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let service: ECSService
        let release: Fault.Release
        let definition: ECSTaskDefinition
        let restore: RestoreRevision

        private var ecs: ECS { context.platform.ecs }

        package var targets: [String] {
            ["service \(service.name), now on \(Deploy.shortName(definition.arn))"]
        }
        package var guarded: [GuardedTarget] { [GuardedTarget(id: service.arn, tags: service.tags)] }
        package func strikes() async throws(FaultProblem) -> [Strike] { [] }
        package var calls: [String] {
            [
                "ecs RegisterTaskDefinition \(definition.family) with \(release.words)",
                "ecs UpdateService cluster=\(restore.cluster) service=\(service.name) taskDefinition=the new one",
            ]
        }
        package var undo: Undo { .restoreRevision(restore) }
        /// Start, health checks and draining of every task, and for a bad release all that more than once.
        package var effectLimit: Nanoseconds? { .seconds(900) }

        package func inject(
            tagged tags: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            let content = release.apply(to: definition.content, service: service.name, run: context.run)
            let arn = try await asking { () async throws(AWSError) in
                try await ecs.registerTaskDefinition(content, tags: definition.tags.merging(tags) { $1 })
            }
            let applied = ["revision": arn]
            do { try made(applied) } catch {
                throw .changed("\(arn) was registered, but could not be journaled: \(error)")
            }
            try await asking { () async throws(AWSError) in
                _ = try await ecs.updateService(
                    cluster: restore.cluster, service: service.name, taskDefinition: arn)
            }
            return applied
        }

        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
            guard let ours = applied["revision"] else { return .notYet("no revision was registered") }
            return Deploy.outcome(try await context.service(service.name), ours: ours, release: release)
        }

        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            if let ours = applied["revision"], try await context.service(service.name).taskDefinition == ours
            {
                return .notYet("\(service.name) is still on \(Deploy.shortName(ours))")
            }
            return try await ServiceHealth.look(context, service: service.name)
        }
    }
}

extension Deploy {
    package static let about = FaultDescription(
        syntax: "at TIME  deploy SERVICE [failing its health check | crashing | slow]",
        what: "Rolls out a copy of the service's revision with one difference; ECS does the rest.",
        calls: ["ecs RegisterTaskDefinition (tagged)", "ecs UpdateService (taskDefinition)"],
        effect: """
            A good or slow release: its deployment is COMPLETED. A bad one: its deployment has FAILED or ECS has gone \
            back, or, without a circuit breaker, as many tasks have failed as would have opened one.
            """,
        undo:
            "ecs UpdateService back to the old revision if ours is still on, ecs DeregisterTaskDefinition of ours.",
        healed: "One deployment, not of our revision; all tasks running and healthy.",
        limits: "The image is the same: what another image would do is not tested.",
        permissions: FaultDescription.reads + [
            "ecs:RegisterTaskDefinition", "ecs:TagResource", "ecs:UpdateService",
            "ecs:DeregisterTaskDefinition",
            "iam:PassRole",
        ])
}
