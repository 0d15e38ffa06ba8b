import CLab
import Glibc

/// The VPC: bridges as subnets, one router, network namespaces as network interfaces, and the ACL that
/// blocks.
///
/// All of it lives in the lab's own network namespace and goes with it.
actor Network {
    private let processes: ProcessTable
    /// The namespaces made, by address; each lives as long as its fd or a process in it.
    private var interfaces: [String: Int32] = [:]

    init(processes: ProcessTable) { self.processes = processes }

    func boot() async throws(LabError) {
        try await processes.must(
            Program("ip", ["-batch", "-"]), input: Self.bridges, step: "make the subnets")
        try set("/proc/sys/net/ipv4/ip_forward", to: "1")
        // Else the ACL would also hit traffic inside a subnet. Not there unless br_netfilter is loaded.
        let bridged = "/proc/sys/net/bridge/bridge-nf-call-iptables"
        if access(bridged, F_OK) == 0 { try set(bridged, to: "0") }
        try await processes.must(
            Program("nft", ["-f", "-"]), input: Self.rules, step: "make the network ACL")
    }

    static let bridges =
        Topology.subnets.map { subnet in
            """
            link add \(subnet.bridge) type bridge forward_delay 0
            addr add \(Topology.gateway(of: subnet))/24 dev \(subnet.bridge)
            link set \(subnet.bridge) up

            """
        }.joined() + "link set lo up\n"

    /// Stateless and in both directions, also for what is established: a network ACL.
    static let rules = """
        table inet vpc {
            set blocked { type ifname; }
            chain nacl {
                type filter hook forward priority 0; policy accept;
                iifname @blocked counter drop
                oifname @blocked counter drop
            }
            chain router {
                type filter hook input priority 0; policy accept;
                iifname @blocked counter drop
            }
        }

        """

    /// A network namespace with this address in its subnet and a route to all others.
    func attach(_ address: String) async throws(LabError) -> Int32 {
        guard let subnet = Topology.subnet(of: address) else {
            throw .bootFailed(step: "no subnet holds the address \(address)", log: "")
        }
        let namespace = clab_new_network()
        guard namespace >= 0 else {
            throw .file(operation: "make", path: "a network namespace", error: -namespace)
        }
        let link = "v-\(address)"
        var inside = Program("ip", ["-batch", "-"])
        inside.network = namespace
        do throws(LabError) {
            // Made from inside with its other end sent to us (process 1 of our PID namespace): needs no named
            // namespace.
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
        } catch {
            close(namespace)
            throw error
        }
        interfaces[address] = namespace
        return namespace
    }

    /// Takes the interface away; its processes must have ended. One that is not there is no error.
    func detach(_ address: String) async {
        guard let namespace = interfaces.removeValue(forKey: address) else { return }
        // The kernel removes a namespace's links some time after its end, but the address may be used again
        // at once.
        let removal = try? await processes.run(Program("ip", ["link", "del", "v-\(address)"]))
        _ = removal  // gone with the namespace in any case
        close(namespace)
    }

    /// Drops all packets into and out of these subnets, and of no others.
    func block(_ cidrs: Set<String>) async throws(LabError) {
        let bridges = Topology.subnets.filter { cidrs.contains($0.cidr) }.map(\.bridge)
        try await processes.must(
            Program("nft", ["-f", "-"]), input: Self.blocking(bridges), step: "set the network ACL")
    }

    /// One transaction: there is no moment at which both or neither are blocked.
    static func blocking(_ bridges: [String]) -> String {
        let elements =
            bridges.isEmpty ? "" : "add element inet vpc blocked { \(bridges.joined(separator: ", ")) }\n"
        return "flush set inet vpc blocked\n" + elements
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
