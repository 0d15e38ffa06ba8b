import AWS
import Plan

/// Asks the platform for one snapshot: a handful of calls, the independent ones at once.
struct PlatformReader: Sendable {
    let system: System
    let platform: AWSPlatform

    /// `known`: tasks of the last snapshot; those that left the list are asked for once more, for their reason.
    func read(known: [Snapshot.Task]) async throws(AWSError) -> Snapshot {
        do {
            async let services = platform.ecs.describeServices(
                cluster: system.cluster, system.services.map(\.name))
            async let wanted = platform.ecs.listTasks(cluster: system.cluster)
            async let balancers = platform.elb.describeLoadBalancers(names: [system.balancer])
            async let database = database()
            let found = try await services
            let tasks = try await tasks(listed: try await wanted, known: known)
            let targets = try await targets(found)
            let nodes = try await balancers.flatMap { $0.nodes.flatMap(\.addresses) }.sorted()
            return Snapshot(
                services: found, tasks: tasks, targets: targets, nodes: nodes, database: try await database)
        } catch let error as AWSError {
            throw error
        } catch {
            // `async let` forgets the type: nothing but an AWSError is thrown above.
            throw AWSError(service: "aws", action: "watch", kind: .badAnswer("\(error)"))
        }
    }

    private func tasks(listed: [String], known: [Snapshot.Task]) async throws(AWSError) -> [Snapshot.Task] {
        let ids = listed.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        let gone = known.filter { $0.lastStatus != "STOPPED" && !ids.contains($0.id) }.map(\.id)
        let names = Set(system.services.map(\.name))
        let found = try await platform.ecs.describeTasks(cluster: system.cluster, ids + gone)
        let zones = try await zones(of: found)
        return found.compactMap { task in
            guard let service = task.service, names.contains(service) else { return nil }
            return Snapshot.Task(task, service: service, zone: zones[task.id])
        }.sorted { ($0.service, $0.id) < ($1.service, $1.id) }
    }

    /// As ECS says; where it does not, the subnet tells, at the price of two more calls.
    private func zones(of tasks: [ECSTask]) async throws(AWSError) -> [String: String] {
        var subnets: [String: String] = [:]
        if tasks.contains(where: { $0.zone == nil && $0.subnet != nil }) {
            for balancer in try await platform.elb.describeLoadBalancers(names: [system.balancer]) {
                for subnet in try await platform.ec2.describeSubnets(vpc: balancer.vpc) {
                    subnets[subnet.id] = subnet.zone
                }
            }
        }
        var zones: [String: String] = [:]
        for task in tasks { zones[task.id] = task.zone ?? task.subnet.flatMap { subnets[$0] } }
        return zones
    }

    private func targets(_ services: [ECSService]) async throws(AWSError) -> [TargetHealth] {
        var found: [TargetHealth] = []
        for group in services.first(where: { $0.name == system.balancedService })?.targetGroups ?? [] {
            found += try await platform.elb.describeTargetHealth(targetGroup: group)
        }
        return found.sorted { ($0.id, $0.port) < ($1.id, $1.port) }
    }

    /// An hour back: the first look only sets what is known already, and RDS may tell of things late.
    private func database() async throws(AWSError) -> Snapshot.Database? {
        guard let name = system.database else { return nil }
        return Snapshot.Database(
            instance: try await platform.rds.describeDBInstance(name),
            events: try await platform.rds.describeEvents(instance: name, lastMinutes: 60))
    }
}
