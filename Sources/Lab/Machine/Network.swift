import CLab
import Glibc
import Spawn

/// The VPC: bridges as subnets, one router between them, network namespaces as interfaces, and the rules for packets.
///
/// All of it lives in the lab's own network namespace and goes with it.
actor Network {
    struct Interface {
        var namespace: Int32
        /// Nil: those that the policy has for its tier. Empty: none, nothing is filtered.
        var groups: [String]?
    }

    let processes: ProcessTable
    /// By address; a namespace lives as long as its fd or a process in it.
    private var interfaces: [String: Interface] = [:]
    /// What is enforced now.
    private var acls: [String: NetworkPolicy.ACL]?
    private var routes: [String: [NetworkPolicy.Route]] = [:]
    private var policy: NetworkPolicy?
    /// Each interface's group rules, as they were last loaded.
    private var loaded: [String: String] = [:]
    private var loading: Task<LabError?, Never>?

    init(processes: ProcessTable) { self.processes = processes }

    func boot() async throws(LabError) {
        // What arrives by one way may be answered by another: the NAT gateways' public addresses are not on a subnet.
        for scope in ["all", "default"] { try set("/proc/sys/net/ipv4/conf/\(scope)/rp_filter", to: "0") }
        try await processes.must(
            Program("ip", ["-batch", "-"]), input: Self.bridges + RouterRules.boot, step: "make the subnets")
        try set("/proc/sys/net/ipv4/ip_forward", to: "1")
        // Else the ACL would also hit traffic inside a subnet. Not there unless br_netfilter is loaded.
        let bridged = "/proc/sys/net/bridge/bridge-nf-call-iptables"
        if access(bridged, F_OK) == 0 { try set(bridged, to: "0") }
    }

    static let bridges =
        Topology.subnets.map { subnet in
            """
            link add \(subnet.bridge) type bridge forward_delay 0
            addr add \(Topology.gateway(of: subnet))/24 dev \(subnet.bridge)
            link set \(subnet.bridge) up

            """
        }.joined() + "link set lo up\n"

    // MARK: Interfaces

    /// A network namespace with this address in its subnet and a route to all others, in these security groups.
    func attach(_ address: String, groups: [String]? = nil) async throws(LabError) -> Int32 {
        guard let subnet = Topology.subnet(of: address) else {
            throw .bootFailed(step: "no subnet holds the address \(address)", log: "")
        }
        let namespace = clab_new_network()
        guard namespace >= 0 else {
            throw .file(operation: "make", path: "a network namespace", error: -namespace)
        }
        do throws(LabError) {
            try await plug(namespace, address, subnet)
            interfaces[address] = Interface(namespace: namespace, groups: groups)
            try await loadGroups()
        } catch {
            interfaces[address] = nil
            close(namespace)
            throw error
        }
        return namespace
    }

    private func plug(_ namespace: Int32, _ address: String, _ subnet: Topology.Subnet) async throws(LabError)
    {
        let link = "v-\(address)"
        var inside = Program("ip", ["-batch", "-"])
        inside.network = namespace
        // Made from inside with its other end sent to us (process 1 of our PID namespace): needs no named namespace.
        try await processes.must(
            inside,
            input: """
                link add eth0 type veth peer name \(link) netns 1
                link set lo up
                addr add \(address)/24 dev eth0
                link set eth0 up

                """, step: "make the interface \(address)")
        try await processes.must(
            Program("ip", ["-batch", "-"]),
            input: "link set \(link) master \(subnet.bridge)\nlink set \(link) up\n",
            step: "plug in the interface \(address)")
        try await processes.must(
            inside, input: "route add default via \(Topology.gateway(of: subnet))\n",
            step: "route the interface \(address)")
    }

    /// Takes the interface away; its processes must have ended. One that is not there is no error.
    func detach(_ address: String) async {
        guard let interface = interfaces.removeValue(forKey: address) else { return }
        loaded[address] = nil
        // Rules may just be on their way into the namespace: its fd must mean no other one by then. What other
        // interfaces still let in from this address is taken back when the next one is attached, before it can be used.
        _ = await loading?.value
        // The kernel removes a namespace's links some time after its end, but the address may be used again at once.
        let removal = try? await processes.run(Program("ip", ["link", "del", "v-\(address)"]))
        _ = removal  // gone with the namespace in any case
        close(interface.namespace)
    }

    // MARK: Rules

    /// Makes this hold, whatever held before. Only what differs is touched.
    func enforce(_ policy: NetworkPolicy) async throws(LabError) {
        if policy.acls != acls {
            try await processes.must(
                Program("nft", ["-f", "-"]), input: PacketFilter.table(policy.acls),
                step: "set the network ACLs")
            acls = policy.acls
        }
        if policy.routes != routes {
            let change = RouterRules.change(from: routes, to: policy.routes)
            try await processes.must(Program("ip", ["-batch", "-"]), input: change, step: "set the routes")
            routes = policy.routes
        }
        self.policy = policy
        try await loadGroups()
    }

    /// Brings every interface's group rules up to date. Calls that come together share the work.
    private func loadGroups() async throws(LabError) {
        let previous = loading
        let next = Task { [self] () -> LabError? in
            // Its error went to its own caller.
            _ = await previous?.value
            return await loadChanged()
        }
        loading = next
        if let error = await next.value { throw error }
    }

    private func loadChanged() async -> LabError? {
        let wanted = tables()
        let changed = wanted.filter { loaded[$0.key] != $0.value.text }
        let processes = processes
        return await withTaskGroup(of: (String, LabError?).self) { group in
            for (address, table) in changed {
                group.addTask {
                    var nft = Program("nft", ["-f", "-"])
                    nft.network = table.namespace
                    do throws(LabError) {
                        try await processes.must(
                            nft, input: table.text, step: "set the security groups of \(address)")
                        return (address, nil)
                    } catch {
                        return (address, error)
                    }
                }
            }
            var first: LabError?
            for await (address, error) in group {
                if let error {
                    first = first ?? error
                } else if interfaces[address] != nil {
                    loaded[address] = changed[address]?.text
                }
            }
            return first
        }
    }

    private func tables() -> [String: (namespace: Int32, text: String)] {
        guard let policy else { return [:] }
        var members: [String: [String]] = [:]
        for (address, interface) in interfaces {
            for group in groups(of: address, interface) { members[group, default: []].append(address) }
        }
        let databases = Topology.databases.values.sorted()
        let filter = GroupFilter(policy: policy, members: members.mapValues { $0.sorted() })
        var tables: [String: (namespace: Int32, text: String)] = [:]
        for (address, interface) in interfaces {
            let groups = groups(of: address, interface)
            if groups.isEmpty { continue }
            let isDatabase = interface.groups == nil && Topology.isDatabase(address)
            // The instances replicate and are watched whatever the group says: RDS has a network of its own for that.
            let plane = isDatabase ? databases + databases.map(Topology.gateway(for:)) : []
            tables[address] = (interface.namespace, filter.table(groups: groups, plane: plane))
        }
        return tables
    }

    private func groups(of address: String, _ interface: Interface) -> [String] {
        if let own = interface.groups { return own }
        guard let policy else { return [] }
        if Topology.isDatabase(address) { return policy.databaseGroups }
        return Topology.balancerNodes.contains { $0.1 == address } ? policy.balancerGroups : policy.taskGroups
    }

    private func set(_ path: String, to value: String) throws(LabError) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw .file(operation: "open", path: path, error: errno) }
        defer { close(file) }
        guard write(file, value, value.utf8.count) == value.utf8.count else {
            throw .file(operation: "write", path: path, error: errno)
        }
    }
}
