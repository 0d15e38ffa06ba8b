/// The document's network: two zones, each with a public, a private and a database subnet.
struct Topology: Sendable {
    struct Subnet: Hashable, Sendable {
        var cidr: String
        var zone: String
        /// The bridge that carries it; holds the gateway's address, `.1`.
        var bridge: String

        /// The number of its routing table in the router.
        var table: Int { 1000 + (Int(bridge.dropFirst(2)) ?? 0) }
    }

    static let subnets = [
        Subnet(cidr: "10.0.1.0/24", zone: "ap-south-1a", bridge: "br1"),
        Subnet(cidr: "10.0.2.0/24", zone: "ap-south-1b", bridge: "br2"),
        Subnet(cidr: "10.0.11.0/24", zone: "ap-south-1a", bridge: "br11"),
        Subnet(cidr: "10.0.12.0/24", zone: "ap-south-1b", bridge: "br12"),
        Subnet(cidr: "10.0.21.0/24", zone: "ap-south-1a", bridge: "br21"),
        Subnet(cidr: "10.0.22.0/24", zone: "ap-south-1b", bridge: "br22"),
    ]
    static let balancerNodes = [("ap-south-1a", "10.0.1.10"), ("ap-south-1b", "10.0.2.10")]
    /// The database's instances, by zone.
    static let databases = ["ap-south-1a": "10.0.21.10", "ap-south-1b": "10.0.22.10"]
    /// Where the primary starts: away from the zone that az-failure takes.
    static let firstPrimary = "ap-south-1b"
    /// A NAT gateway in each zone's public subnet, and the address the internet sees it by.
    static let nats = [
        (zone: "ap-south-1a", address: "10.0.1.5", publicAddress: "203.0.113.11"),
        (zone: "ap-south-1b", address: "10.0.2.5", publicAddress: "203.0.113.12"),
    ]
    /// The whole internet: one server, at an address that documents use and nobody has (RFC 5737).
    static let internet = "198.51.100.10"
    /// The router's address on the link to it, and the routing table of what comes from there.
    static let internetGateway = "198.51.100.1"
    static let internetTable = 1100

    /// The subnet an address of the document's network lies in; all of them are /24.
    static func subnet(of address: String) -> Subnet? {
        subnets.first { network(of: $0.cidr) == network(of: address) }
    }

    static func gateway(of subnet: Subnet) -> String { network(of: subnet.cidr) + ".1" }
    static func gateway(for address: String) -> String { network(of: address) + ".1" }

    /// Whether the address is in a database subnet.
    static func isDatabase(_ address: String) -> Bool {
        ["br21", "br22"].contains(subnet(of: address)?.bridge)
    }

    private static func network(of address: String) -> String {
        address.split(separator: ".").prefix(3).joined(separator: ".")
    }
}

/// Where an address of the document is really found in a mode.
struct Addressing: Sendable {
    let mode: LabMode

    /// Itself in a namespace; `10.0.11.23` is `127.0.11.23` on loopback.
    func address(_ documented: String) -> String {
        mode.hasNamespaces || !documented.hasPrefix("10.") ? documented : "127." + documented.dropFirst(3)
    }

    /// Itself in a namespace; on loopback 20000 higher, clear of what the machine itself serves and of port
    /// 1024.
    func port(_ documented: Int) -> Int { mode.hasNamespaces ? documented : documented + 20_000 }

    /// What the application asks of the world outside.
    var externalURL: String { "http://\(internet):\(port(80))/rates" }
    var internet: String { mode.hasNamespaces ? Topology.internet : "127.0.100.10" }

    /// Where a task's sidecar listens for the task's own calls: each task's loopback in a namespace of its
    /// own.
    func local(to task: String) -> String { mode.hasNamespaces ? "127.0.0.1" : address(task) }
}
