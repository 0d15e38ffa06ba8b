import AWS
import Plan

/// In which zone each task is: ECS says so, or the subnet of its interface does.
enum TaskZones {
    /// By ARN. Asks EC2 only if ECS left a zone out.
    static func find(for tasks: [ECSTask], _ context: FaultContext) async throws(FaultProblem) -> [String:
        String]
    {
        var subnets: [String: String] = [:]
        if tasks.contains(where: { $0.zone == nil && $0.subnet != nil }) {
            let vpc = try await Balancer.find(context).vpc
            let found = try await asking { () async throws(AWSError) in
                try await context.platform.ec2.describeSubnets(vpc: vpc)
            }
            for subnet in found { subnets[subnet.id] = subnet.zone }
        }
        var zones: [String: String] = [:]
        for task in tasks { zones[task.arn] = task.zone ?? task.subnet.flatMap { subnets[$0] } }
        return zones
    }
}

/// The system's load balancer.
enum Balancer {
    static func find(_ context: FaultContext) async throws(FaultProblem) -> LoadBalancer {
        let name = context.system.balancer
        let found = try await asking { () async throws(AWSError) in
            try await context.platform.elb.describeLoadBalancers(names: [name])
        }
        guard let balancer = found.first(where: { $0.name == name }) else {
            throw .noTarget("load balancer \(name) is not in \(context.platform.configuration.region)")
        }
        return balancer
    }

    /// The targets of the balanced service, in all its target groups.
    static func targets(_ context: FaultContext) async throws(FaultProblem) -> [TargetHealth] {
        let (ecs, elb) = (context.platform.ecs, context.platform.elb)
        let (cluster, service) = (context.system.cluster, context.system.balancedService)
        return try await asking { () async throws(AWSError) in
            var targets: [TargetHealth] = []
            for group in try await ecs.describeServices(cluster: cluster, [service]).flatMap(\.targetGroups) {
                targets += try await elb.describeTargetHealth(targetGroup: group)
            }
            return targets
        }
    }
}
