package import AWS
import Plan

/// `lose zone Z for D`: what AWS does when a zone goes, in the order in which it does it.
///
/// A blocked zone alone is not a lost one: ECS goes on placing tasks there, and RDS need not notice. So: the zone is
/// blocked, no service may place tasks in it, and the database, if its primary is there, fails over.
package struct LoseZone: FaultAction {
    package var zone: String

    package init(zone: String) { self.zone = zone }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        guard let block = try await BlockZone(zone: zone).resolve(context) as? BlockZone.Resolved else {
            preconditionFailure("a zone's block resolves to a zone's block")
        }
        let cluster = context.system.cluster
        let services = try await asking { () async throws(AWSError) in
            try await context.platform.ecs.describeServices(
                cluster: cluster, context.system.services.map(\.name))
        }
        let placements = try Self.placements(of: services, without: Set(block.subnets.map(\.id)), cluster)
        let databases = try await DatabaseInZone.find(context, zone: zone)
        return Resolved(
            context: context, block: block, services: services, placements: placements, database: databases)
    }

    /// What each service is left with. One that has subnets in this zone only cannot be moved.
    static func placements(
        of services: [ECSService], without lost: Set<String>, _ cluster: String
    ) throws(FaultProblem) -> [RestorePlacement] {
        var placements: [RestorePlacement] = []
        for service in services {
            guard let network = service.network, !lost.isDisjoint(with: network.subnets) else { continue }
            var ours = network
            ours.subnets.removeAll { lost.contains($0) }
            guard !ours.subnets.isEmpty else {
                throw .noTarget(
                    "\(service.name) has subnets in this zone only: it could not be placed at all")
            }
            placements.append(
                RestorePlacement(cluster: cluster, service: service.name, original: network, ours: ours))
        }
        return placements
    }

    /// A zone, with what stands in it.
    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let block: BlockZone.Resolved
        let services: [ECSService]
        let placements: [RestorePlacement]
        /// nil: the primary is in another zone, or there is none.
        let database: DatabaseInZone?

        package var targets: [String] {
            block.targets + placements.map { "placement of \($0.service)" }
                + (database.map { ["database \($0.name), from \($0.zone)"] } ?? [])
        }
        private var moved: [ECSService] {
            services.filter { service in placements.contains { $0.service == service.name } }
        }
        package var guarded: [GuardedTarget] {
            block.guarded + moved.map { GuardedTarget(id: $0.arn, tags: $0.tags) }
                + (database.map { [GuardedTarget(id: $0.arn, tags: $0.tags)] } ?? [])
        }
        package var marks: [Mark] { moved.map { .service($0.arn) } }
        package func strikes() async throws(FaultProblem) -> [Strike] { try await block.strikes() }
        package func cutOff() async throws(FaultProblem) -> [NetworkInterface] { try await block.cutOff() }
        package var calls: [String] {
            block.calls
                + placements.map {
                    "ecs UpdateService \($0.service) subnets=\($0.ours.subnets.joined(separator: ","))"
                } + (database.map { ["rds RebootDBInstance \($0.name) ForceFailover=true"] } ?? [])
        }
        package var undo: Undo { .several([block.undo] + placements.map(Undo.restorePlacement)) }

        package func inject(
            tagged tags: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            let applied = try await block.inject(tagged: tags, made: made)
            let (ecs, rds) = (context.platform.ecs, context.platform.rds)
            for placement in placements {
                try await asking { () async throws(AWSError) in
                    _ = try await ecs.updateService(
                        cluster: placement.cluster, service: placement.service, network: placement.ours)
                }
            }
            if let database {
                try await asking { () async throws(AWSError) in
                    try await rds.rebootDBInstance(database.name, forceFailover: true)
                }
            }
            return applied
        }

        /// The block is proved, and the database has left.
        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
            let blocked = try await block.effect(applied, harm: harm)
            guard case .proved(let proof) = blocked, let database else { return blocked }
            guard try await DatabaseInZone.find(context, zone: database.zone) == nil else {
                return .notYet("\(proof), but database \(database.name) is still in \(database.zone)")
            }
            return .proved("\(proof); database \(database.name) has left \(database.zone)")
        }

        /// The subnets are back, and every service runs well in them.
        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            let unblocked = try await block.healing(applied)
            guard case .proved(let proof) = unblocked else { return unblocked }
            for placement in placements {
                let look = try await ServiceHealth.look(context, service: placement.service)
                guard case .proved = look else { return look }
            }
            return .proved(proof)
        }
    }
}

/// The system's database, if its primary is in a zone.
struct DatabaseInZone: Hashable, Sendable {
    var name: String
    var arn: String
    var zone: String
    var tags: [String: String]

    static func find(_ context: FaultContext, zone: String) async throws(FaultProblem) -> DatabaseInZone? {
        guard let name = context.system.database else { return nil }
        let rds = context.platform.rds
        let found = try await asking { () async throws(AWSError) in try await rds.describeDBInstance(name) }
        guard found.zone == zone else { return nil }
        return DatabaseInZone(name: name, arn: found.arn, zone: zone, tags: found.tags)
    }
}

extension LoseZone {
    package static let about = FaultDescription(
        syntax: "at TIME  lose zone ZONE for DURATION",
        what:
            "Blocks the zone, keeps ECS from placing tasks in it, and fails the database over if its primary is there.",
        calls: ["ecs TagResource (the debt, each service)"] + BlockZone.about.calls + [
            "ecs UpdateService (each service, its subnets without the zone's)",
            "rds RebootDBInstance (ForceFailover)",
        ],
        effect: "As for a blocked zone; and the database's primary is in another zone.",
        undo: "ecs UpdateService back to the journaled subnets of each service, then as for a blocked zone.",
        healed: "As for a blocked zone, and every service runs as it wants to in one deployment.",
        limits: """
            Changing a service's subnets makes ECS roll it out anew, when the zone goes and when it comes back: while \
            a rollout goes on, autoscaling takes no task away. The database stays where it went.
            """,
        permissions: BlockZone.about.permissions + FaultDescription.marksService + [
            "ecs:UpdateService", "rds:DescribeDBInstances", "rds:RebootDBInstance",
        ])
}
