package import AWS
import Plan

/// `lose nat [in zone Z] for D`: the default routes that lead to NAT gateways (of the zone) are taken away.
///
/// It is the gateway's zone that counts: where one gateway serves two zones, losing it is felt in both.
package struct LoseNAT: FaultAction {
    package var zone: String?

    package init(zone: String?) {
        self.zone = zone
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let ec2 = context.platform.ec2
        let vpc = try await Balancer.find(context).vpc
        let subnets = try await asking { () async throws(AWSError) in try await ec2.describeSubnets(vpc: vpc)
        }
        let gateways = try await asking { () async throws(AWSError) in
            try await ec2.describeNatGateways(vpc: vpc)
        }
        let tables = try await asking { () async throws(AWSError) in
            try await ec2.describeRouteTables(vpc: vpc)
        }
        let places = Dictionary(subnets.map { ($0.id, $0.zone) }, uniquingKeysWith: { a, _ in a })
        let lost = try Self.lost(
            tables, gateways: gateways.filter { $0.state == "available" }, zones: places, zone: zone)
        return Resolved(
            context: context, tables: tables.filter { table in lost.contains { $0.table == table.id } },
            restore: RestoreRoutes(vpc: vpc, routes: lost))
    }

    /// Which routes to take away. `zones`: each subnet's.
    static func lost(
        _ tables: [RouteTable], gateways: [NatGateway], zones: [String: String], zone: String?
    ) throws(FaultProblem) -> [RestoreRoutes.Route] {
        let places = Dictionary(
            gateways.map { ($0.id, zones[$0.subnet] ?? "?") }, uniquingKeysWith: { a, _ in a })
        let routes = tables.compactMap { table -> RestoreRoutes.Route? in
            guard let gateway = table.defaultRoute?.natGateway, let place = places[gateway],
                zone == nil || zone == place
            else { return nil }
            return RestoreRoutes.Route(table: table.id, natGateway: gateway)
        }
        guard routes.isEmpty else { return routes.sorted { $0.table < $1.table } }
        let known = Set(places.values).sorted().joined(separator: ", ")
        throw .noTarget(
            known.isEmpty
                ? "the VPC has no NAT gateway that is available"
                : "no default route leads to a NAT gateway\(zone.map { " in \($0)" } ?? ""); "
                    + "there are gateways in \(known)")
    }

    /// Route tables with the default routes they had.
    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let tables: [RouteTable]
        let restore: RestoreRoutes

        private var ec2: EC2 { context.platform.ec2 }

        package var targets: [String] {
            restore.routes.map { route in
                let subnets = tables.first { $0.id == route.table }?.subnets.sorted() ?? []
                return "\(route.table) (\(route.natGateway); \(subnets.joined(separator: ", ")))"
            }
        }
        package var guarded: [GuardedTarget] { tables.map { GuardedTarget(id: $0.id, tags: $0.tags) } }
        package var undo: Undo { .restoreRoutes(restore) }
        package var marks: [Mark] { tables.map { .network($0.id) } }
        package func strikes() async throws(FaultProblem) -> [Strike] { [] }
        package func cutOff() async throws(FaultProblem) -> [NetworkInterface] {
            try await asking { () async throws(AWSError) in
                try await ec2.describeNetworkInterfaces(subnets: tables.flatMap(\.subnets))
            }
        }
        package var calls: [String] {
            restore.routes.map { "ec2 DeleteRoute \($0.table) 0.0.0.0/0 (to \($0.natGateway))" }
        }

        package func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            let live = try await read()
            for route in restore.routes {
                guard
                    live.first(where: { $0.id == route.table })?.defaultRoute?.natGateway == route.natGateway
                else {
                    throw .changed(
                        "\(route.table) does not lead to \(route.natGateway) any more: someone changed it")
                }
                try await asking { () async throws(AWSError) in
                    try await ec2.deleteRoute(table: route.table, destination: RouteTable.everywhere)
                }
            }
            return [:]
        }

        /// The routes are gone, and clients feel it: a service that needs nothing from outside would not.
        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
            let live = try await read()
            for route in restore.routes {
                if let left = live.first(where: { $0.id == route.table })?.defaultRoute {
                    return .notYet(
                        "\(route.table) still leads to \(left.natGateway ?? left.other ?? "somewhere")")
                }
            }
            let seen = "\(restore.routes.map(\.table).joined(separator: ", ")) lead nowhere"
            return harm.map { .proved("\(seen); \($0)") } ?? .notYet("\(seen), but no client has noticed yet")
        }

        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            let live = try await read()
            for route in restore.routes {
                let now = live.first { $0.id == route.table }?.defaultRoute
                guard now?.natGateway == route.natGateway else {
                    let place = now.map { $0.natGateway ?? $0.other ?? "somewhere" } ?? "nowhere"
                    return .notYet("\(route.table) leads to \(place) instead of \(route.natGateway)")
                }
            }
            let (name, cluster) = (context.system.balancedService, context.system.cluster)
            let services = try await asking { () async throws(AWSError) in
                try await context.platform.ecs.describeServices(cluster: cluster, [name])
            }
            return ServiceHealth.judge(
                try await Balancer.targets(context), wanted: services.first?.desired ?? 1,
                proof: "\(restore.routes.map(\.table).joined(separator: ", ")) as before")
        }

        private func read() async throws(FaultProblem) -> [RouteTable] {
            try await asking { () async throws(AWSError) in
                try await ec2.describeRouteTables(vpc: restore.vpc)
            }
        }
    }
}

extension LoseNAT {
    package static let about = FaultDescription(
        syntax: "at TIME  lose nat [in zone ZONE] for DURATION",
        what: """
            Takes away the default routes, in the balancer's VPC, that lead to NAT gateways (that stand in the zone).
            """,
        calls: ["ec2 CreateTags (the debt)", "ec2 DeleteRoute 0.0.0.0/0 (each route table)"],
        effect: "The routes are gone, and clients see failures.",
        undo:
            "ec2 CreateRoute 0.0.0.0/0 to the journaled NAT gateway, where no default route is, ec2 DeleteTags.",
        healed: "The routes are as before, all targets are healthy.",
        limits: """
            The gateway itself lives on. What a task needs from AWS by the same way (images, logs, secrets) is lost \
            with it, unless there are VPC endpoints. In a lab in loopback mode there are no routes to lose.
            """,
        permissions: FaultDescription.reads + [
            "ec2:DescribeNetworkInterfaces", "ec2:CreateTags", "ec2:DeleteTags",
            "ec2:DescribeNatGateways", "ec2:DeleteRoute", "ec2:CreateRoute",
        ])
}
