import AWS
import Plan

/// `scale SERVICE to N tasks for D`: the service wants N tasks, and nothing but us changes that.
///
/// Limits of N and N alone would hold against an alarm, but not against a scheduled action, which sets limits of its
/// own, nor while the count of before is given back: so scaling is suspended, too.
package struct ScaleService: FaultAction {
    package var service: String
    package var tasks: Int

    package init(service: String, tasks: Int) {
        self.service = service
        self.tasks = tasks
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let service = try await context.service(self.service)
        let cluster = context.system.cluster
        let resource = ApplicationAutoScaling.resource(cluster: cluster, service: service.name)
        let target = try await asking { () async throws(AWSError) in
            try await context.platform.autoScaling.describeScalableTargets(resources: [resource]).first
        }
        if let target, let objection = Self.objection(to: service, target) { throw .noTarget(objection) }
        return Resolved(
            context: context, service: service,
            restore: RestoreScale(
                RestoreDesiredCount(
                    cluster: cluster, service: service.name, ours: tasks, original: service.desired),
                limits: target.map {
                    RestoreScale.Limits(minimum: $0.minimum, maximum: $0.maximum, suspended: $0.suspended)
                }))
    }

    /// Why the service could not be given back as it is; nil: it can.
    static func objection(to service: ECSService, _ target: ApplicationAutoScaling.Target) -> String? {
        if target.minimum == target.maximum, target.suspended == .whole {
            return
                "service \(service.name) is held at \(target.minimum) tasks with its scaling suspended, as by a "
                + "scale that was not reverted: run `loadchaos recover`, or resume its scaling"
        }
        // Its limits would move the count when they are set again.
        if service.desired < target.minimum || service.desired > target.maximum {
            return
                "service \(service.name) wants \(service.desired) tasks, outside of its limits \(target.minimum) to "
                + "\(target.maximum): autoscaling would not let it have them back"
        }
        return nil
    }

    /// A service with what it wanted, and what scaled it, before.
    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let service: ECSService
        let restore: RestoreScale

        private var ecs: ECS { context.platform.ecs }
        private var count: RestoreDesiredCount { restore.count }

        package var targets: [String] {
            [
                "service \(service.name), \(service.desired) tasks, "
                    + (restore.limits.map { "scaled between \($0.minimum) and \($0.maximum)" } ?? "not scaled")
            ]
        }
        package var guarded: [GuardedTarget] { [GuardedTarget(id: service.arn, tags: service.tags)] }
        package var marks: [Mark] { [.service(service.arn)] }
        package func strikes() async throws(FaultProblem) -> [Strike] {
            let left = min(restore.count.ours, service.running)
            return [Strike(service: service.name, struck: service.running - left, running: service.running)]
        }
        package var calls: [String] {
            (restore.limits.map {
                [
                    "application-autoscaling RegisterScalableTarget \(restore.resource): limits "
                        + "\($0.minimum) and \($0.maximum) → \(count.ours) and \(count.ours), scaling suspended"
                ]
            } ?? []) + ["ecs UpdateService \(service.name): desiredCount \(count.original) → \(count.ours)"]
        }
        package var undo: Undo { .restoreScale(restore) }

        /// AWS moves the count by itself, in a second or so. It is set all the same, if it is another still: twice the
        /// same number does no harm, and a platform that does not move it is none.
        package func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            try await asking { () async throws(AWSError) -> Void in
                if restore.limits != nil {
                    try await context.platform.autoScaling.registerScalableTarget(
                        resource: restore.resource, minimum: count.ours, maximum: count.ours,
                        suspended: .whole)
                }
                let now = try await ecs.describeServices(cluster: count.cluster, [count.service])
                guard now.first?.desired != count.ours else { return }
                try await ecs.updateService(
                    cluster: count.cluster, service: count.service, desiredCount: count.ours)
            }
            return [:]
        }

        /// So many tasks run and are healthy, no more and no fewer. It need not hurt anybody.
        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
            let desired = try await context.service(service.name).desired
            guard desired == count.ours else {
                return .notYet("\(service.name) wants \(desired) tasks, not \(count.ours)")
            }
            return try await ServiceHealth.look(context, service: service.name)
        }

        /// The count and the limits are not ours any more: as before, or as autoscaling or somebody else has made them
        /// since. The service runs well with them.
        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            if count.ours != count.original, try await context.service(service.name).desired == count.ours {
                return .notYet("\(service.name) still wants \(count.ours) tasks")
            }
            if let limits = restore.limits, (limits.minimum, limits.maximum) != (count.ours, count.ours) {
                let live = try await asking { () async throws(AWSError) in
                    try await context.platform.autoScaling.describeScalableTargets(resources: [
                        restore.resource
                    ])
                }
                if live.contains(where: restore.holds) {
                    return .notYet("\(service.name) is still held at \(count.ours) tasks")
                }
            }
            return try await ServiceHealth.look(context, service: service.name)
        }
    }
}

extension ScaleService {
    package static let about = FaultDescription(
        syntax: "at TIME  scale SERVICE to N tasks for DURATION",
        what: "Holds a service at N tasks, 1 to 100: its autoscaling cannot move it.",
        calls: [
            "ecs TagResource (the debt)",
            "application-autoscaling RegisterScalableTarget (both limits N, scaling suspended), if it is scaled",
            "ecs UpdateService desiredCount=N, if that has not moved it",
        ],
        effect: "N tasks of the service run, all healthy, and so are their targets if it is balanced.",
        undo: """
            ecs UpdateService back to the number of before, then RegisterScalableTarget back to the limits and the \
            suspended state of before; each only where it still is ours.
            """,
        healed: "Count and limits are not ours any more, and the service is as for kill.",
        limits: """
            Tasks that are one too many get SIGTERM and are taken out of service first. Alarms and policies stay as \
            they are, and act again as soon as it is over.
            """,
        permissions: FaultDescription.reads + FaultDescription.marksService + [
            "application-autoscaling:DescribeScalableTargets",
            "application-autoscaling:RegisterScalableTarget", "ecs:UpdateService",
        ])
}
