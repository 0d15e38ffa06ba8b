/// EC2's calls about route tables and the gateways they lead to.
extension EC2 {
    func describeRouteTables(_ form: FormParameters) async throws(APIError) -> [XML] {
        let network = await control.network
        return try listed(
            "routeTableSet", network.routing.tables, form, ids: "RouteTableId", id: { $0.id },
            missing: { RouteProblem.noSuchTable($0).asAPIError }, tags: { network.tags[$0.id] },
            attributes: { table, name in
                switch name {
                case "route-table-id", "association.route-table-id": [table.id]
                case "association.route-table-association-id": table.associations.map(\.id)
                case "association.subnet-id": table.associations.compactMap(\.subnet)
                case "association.main": table.associations.map { $0.subnet == nil ? "true" : "false" }
                case "route.destination-cidr-block": [network.cidr] + table.routes.map(\.destination)
                case "route.nat-gateway-id", "route.gateway-id": table.routes.map(\.target.id)
                case "route.state": ["active"]
                case "vpc-id": [network.vpc]
                case "owner-id": [network.account]
                default: nil
                }
            },
            shape: { Self.shape($0, network) })
    }

    private static func shape(_ table: RouteTable, _ network: VirtualNetwork) -> [XML] {
        let local: [XML] = [
            .leaf("destinationCidrBlock", network.cidr), .leaf("gatewayId", "local"),
            .leaf("state", "active"),
            .leaf("origin", "CreateRouteTable"),
        ]
        let routes = table.routes.map { route -> [XML] in
            let target: XML =
                switch route.target {
                case .nat(let id): .leaf("natGatewayId", id)
                case .gateway(let id): .leaf("gatewayId", id)
                }
            return [
                .leaf("destinationCidrBlock", route.destination), target, .leaf("state", "active"),
                .leaf("origin", "CreateRoute"),
            ]
        }
        let associations = table.associations.map { row -> [XML] in
            [.leaf("routeTableAssociationId", row.id), .leaf("routeTableId", table.id)]
                + (row.subnet.map { [.leaf("subnetId", $0)] } ?? [])
                + [
                    .leaf("main", row.subnet == nil),
                    .element("associationState", [.leaf("state", "associated")]),
                ]
        }
        return [
            .leaf("routeTableId", table.id), .leaf("vpcId", network.vpc), .leaf("ownerId", network.account),
            .items("routeSet", [local] + routes), .items("associationSet", associations),
            .list("propagatingVgwSet", []), EC2Shapes.tagSet(network.tags[table.id]),
        ]
    }

    func describeNatGateways(_ form: FormParameters) async throws(APIError) -> [XML] {
        let (network, interfaces) = (await control.network, await control.interfaces)
        let created = await control.state.services.first?.createdAt ?? .zero
        return try listed(
            "natGatewaySet", network.routing.nats, form, ids: "NatGatewayId", id: { $0.id },
            missing: { RouteProblem.noSuchNat($0).asAPIError }, tags: { network.tags[$0.id] },
            attributes: { nat, name in
                switch name {
                case "nat-gateway-id": [nat.id]
                case "subnet-id": [nat.subnet]
                case "vpc-id": [network.vpc]
                case "state": ["available"]
                default: nil
                }
            },
            shape: { nat in
                let interface = interfaces.first { $0.address == nat.address }?.id ?? ""
                return [
                    .leaf("natGatewayId", nat.id), .leaf("subnetId", nat.subnet), .leaf("vpcId", network.vpc),
                    .leaf("state", "available"), .leaf("connectivityType", "public"),
                    .date("createTime", control.clock.calendar(created)),
                    .items(
                        "natGatewayAddressSet",
                        [
                            [
                                .leaf("allocationId", nat.allocation), .leaf("networkInterfaceId", interface),
                                .leaf("privateIp", nat.address), .leaf("publicIp", nat.publicAddress),
                                .leaf("isPrimary", true), .leaf("status", "succeeded"),
                            ]
                        ]), EC2Shapes.tagSet(network.tags[nat.id]),
                ]
            })
    }

    func describeInternetGateways(_ form: FormParameters) async throws(APIError) -> [XML] {
        let network = await control.network
        return try listed(
            "internetGatewaySet", [network.routing.internetGateway], form, ids: "InternetGatewayId",
            id: { $0 },
            missing: {
                APIError("InvalidInternetGatewayID.NotFound", "The internetGateway ID '\($0)' does not exist")
            }, tags: { network.tags[$0] },
            attributes: { gateway, name in
                switch name {
                case "internet-gateway-id": [gateway]
                case "attachment.vpc-id": [network.vpc]
                case "attachment.state": ["available"]
                case "owner-id": [network.account]
                default: nil
                }
            },
            shape: {
                [
                    .leaf("internetGatewayId", $0), .leaf("ownerId", network.account),
                    .items("attachmentSet", [[.leaf("vpcId", network.vpc), .leaf("state", "available")]]),
                    EC2Shapes.tagSet(network.tags[$0]),
                ]
            })
    }

    // MARK: Changes

    private func route(_ form: FormParameters) throws(APIError) -> (table: String, route: RouteTable.Route) {
        let table = try Self.required(form, "RouteTableId")
        let destination = try destination(form)
        switch (form["NatGatewayId"], form["GatewayId"]) {
        case (let nat?, nil): return (table, .init(destination: destination, target: .nat(nat)))
        case (nil, let gateway?): return (table, .init(destination: destination, target: .gateway(gateway)))
        default:
            throw APIError(
                "MissingParameter",
                "The request must contain exactly one of gatewayId, natGatewayId; the lab has no other")
        }
    }

    private func destination(_ form: FormParameters) throws(APIError) -> String {
        try EC2Traffic.cidr(try Self.required(form, "DestinationCidrBlock"), "destinationCidrBlock")
    }

    func createRoute(_ form: FormParameters) async throws(APIError) -> [XML] {
        let (table, route) = try route(form)
        try await change(form) { network throws(NetworkError) in try network.createRoute(route, in: table) }
        return Self.done
    }

    func replaceRoute(_ form: FormParameters) async throws(APIError) -> [XML] {
        let (table, route) = try route(form)
        try await change(form) { network throws(NetworkError) in try network.replaceRoute(route, in: table) }
        return Self.done
    }

    func deleteRoute(_ form: FormParameters) async throws(APIError) -> [XML] {
        let (table, destination) = (try Self.required(form, "RouteTableId"), try destination(form))
        try await change(form) { network throws(NetworkError) in
            try network.deleteRoute(destination, in: table)
        }
        return Self.done
    }
}

extension RouteProblem {
    /// In EC2's codes and words.
    var asAPIError: APIError {
        switch self {
        case .noSuchTable(let id):
            APIError("InvalidRouteTableID.NotFound", "The routeTable ID '\(id)' does not exist")
        case .noSuchRoute(let table, let destination):
            APIError(
                "InvalidRoute.NotFound",
                "no route with destination-cidr-block \(destination) in route table \(table)")
        case .routeExists(let destination):
            APIError("RouteAlreadyExists", "The route identified by \(destination) already exists.")
        case .noSuchNat(let id): APIError("NatGatewayNotFound", "NatGateway \(id) was not found")
        case .noSuchGateway(let id):
            APIError("InvalidGatewayID.NotFound", "The gateway ID '\(id)' does not exist")
        case .isLocal(let cidr):
            APIError("InvalidParameterValue", "The route of the VPC's own \(cidr) cannot be changed.")
        case .tooManyRoutes: APIError("RouteLimitExceeded", "The maximum number of routes has been reached.")
        }
    }
}
