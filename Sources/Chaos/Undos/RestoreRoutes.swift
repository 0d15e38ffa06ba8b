import AWS

/// Puts back the default routes to NAT gateways that were taken away.
package struct RestoreRoutes: Hashable, Codable, Sendable {
    package struct Route: Hashable, Codable, Sendable {
        package var table: String
        package var natGateway: String

        package init(table: String, natGateway: String) {
            self.table = table
            self.natGateway = natGateway
        }
    }

    package var vpc: String
    /// Sorted by table.
    package var routes: [Route]

    package init(vpc: String, routes: [Route]) {
        self.vpc = vpc
        self.routes = routes
    }

    /// Only a table that has no default route gets ours back: one that leads elsewhere by now is somebody's decision.
    func revert(on platform: AWSPlatform) async throws(UndoFailure) -> [String] {
        var done: [String] = []
        var problems: [String] = []
        for route in missing(in: try await read(platform)) {
            do {
                try await platform.ec2.createRoute(
                    table: route.table, destination: RouteTable.everywhere, natGateway: route.natGateway)
                done.append("\(route.table) leads to \(route.natGateway) again")
            } catch {
                problems.append("\(route.table) has no default route: \(error)")
            }
        }
        // Only what is seen counts: a call that failed may have worked, and the other way round.
        let left = missing(in: try await read(platform))
        guard left.isEmpty else {
            if problems.isEmpty { problems = left.map { "\($0.table) has no default route" } }
            throw UndoFailure(problems: problems, commands: commands(left, platform))
        }
        return done
    }

    /// A table that is gone needs no route.
    private func missing(in live: [RouteTable]) -> [Route] {
        routes.filter { route in live.contains { $0.id == route.table && $0.defaultRoute == nil } }
    }

    private func read(_ platform: AWSPlatform) async throws(UndoFailure) -> [RouteTable] {
        do {
            return try await platform.ec2.describeRouteTables(vpc: vpc)
        } catch {
            throw UndoFailure(
                problems: ["the live state cannot be read: \(error)"], commands: commands(on: platform),
                isConnectionRefused: error.isConnectionRefused)
        }
    }

    func commands(on platform: AWSPlatform) -> [String] { commands(routes, platform) }

    private func commands(_ routes: [Route], _ platform: AWSPlatform) -> [String] {
        routes.map {
            "\(platform.command("ec2")) create-route --route-table-id \($0.table) "
                + "--destination-cidr-block \(RouteTable.everywhere) --nat-gateway-id \($0.natGateway)"
        }
    }
}
