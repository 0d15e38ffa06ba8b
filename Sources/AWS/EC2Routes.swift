/// The part of EC2 that is the way out: route tables and NAT gateways.
extension EC2 {
    /// All route tables of a VPC, sorted by id.
    package func describeRouteTables(vpc: String) async throws(AWSError) -> [RouteTable] {
        try await pages("DescribeRouteTables", list: "routeTableSet", filters: [("vpc-id", [vpc])])
            .map(RouteTable.init).filter { $0.vpc == vpc }.sorted { $0.id < $1.id }
    }

    /// All NAT gateways of a VPC, sorted by id; deleted ones too, as long as AWS shows them.
    package func describeNatGateways(vpc: String) async throws(AWSError) -> [NatGateway] {
        try await pages("DescribeNatGateways", list: "natGatewaySet", filters: [("vpc-id", [vpc])])
            .map(NatGateway.init).filter { $0.vpc == vpc }.sorted { $0.id < $1.id }
    }

    package func deleteRoute(table: String, destination: String) async throws(AWSError) {
        var form = form("DeleteRoute")
        form.add("RouteTableId", table)
        form.add("DestinationCidrBlock", destination)
        _ = try await call("DeleteRoute", form)
    }

    /// Refused (`RouteAlreadyExists`) if the table has one to this destination, whatever it leads to.
    package func createRoute(table: String, destination: String, natGateway: String) async throws(AWSError) {
        var form = form("CreateRoute")
        form.add("RouteTableId", table)
        form.add("DestinationCidrBlock", destination)
        form.add("NatGatewayId", natGateway)
        _ = try await call("CreateRoute", form)
    }
}

package struct RouteTable: Hashable, Sendable {
    package struct Route: Hashable, Sendable {
        /// Nil for a route that is no IPv4 network's.
        package var destination: String?
        package var natGateway: String?
        /// Whatever else it leads to: an internet gateway, an interface; nil if it is a NAT gateway.
        package var other: String?
    }

    package var id: String
    package var vpc: String
    package var subnets: [String]
    package var routes: [Route]
    package var tags: [String: String]

    init(_ element: XMLElement) {
        id = element.text("routeTableId") ?? ""
        vpc = element.text("vpcId") ?? ""
        subnets = element.list("associationSet").compactMap { $0.text("subnetId") }
        routes = element.list("routeSet").map { row in
            let others = ["gatewayId", "transitGatewayId", "networkInterfaceId", "vpcPeeringConnectionId"]
            return Route(
                destination: row.text("destinationCidrBlock"), natGateway: row.text("natGatewayId"),
                other: others.compactMap { row.text($0) }.first)
        }
        tags = EC2.tags(of: element)
    }

    /// The route to everywhere else, if there is one.
    package var defaultRoute: Route? { routes.first { $0.destination == Self.everywhere } }
    package static let everywhere = "0.0.0.0/0"
}

package struct NatGateway: Hashable, Sendable {
    package var id: String
    package var vpc: String
    package var subnet: String
    /// pending, available, deleting, deleted or failed.
    package var state: String

    init(_ element: XMLElement) {
        id = element.text("natGatewayId") ?? ""
        vpc = element.text("vpcId") ?? ""
        subnet = element.text("subnetId") ?? ""
        state = element.text("state") ?? ""
    }
}
