/// A route table: where packets go that leave the VPC.
struct RouteTable: Hashable, Sendable {
    struct Route: Hashable, Sendable {
        enum Target: Hashable, Sendable {
            case nat(String)
            case gateway(String)

            var id: String {
                switch self {
                case .nat(let id), .gateway(let id): id
                }
            }
        }
        /// Canonical.
        var destination: String
        var target: Target
    }

    struct Association: Hashable, Sendable {
        let id: String
        /// Nil for the VPC's main table, which serves subnets that are on no other.
        let subnet: String?
    }

    let id: String
    let associations: [Association]
    /// Without the one that stays within the VPC.
    var routes: [Route] = []
}

/// A NAT gateway: the way out of a zone's private subnets.
struct NatGateway: Hashable, Sendable {
    let id: String
    let zone: String
    let subnet: String
    let address: String
    let publicAddress: String
    let allocation: String
}

struct Routing: Hashable, Sendable {
    var tables: [RouteTable] = []
    var nats: [NatGateway] = []
    var internetGateway = ""
}

/// Why a request about routes is refused.
enum RouteProblem: Error, Hashable {
    case noSuchTable(String)
    case noSuchRoute(table: String, destination: String)
    case routeExists(String)
    case noSuchNat(String)
    case noSuchGateway(String)
    case isLocal(String)
    case tooManyRoutes
}

extension VirtualNetwork {
    /// One way out per tier: the public subnets by the internet gateway, each private one by its zone's NAT gateway,
    /// the database's not at all ("Subnet Architecture", "NAT Gateways (Multi-AZ)").
    mutating func makeRouting(project: String) {
        routing.internetGateway = ids.resource("igw")
        tags.name(routing.internetGateway, "\(project)-igw", project: project)
        for (index, subnet) in subnets.filter({ $0.tier == "public" }).enumerated() {
            guard let place = Topology.nats.first(where: { $0.zone == subnet.zone }) else { continue }
            let nat = NatGateway(
                id: ids.resource("nat"), zone: subnet.zone, subnet: subnet.id, address: place.address,
                publicAddress: place.publicAddress, allocation: ids.resource("eipalloc"))
            routing.nats.append(nat)
            tags.name(nat.id, "\(project)-nat-\(index + 1)", project: project)
        }
        addTable(nil, [nil], [])
        let out = RouteTable.Route(
            destination: IPv4Network.everywhere, target: .gateway(routing.internetGateway))
        addTable("\(project)-public-rt", subnets.filter { $0.tier == "public" }.map(\.id), [out])
        for (index, subnet) in subnets.filter({ $0.tier == "private" }).enumerated() {
            let nat = routing.nats.first { $0.zone == subnet.zone }
            let routes = nat.map {
                [RouteTable.Route(destination: IPv4Network.everywhere, target: .nat($0.id))]
            }
            addTable("\(project)-private-rt-\(index + 1)", [subnet.id], routes ?? [])
        }
        addTable("\(project)-db-rt", subnets.filter { $0.tier == "db" }.map(\.id), [])

        func addTable(_ name: String?, _ subnets: [String?], _ routes: [RouteTable.Route]) {
            let table = RouteTable(
                id: ids.resource("rtb"),
                associations: subnets.map { .init(id: ids.resource("rtbassoc"), subnet: $0) }, routes: routes)
            routing.tables.append(table)
            tags.name(table.id, name, project: project)
        }
    }

    /// The ways out of each subnet, by its CIDR.
    var routes: [String: [NetworkPolicy.Route]] {
        var routes: [String: [NetworkPolicy.Route]] = [:]
        for subnet in subnets {
            let table = routing.tables.first { $0.associations.contains { $0.subnet == subnet.id } }
            routes[subnet.cidr] = (table?.routes ?? []).compactMap { route in
                switch route.target {
                case .gateway: .init(destination: route.destination, hop: .internetGateway)
                case .nat(let id):
                    routing.nats.first { $0.id == id }.map {
                        .init(destination: route.destination, hop: .nat(zone: $0.zone))
                    }
                }
            }
        }
        return routes
    }

    private func index(ofTable id: String) throws(NetworkError) -> Int {
        guard let index = routing.tables.firstIndex(where: { $0.id == id }) else {
            throw .route(.noSuchTable(id))
        }
        return index
    }

    private func check(_ route: RouteTable.Route) throws(NetworkError) {
        guard route.destination != cidr else { throw .route(.isLocal(cidr)) }
        switch route.target {
        case .nat(let id):
            guard routing.nats.contains(where: { $0.id == id }) else { throw .route(.noSuchNat(id)) }
        case .gateway(let id):
            guard id == routing.internetGateway else { throw .route(.noSuchGateway(id)) }
        }
    }

    mutating func createRoute(_ route: RouteTable.Route, in table: String) throws(NetworkError) {
        let index = try index(ofTable: table)
        try check(route)
        guard !routing.tables[index].routes.contains(where: { $0.destination == route.destination }) else {
            throw .route(.routeExists(route.destination))
        }
        guard routing.tables[index].routes.count < 50 else { throw .route(.tooManyRoutes) }
        routing.tables[index].routes.append(route)
    }

    mutating func replaceRoute(_ route: RouteTable.Route, in table: String) throws(NetworkError) {
        let index = try index(ofTable: table)
        try check(route)
        guard
            let row = routing.tables[index].routes.firstIndex(where: { $0.destination == route.destination })
        else { throw .route(.noSuchRoute(table: table, destination: route.destination)) }
        routing.tables[index].routes[row] = route
    }

    mutating func deleteRoute(_ destination: String, in table: String) throws(NetworkError) {
        let index = try index(ofTable: table)
        guard destination != cidr else { throw .route(.isLocal(cidr)) }
        guard let row = routing.tables[index].routes.firstIndex(where: { $0.destination == destination })
        else {
            throw .route(.noSuchRoute(table: table, destination: destination))
        }
        routing.tables[index].routes.remove(at: row)
    }
}
