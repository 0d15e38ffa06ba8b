import AWS
import Plan

/// `hang N tasks of SERVICE [in zone Z] for D`: the service's port swallows what is sent to it.
///
/// It is for the balancer's health check to find out.
struct HangTasks: FaultAction {
    var count: TaskCount
    var service: String
    var zone: String?

    func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let port = try context.port(of: service)
        let choice = try await TaskChoice.choose(count, of: service, in: zone, toBe: "hung", context)
        return try await TaskCommand(
            document: TaskCommand.blackhole,
            parameters: ["Port": "\(port)", "Protocol": "tcp", "TrafficType": "ingress"],
            order: "tcp \(port) ingress", seen: { "port \(port) of \($0) is a black hole" }, takesOut: true
        ).resolve(choice, context)
    }
}

extension HangTasks {
    static let about = TaskCommand.about(
        "at TIME  hang N tasks of SERVICE [in zone ZONE] for DURATION", by: TaskCommand.blackhole,
        what: "Drops what is sent to the service's port, in running tasks chosen by the run's seed.",
        limits: """
            The task's own outgoing calls go on. Its replacement, if the balancer's health check brings one, is not \
            hung.
            """)
}
