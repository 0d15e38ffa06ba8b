/// Network ACLs as nftables: stateless, in the router, between subnets and to the outside.
///
/// What stays within a subnet is bridged and never gets here, as on AWS.
enum PacketFilter {
    /// All rules in one transaction: there is no moment without them, nor with half of them.
    static func table(_ acls: [String: NetworkPolicy.ACL]) -> String {
        var chains = ""
        var leaving: [String] = []
        var entering: [String] = []
        for subnet in Topology.subnets {
            guard let acl = acls[subnet.cidr] else { continue }
            if let rules = rules(acl.egress, peer: "daddr") {
                chains += chain("out-\(subnet.bridge)", rules)
                leaving.append("\"\(subnet.bridge)\" : jump out-\(subnet.bridge)")
            }
            if let rules = rules(acl.ingress, peer: "saddr") {
                chains += chain("in-\(subnet.bridge)", rules)
                entering.append("\"\(subnet.bridge)\" : jump in-\(subnet.bridge)")
            }
        }
        func map(_ word: String, _ jumps: [String]) -> [String] {
            jumps.isEmpty ? [] : ["\(word) vmap { \(jumps.joined(separator: ", ")) }"]
        }
        chains += chain(
            "between",
            ["type filter hook forward priority 0; policy accept;"] + map("iifname", leaving)
                + map("oifname", entering))
        // What is sent to the router itself leaves its subnet as well.
        chains += chain(
            "router", ["type filter hook input priority 0; policy accept;"] + map("iifname", leaving))
        return "table inet vpc\ndelete table inet vpc\ntable inet vpc {\n\(chains)}\n"
    }

    private static func chain(_ name: String, _ lines: [String]) -> String {
        "    chain \(name) {\n" + lines.map { "        \($0)\n" }.joined() + "    }\n"
    }

    /// Nil when everything passes: then packets need not be looked at.
    private static func rules(_ acl: [NetworkPolicy.PacketRule], peer: String) -> [String]? {
        if let first = acl.first, first.allows, first.traffic == .all, first.cidr == IPv4Network.everywhere {
            return nil
        }
        var lines: [String] = []
        for rule in acl {
            let match = [peerMatch(rule.cidr, peer), rule.traffic.match].compactMap { $0 }
            lines.append((match + ["counter", rule.allows ? "return" : "drop"]).joined(separator: " "))
        }
        return lines + ["drop"]
    }

    static func peerMatch(_ cidr: String, _ word: String) -> String? {
        cidr == IPv4Network.everywhere ? nil : "ip \(word) \(cidr)"
    }
}

extension Traffic {
    /// In nft's words; nil matches everything.
    var match: String? {
        func ports(_ range: ClosedRange<Int>) -> String {
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        }
        switch self {
        case .all: return nil
        case .tcp(let range): return "tcp dport \(ports(range))"
        case .udp(let range): return "udp dport \(ports(range))"
        case .icmp(let type, let code):
            let parts = [type.map { "icmp type \($0)" }, code.map { "icmp code \($0)" }].compactMap { $0 }
            return parts.isEmpty ? "meta l4proto 1" : parts.joined(separator: " ")
        case .other(let number): return "meta l4proto \(number)"
        }
    }
}
