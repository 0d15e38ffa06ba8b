import AWS
import Plan

/// The addresses that a probe's command may name as variables: `$REDIS_ADDRESS`, `$DATABASE_ADDRESS`,
/// `$BALANCER_ADDRESS`.
///
/// A task run by hand is no part of Service Connect, on AWS as in the lab: the name `redis` does not resolve in it. So
/// a command gets the address of a running task instead. Only what the command names is asked for, and what cannot be
/// told is a fault: an empty variable would let a probe fail for the wrong reason.
struct ProbeAddresses: Sendable {
    let plan: Plan
    let platform: AWSPlatform?

    func values(in command: String) async throws(ProbeFault) -> [String: String] {
        guard let system = plan.system, let platform else { return [:] }
        var values: [String: String] = [:]
        for variable in Self.named(in: command, system) {
            let name = variable.name
            switch variable.of {
            case .service(let service):
                let tasks = try await asking { () async throws(AWSError) in
                    try await platform.ecs.tasks(cluster: system.cluster, service: service)
                }
                values[name] = tasks.first { $0.isRunning && $0.address != nil }?.address
            case .database(let id):
                values[name] = try await asking { () async throws(AWSError) in
                    try await platform.rds.describeDBInstance(id).endpoint
                }
            case .balancer:
                values[name] = try await asking { () async throws(AWSError) in
                    try await platform.elb.describeLoadBalancers(names: [system.balancer]).first?.dnsName
                }
            }
            guard let value = values[name], !value.isEmpty else {
                throw .words("\(name) cannot be told: nothing of it is running")
            }
        }
        return values
    }

    enum Subject: Hashable {
        case service(String)
        case database(String)
        case balancer
    }

    /// The variables of the system that the command names, as `$NAME` or `${NAME}`.
    static func named(in command: String, _ system: System) -> [(name: String, of: Subject)] {
        var known: [(name: String, of: Subject)] = system.services.map {
            (variable($0.name), .service($0.name))
        }
        if let database = system.database { known.append(("DATABASE_ADDRESS", .database(database))) }
        known.append(("BALANCER_ADDRESS", .balancer))
        let words = Set(
            command.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" || $0 == "{") })
        return known.filter { words.contains("$\($0.name)") || words.contains("${\($0.name)") }
    }

    /// `FLASK_APP_ADDRESS` of `flask-app`.
    static func variable(_ service: String) -> String {
        String(service.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }) + "_ADDRESS"
    }
}
