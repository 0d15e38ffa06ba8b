import AWS
import Plan

/// `cut SERVICE from DEPENDENCY for D`: what its tasks send to the other's port is dropped, on connections that stand
/// and on new ones. The other is well, and others reach it.
struct CutDependency: FaultAction {
    var service: String
    var dependency: Fault.Dependency

    func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let (port, transport) = try await place(context)
        let choice = try await TaskChoice.all(of: service, context)
        let name = dependency.words
        return try await TaskCommand(
            document: TaskCommand.blackhole,
            parameters: ["Port": "\(port)", "Protocol": transport, "TrafficType": "egress"],
            order: "\(transport) \(port) egress",
            seen: { "what \($0) send to \(name)'s port \(port) is dropped" }
        ).resolve(choice, context)
    }

    private func place(_ context: FaultContext) async throws(FaultProblem) -> (port: Int, transport: String) {
        switch dependency {
        case .dns: return (53, "udp")
        case .service(let name): return (try context.port(of: name), "tcp")
        case .database:
            guard let name = context.system.database else { throw .noTarget("the system has no database") }
            let database = try await asking { () async throws(AWSError) in
                try await context.platform.rds.describeDBInstance(name)
            }
            guard let port = database.port else { throw .noTarget("database \(name) tells no port yet") }
            return (port, "tcp")
        }
    }
}

extension CutDependency {
    static let about = TaskCommand.about(
        "at TIME  cut SERVICE from OTHER for DURATION", by: TaskCommand.blackhole,
        what: """
            Drops what the service's running tasks send to another service's port, to the database's (`from \
            database`) or to name servers (`from dns`).
            """,
        limits: """
            By port: whatever else listens there is cut off, too. Tasks that start later are not cut off. Names that \
            are known are not asked for again, and the lab's tasks ask no name server.
            """, permissions: ["rds:DescribeDBInstances"])
}
