import AWS
import Plan

/// `hang N tasks of SERVICE [in zone Z] for D`: the service's port swallows what is sent to it, by SSM command.
///
/// The task runs on, so ECS sees nothing; it is for the balancer's health check to find out.
package struct HangTasks: FaultAction {
    package var count: Int
    package var service: String
    package var zone: String?

    package init(count: Int, service: String, zone: String?) {
        self.count = count
        self.service = service
        self.zone = zone
    }

    /// AWS FIS's own, behind its action `aws:ecs:task-network-blackhole-port`.
    static let document = "AWSFIS-Run-Network-Blackhole-Port-ECS"

    /// The command ends by itself this much after the fault should have been reverted, if nobody is left to do so.
    static let graceSeconds = 60.0

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        guard count <= SSM.instancesMax else {
            throw .noTarget(
                "SSM takes \(SSM.instancesMax) tasks in one command, \(count) are to be hung: ask for fewer")
        }
        guard let port = context.system.services.first(where: { $0.name == service })?.port else {
            throw .noTarget("the system names no port of \(service)")
        }
        let choice = try await TaskChoice.choose(count, of: service, in: zone, toBe: "hung", context)
        var instances: [String] = []
        for task in choice.tasks {
            let found = try await asking { () async throws(AWSError) in
                try await context.platform.ssm.managedInstances(task: task.arn)
            }
            guard let instance = found.first else {
                throw .noTarget(
                    "task \(task.id) of \(service) is no managed instance of SSM: its task definition needs the "
                        + "agent's container, see docs/faults.md")
            }
            instances.append(instance)
        }
        let seconds = ((context.duration?.inSeconds ?? 0) + Self.graceSeconds).rounded(.up)
        return Resolved(
            context: context, choice: choice, instances: instances, port: port, seconds: Int(seconds),
            cancel: CancelCommand(
                document: Self.document,
                comment: String("loadchaos \(context.run) \(context.name)".prefix(100))))
    }

    /// A hang with its victims.
    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let choice: TaskChoice
        /// Of the tasks, in their order.
        let instances: [String]
        let port: Int
        let seconds: Int
        let cancel: CancelCommand

        private var ssm: SSM { context.platform.ssm }

        package var targets: [String] { zip(choice.targets, instances).map { "\($0) (\($1), port \(port))" } }
        package var guarded: [GuardedTarget] {
            [GuardedTarget(id: choice.service.arn, tags: choice.service.tags)]
        }
        package func strikes() async throws(FaultProblem) -> [Strike] { [choice.strike] }
        package var calls: [String] {
            [
                "ssm SendCommand \(cancel.document) on \(instances.joined(separator: ", ")): tcp \(port) ingress "
                    + "for \(seconds) s"
            ]
        }
        package var undo: Undo { .cancelCommand(cancel) }

        package func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            let id = try await asking { () async throws(AWSError) in
                try await ssm.sendCommand(
                    document: cancel.document, instances: instances,
                    parameters: [
                        "DurationSeconds": ["\(seconds)"], "Port": ["\(port)"], "Protocol": ["tcp"],
                        "TrafficType": ["ingress"],
                    ], comment: cancel.comment)
            }
            let applied = ["command": id]
            do {
                try made(applied)
            } catch {
                throw .changed("command \(id) was sent, but could not be journaled: \(error)")
            }
            return applied
        }

        /// The command runs in every task, and someone notices: clients at their timeout, or the balancer's checks.
        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
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
            let seen = "port \(port) of \(instances.joined(separator: ", ")) is a black hole (command \(id))"
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

        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
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

extension HangTasks {
    package static let about = FaultDescription(
        syntax: "at TIME  hang N tasks of SERVICE [in zone ZONE] for DURATION",
        what: "Drops what is sent to the service's port, in running tasks chosen by the run's seed.",
        calls: ["ssm SendCommand \(HangTasks.document) (comment \"loadchaos RUN FAULT\")"],
        effect:
            "The command runs in each task, and clients see failures or the balancer finds a target unhealthy.",
        undo: "ssm CancelCommand; it also ends by itself, \(Int(HangTasks.graceSeconds)) s after its time.",
        healed: "The command has ended, and the service is as for kill.",
        limits: """
            The task's own outgoing calls go on. Its replacement, if the balancer's health check brings one, is not \
            hung. On AWS each task needs the SSM agent's container, enableFaultInjection and pidMode task.
            """,
        permissions: FaultDescription.reads + [
            "ssm:DescribeInstanceInformation", "ssm:SendCommand", "ssm:CancelCommand",
            "ssm:ListCommandInvocations",
        ])
}
