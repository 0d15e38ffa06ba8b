import AWS
import Plan

/// Whether a service is as it wants to be: one deployment, all tasks up, and healthy at the balancer if it has one.
enum ServiceHealth {
    static func look(_ context: FaultContext, service name: String) async throws(FaultProblem) -> Observation
    {
        let (ecs, elb) = (context.platform.ecs, context.platform.elb)
        let cluster = context.system.cluster
        let found = try await asking { () async throws(AWSError) in
            try await ecs.describeServices(cluster: cluster, [name])
        }
        guard let service = found.first else { return .notYet("service \(name) is not there") }
        let tasks = try await asking { () async throws(AWSError) in
            try await ecs.tasks(cluster: cluster, service: name)
        }
        var targets: [TargetHealth] = []
        for group in service.targetGroups {
            targets += try await asking { () async throws(AWSError) in
                try await elb.describeTargetHealth(targetGroup: group)
            }
        }
        return judge(service, tasks: tasks, targets: targets)
    }

    /// The judgement alone. Draining targets are on their way out and do not count.
    static func judge(_ service: ECSService, tasks: [ECSTask], targets: [TargetHealth]) -> Observation {
        let name = service.name
        if service.deployments.count > 1 {
            return .notYet("\(name): \(service.deployments.count) deployments")
        }
        // runningCount lags behind a stop, so the tasks themselves are counted as well.
        let up = tasks.filter(\.isRunning)
        guard service.running == service.desired, up.count >= service.desired else {
            return .notYet("\(name): \(min(up.count, service.running)) of \(service.desired) tasks run")
        }
        // UNKNOWN means no container health check, unless a sister task shows that there is one.
        if up.contains(where: { $0.healthStatus != "UNKNOWN" }),
            let sick = up.first(where: { $0.healthStatus != "HEALTHY" })
        {
            return .notYet("task \(sick.id) of \(name) is \(sick.healthStatus)")
        }
        let proof = "\(name): \(service.running) of \(service.desired) tasks run"
        guard !service.targetGroups.isEmpty else { return .proved(proof) }
        return judge(targets, wanted: service.desired, proof: proof)
    }

    static func judge(_ targets: [TargetHealth], wanted: Int, proof: String) -> Observation {
        let present = targets.filter { $0.state != "draining" }
        if let sick = present.first(where: { $0.state != "healthy" }) {
            return .notYet(
                "target \(sick.id):\(sick.port) is \(sick.state)\(sick.reason.map { " (\($0))" } ?? "")")
        }
        guard present.count >= wanted else {
            return .notYet("\(present.count) of \(wanted) targets are registered")
        }
        return .proved("\(proof), \(present.count) targets healthy")
    }
}
