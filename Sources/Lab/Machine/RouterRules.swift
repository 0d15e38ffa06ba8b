/// How the lab's router sends what leaves the VPC: a routing table for each subnet, asked only when no subnet of the
/// VPC has the destination. What no table knows goes nowhere, in silence, as on AWS.
enum RouterRules {
    static var boot: String {
        // First of all: from outside only the NAT gateways' public addresses are reached.
        var lines = [
            "rule add iif inet0 pref 100 lookup \(Topology.internetTable)",
            "rule add iif inet0 pref 101 blackhole",
        ]
        for subnet in Topology.subnets {
            lines.append("rule add iif \(subnet.bridge) pref \(32_800 + subnet.table) lookup \(subnet.table)")
        }
        lines.append("rule add pref 40000 blackhole")
        return lines.map { $0 + "\n" }.joined()
    }

    /// `ip -batch` lines that turn the routes of before into the wanted ones.
    static func change(
        from old: [String: [NetworkPolicy.Route]], to new: [String: [NetworkPolicy.Route]]
    ) -> String {
        var lines: [String] = []
        for subnet in Topology.subnets {
            let (had, wanted) = (old[subnet.cidr] ?? [], new[subnet.cidr] ?? [])
            for route in had where !wanted.contains(where: { $0.destination == route.destination }) {
                lines.append("route del \(route.destination) table \(subnet.table)")
            }
            for route in wanted where !had.contains(route) {
                guard let hop = hop(route.hop) else { continue }
                lines.append("route replace \(route.destination) \(hop) table \(subnet.table)")
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func hop(_ hop: NetworkPolicy.Route.Hop) -> String? {
        switch hop {
        case .internetGateway: return "via \(Topology.internet) dev inet0 onlink"
        case .nat(let zone):
            guard let nat = Topology.nats.first(where: { $0.zone == zone }),
                let subnet = Topology.subnet(of: nat.address)
            else { return nil }
            return "via \(nat.address) dev \(subnet.bridge)"
        }
    }
}
