import CLab
import Glibc
import Spawn

/// The world outside the VPC and the ways to it: a NAT gateway per zone, and one server that is the whole internet.
extension Machine {
    /// The document's NAT gateways and something to reach by them. On loopback only the server.
    func bootInternet() async throws {
        var place: Int32?
        if let network {
            for nat in Topology.nats { try await network.addNAT(nat.address, as: nat.publicAddress) }
            place = try await network.addInternet()
        }
        let text = InternetConfiguration(bind: "\(addressing.internet):\(addressing.port(80))").text
        let network = place
        let pid = try startProxy("internet", text, network: network)
        keep("internet", pid) { [self] in try await startProxy("internet", text, network: network) }
    }
}

/// A server of exchange rates; it says whom it sees, which is how a NAT gateway is told from the other.
struct InternetConfiguration: Sendable {
    var bind: String

    var text: String {
        """
        global
            nbthread 1
            maxconn 500

        defaults
            mode http
            timeout client 10s
            timeout connect 1s
            timeout server 10s

        frontend internet
            bind \(bind)
            http-request return status 200 content-type application/json lf-string \
        '{"base":"INR","rates":{"EUR":0.0098,"USD":0.0113},"seen":"%[src]"}'

        """
    }
}

extension Network {
    /// A host of the public subnet that passes on what it gets, under a public address.
    func addNAT(_ address: String, as publicAddress: String) async throws(LabError) {
        let namespace = try await attach(address, groups: [])
        var gateway = Program("sh", ["-ec", "echo 1 > /proc/sys/net/ipv4/ip_forward; exec nft -f -"])
        gateway.network = namespace
        try await processes.must(
            gateway, input: Self.translation(publicAddress), step: "make the NAT gateway \(address)")
    }

    static func translation(_ publicAddress: String) -> String {
        """
        table ip nat {
            chain out {
                type nat hook postrouting priority 100;
                ip saddr 10.0.0.0/16 ip daddr != 10.0.0.0/16 snat to \(publicAddress)
            }
        }

        """
    }

    /// A namespace beyond the router, whose only way back is to the NAT gateways' public addresses.
    func addInternet() async throws(LabError) -> Int32 {
        let namespace = clab_new_network()
        guard namespace >= 0 else {
            throw .file(operation: "make", path: "a network namespace", error: -namespace)
        }
        var inside = Program("ip", ["-batch", "-"])
        inside.network = namespace
        try await processes.must(
            inside,
            input: """
                link add eth0 type veth peer name inet0 netns 1
                link set lo up
                addr add \(Topology.internet)/24 dev eth0
                link set eth0 up
                route add default via \(Topology.internetGateway)

                """, step: "make the internet")
        // Without the prefix's own route: else every subnet would reach it by the router's main table.
        var outside = "addr add \(Topology.internetGateway)/24 dev inet0 noprefixroute\nlink set inet0 up\n"
        for nat in Topology.nats {
            guard let subnet = Topology.subnet(of: nat.address) else { continue }
            let way = "via \(nat.address) dev \(subnet.bridge) table \(Topology.internetTable)"
            outside += "route add \(nat.publicAddress) \(way)\n"
        }
        try await processes.must(Program("ip", ["-batch", "-"]), input: outside, step: "reach the internet")
        return namespace
    }
}
