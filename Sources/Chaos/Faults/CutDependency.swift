import AWS
package import Plan

/// `cut SERVICE from DEPENDENCY for D`: what its tasks send to the other's port is dropped, on connections that stand
/// and on new ones. The other is well, and others reach it.
package struct CutDependency: FaultAction {
    package var service: String
    package var dependency: Fault.Dependency

    package init(service: String, dependency: Fault.Dependency) {
        self.service = service
        self.dependency = dependency
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
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
        case .service(let name):
            guard let port = context.system.services.first(where: { $0.name == name })?.port else {
                throw .noTarget("the system names no port of \(name)")
            }
            return (port, "tcp")
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
    package static let about = FaultDescription(
        syntax: "at TIME  cut SERVICE from OTHER for DURATION",
        what: """
            Drops what the service's running tasks send to another service's port, to the database's (`from \
            database`) or to name servers (`from dns`).
            """,
        calls: ["ssm SendCommand \(TaskCommand.blackhole) (comment \"loadchaos RUN FAULT\")"],
        effect:
            "The command runs in each task, and clients feel it or the balancer finds a target unhealthy.",
        undo: TaskCommand.undoWords,
        healed: TaskCommand.healedWords,
        limits: """
            By port: whatever else listens there is cut off, too. Tasks that start later are not cut off. Names that \
            are known are not asked for again, and the lab's tasks ask no name server. \(TaskCommand.needs)
            """,
        permissions: FaultDescription.reads + TaskCommand.permissions + ["rds:DescribeDBInstances"])
}
