/// An elastic network interface, whoever's it is.
struct NetworkInterface: Hashable, Sendable {
    let id: String
    let mac: String
    let subnet: VirtualNetwork.Subnet
    let address: String
    let note: String
    /// As on AWS: `interface`, or `nat_gateway`.
    var type = "interface"
    /// Whose hand made it: `amazon-elb`; nil for a task's.
    var requester: String?
    var groups: [String]
    var publicAddress: String?
}

/// Interfaces that are there as long as the lab is.
struct FixedInterface: Hashable, Sendable {
    enum Owner: Hashable, Sendable {
        case balancer, database
        case nat(String)
    }

    let owner: Owner
    let id: String
    let mac: String
    let subnet: String
    let address: String
}

extension VirtualNetwork {
    /// The balancer's nodes, the database's two instances, the NAT gateways.
    mutating func makeInterfaces() {
        func add(_ owner: FixedInterface.Owner, _ address: String) {
            guard let place = Topology.subnet(of: address),
                let subnet = subnets.first(where: { $0.cidr == place.cidr })
            else { return }
            interfaces.append(
                FixedInterface(
                    owner: owner, id: ids.resource("eni"), mac: ids.mac(), subnet: subnet.id, address: address
                ))
        }
        for node in Topology.balancerNodes { add(.balancer, node.1) }
        for address in Topology.databases.values.sorted() { add(.database, address) }
        for nat in routing.nats { add(.nat(nat.id), nat.address) }
    }
}

extension ControlPlane {
    /// The groups of a task: its own, or those of all tasks.
    func groups(of task: ECSTask) -> [String] {
        task.securityGroups.isEmpty ? network.groups.tasks : task.securityGroups
    }

    /// The groups live tasks are in.
    var groupsInUse: Set<String> { Set(state.tasks.filter { $0.status != .stopped }.flatMap(groups)) }

    /// Every interface in the VPC.
    var interfaces: [NetworkInterface] {
        let tasks = state.tasks.filter { $0.status != .stopped }.compactMap { task in
            network.subnet(task.subnet).map {
                NetworkInterface(
                    id: task.interface.interface, mac: task.interface.mac, subnet: $0, address: task.address,
                    note: EC2Shapes.interfaceDescription(task, names), groups: groups(of: task))
            }
        }
        return tasks + network.interfaces.compactMap(shown)
    }

    private func shown(_ fixed: FixedInterface) -> NetworkInterface? {
        guard let subnet = network.subnet(fixed.subnet) else { return nil }
        switch fixed.owner {
        case .balancer:
            return NetworkInterface(
                id: fixed.id, mac: fixed.mac, subnet: subnet, address: fixed.address,
                note: "ELB app/\(names.balancerName)/\(names.balancerKey)", requester: "amazon-elb",
                groups: network.groups.balancer)
        case .database:
            return NetworkInterface(
                id: fixed.id, mac: fixed.mac, subnet: subnet, address: fixed.address,
                note: "RDSNetworkInterface",
                requester: "amazon-rds", groups: network.groups.database)
        case .nat(let id):
            let nat = network.routing.nats.first { $0.id == id }
            return NetworkInterface(
                id: fixed.id, mac: fixed.mac, subnet: subnet, address: fixed.address,
                note: "Interface for NAT Gateway \(id)", type: "nat_gateway", requester: "amazon-aws",
                groups: [],
                publicAddress: nat?.publicAddress)
        }
    }
}
