import AWS
package import Plan

/// `hang N tasks of SERVICE [in zone Z] for D`: the service's port swallows what is sent to it.
///
/// It is for the balancer's health check to find out.
package struct HangTasks: FaultAction {
    package var count: TaskCount
    package var service: String
    package var zone: String?

    package init(count: TaskCount, service: String, zone: String?) {
        self.count = count
        self.service = service
        self.zone = zone
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        guard let port = context.system.services.first(where: { $0.name == service })?.port else {
            throw .noTarget("the system names no port of \(service)")
        }
        let choice = try await TaskChoice.choose(count, of: service, in: zone, toBe: "hung", context)
        return try await TaskCommand(
            document: TaskCommand.blackhole,
            parameters: ["Port": "\(port)", "Protocol": "tcp", "TrafficType": "ingress"],
            order: "tcp \(port) ingress", seen: { "port \(port) of \($0) is a black hole" }, takesOut: true
        ).resolve(choice, context)
    }
}

extension HangTasks {
    package static let about = FaultDescription(
        syntax: "at TIME  hang N tasks of SERVICE [in zone ZONE] for DURATION",
        what: "Drops what is sent to the service's port, in running tasks chosen by the run's seed.",
        calls: ["ssm SendCommand \(TaskCommand.blackhole) (comment \"loadchaos RUN FAULT\")"],
        effect:
            "The command runs in each task, and clients feel it or the balancer finds a target unhealthy.",
        undo: TaskCommand.undoWords,
        healed: TaskCommand.healedWords,
        limits: """
            The task's own outgoing calls go on. Its replacement, if the balancer's health check brings one, is not \
            hung. \(TaskCommand.needs)
            """,
        permissions: FaultDescription.reads + TaskCommand.permissions)
}
