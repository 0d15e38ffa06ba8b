import AWS
import Plan

/// A document of AWS FIS's that SSM runs in running tasks: what all faults inside of a task have in common.
///
/// A task runs on, so ECS sees nothing; clients and the balancer's health checks may.
struct TaskCommand {
    var document: String
    /// Without the duration, which all documents have.
    var parameters: [String: String]
    /// What is ordered, for people: `tcp 80 ingress`.
    var order: String
    /// What it makes of the instances, for people: `port 80 of mi-1 is a black hole`.
    var seen: @Sendable (_ instances: String) -> String
    /// Whether its tasks count as struck: they are not reached while it is on.
    var takesOut = false

    /// All that faults use. Recovery without a journal looks for commands of each.
    static let documents = [blackhole, packetLoss, latency, cpuStress]
    static let blackhole = "AWSFIS-Run-Network-Blackhole-Port-ECS"
    static let packetLoss = "AWSFIS-Run-Network-Packet-Loss-ECS"
    static let latency = "AWSFIS-Run-Network-Latency-ECS"
    static let cpuStress = "AWSFIS-Run-CPU-Stress"

    /// What all of them have in common, and what sets one apart.
    static func about(
        _ syntax: String, by document: String, what: String, limits: String, permissions: [String] = []
    ) -> FaultDescription {
        FaultDescription(
            syntax: syntax, what: what,
            calls: ["ssm SendCommand \(document) (comment \"loadchaos RUN FAULT\")"],
            effect:
                "The command runs in each task, and clients feel it or the balancer finds a target unhealthy.",
            undo: "ssm CancelCommand; it also ends by itself, \(FaultContext.graceSeconds) s after its time.",
            healed: "The command has ended, and the service is as for kill.",
            limits:
                "\(limits) On AWS each task needs the SSM agent's container, enableFaultInjection and pidMode task.",
            permissions: FaultDescription.reads + [
                "ssm:DescribeInstanceInformation", "ssm:SendCommand", "ssm:CancelCommand",
                "ssm:ListCommandInvocations",
            ] + permissions)
    }

    /// In these tasks, each of which must be a managed instance.
    func resolve(_ choice: TaskChoice, _ context: FaultContext) async throws(FaultProblem)
        -> any ResolvedFault
    {
        guard choice.tasks.count <= SSM.instancesMax else {
            throw .noTarget(
                "SSM takes \(SSM.instancesMax) tasks in one command, these are \(choice.tasks.count): ask for fewer"
            )
        }
        var instances: [String] = []
        for task in choice.tasks {
            let found = try await asking { () async throws(AWSError) in
                try await context.platform.ssm.managedInstances(task: task.arn)
            }
            guard let instance = found.first else {
                throw .noTarget(
                    "task \(task.id) of \(choice.service.name) is no managed instance of SSM: its task definition "
                        + "needs the agent's container, see docs/faults.md")
            }
            instances.append(instance)
        }
        return Resolved(
            command: self, context: context, choice: choice, instances: instances,
            seconds: context.lifetimeSeconds,
            cancel: CancelCommand(
                document: document, comment: String("loadchaos \(context.run) \(context.name)".prefix(100))))
    }

    /// With its tasks.
    struct Resolved: ResolvedFault {
        let command: TaskCommand
        let context: FaultContext
        let choice: TaskChoice
        /// Of the tasks, in their order.
        let instances: [String]
        let seconds: Int
        let cancel: CancelCommand

        private var ssm: SSM { context.platform.ssm }

        var targets: [String] {
            zip(choice.targets, instances).map { "\($0) (\($1), \(command.order))" }
        }
        var guarded: [GuardedTarget] { [GuardedTarget(id: choice.service.arn, tags: choice.service.tags)] }
        func strikes() async throws(FaultProblem) -> [Strike] { command.takesOut ? [choice.strike] : [] }
        var calls: [String] {
            [
                "ssm SendCommand \(cancel.document) on \(instances.joined(separator: ", ")): \(command.order) "
                    + "for \(seconds) s"
            ]
        }
        var undo: Undo { .cancelCommand(cancel) }

        func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            var parameters = command.parameters
            parameters["DurationSeconds"] = "\(seconds)"
            let id = try await asking { () async throws(AWSError) in
                try await ssm.sendCommand(
                    document: cancel.document, instances: instances,
                    parameters: parameters.mapValues { [$0] },
                    comment: cancel.comment)
            }
            let applied = ["command": id]
            do {
                try made(applied)
            } catch {
                throw .changed("command \(id) was sent, but could not be journaled: \(error)")
            }
            return applied
        }

        /// The command runs in every task, and someone notices: clients, or the balancer's checks.
        func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem) -> Observation {
            let id = applied["command"] ?? ""
            let invocations = try await asking { () async throws(AWSError) in
                try await ssm.invocations(of: id)
            }
            if let idle = invocations.first(where: { $0.status != "InProgress" }) {
                return .notYet("command \(id) on \(idle.instance) is \(idle.details)")
            }
            guard invocations.count == instances.count else {
                return .notYet("command \(id) runs on \(invocations.count) of \(instances.count) tasks")
            }
            let seen = "\(command.seen(instances.joined(separator: ", "))) (command \(id))"
            if let harm { return .proved("\(seen); \(harm)") }
            let addresses = Set(choice.tasks.compactMap(\.address))
            for group in choice.service.targetGroups {
                let targets = try await asking { () async throws(AWSError) in
                    try await context.platform.elb.describeTargetHealth(targetGroup: group)
                }
                if let sick = targets.first(where: { addresses.contains($0.id) && $0.state == "unhealthy" }) {
                    let reason = sick.reason.map { " (\($0))" } ?? ""
                    return .proved("\(seen); target \(sick.id):\(sick.port) became unhealthy\(reason)")
                }
            }
            return .notYet("\(seen), but nobody has noticed yet")
        }

        func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            let id = applied["command"] ?? ""
            let invocations = try await asking { () async throws(AWSError) in
                try await ssm.invocations(of: id)
            }
            if let left = invocations.first(where: { !$0.isOver }) {
                return .notYet("command \(id) on \(left.instance) is \(left.details)")
            }
            return try await ServiceHealth.look(context, service: choice.service.name)
        }
    }
}
