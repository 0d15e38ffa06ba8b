/// Security groups as nftables: stateful, at each interface, in its own namespace.
///
/// Not on the bridges: connections are not tracked there.
struct GroupFilter {
    let policy: NetworkPolicy
    /// Addresses that are in a group now, by group; sorted, so that the same members give the same text.
    let members: [String: [String]]

    /// The whole of one interface's rules in one transaction. What is established stays so; a change counts for what
    /// comes after it. `plane`: addresses the service behind the interface is run from, which its owner cannot refuse.
    func table(groups: [String], plane: [String] = []) -> String {
        let rules = groups.compactMap { policy.groups[$0] }
        let own = plane.isEmpty ? [] : ["ip saddr { \(plane.joined(separator: ", ")) } accept"]
        let ingress = own + rules.flatMap(\.ingress).compactMap { line($0, "saddr") }
        let out = plane.isEmpty ? [] : ["ip daddr { \(plane.joined(separator: ", ")) } accept"]
        let egress = out + rules.flatMap(\.egress).compactMap { line($0, "daddr") }
        return """
            table ip groups
            delete table ip groups
            table ip groups {
            \(chain("in", "input", "iif", ingress))
            \(chain("out", "output", "oif", egress))
            }

            """
    }

    private func chain(_ name: String, _ hook: String, _ device: String, _ lines: [String]) -> String {
        let all =
            [
                "type filter hook \(hook) priority 0; policy drop;", "ct state established,related accept",
                "\(device) \"lo\" accept",
            ] + lines
        return "    chain \(name) {\n" + all.map { "        \($0)\n" }.joined() + "    }"
    }

    /// Nil for a group nobody is in: it lets nobody pass.
    private func line(_ rule: NetworkPolicy.GroupRule, _ word: String) -> String? {
        var parts: [String] = []
        switch rule.peer {
        case .network(let cidr): parts = [PacketFilter.peerMatch(cidr, word)].compactMap { $0 }
        case .group(let id):
            guard let addresses = members[id], !addresses.isEmpty else { return nil }
            parts = ["ip \(word) { \(addresses.joined(separator: ", ")) }"]
        }
        return (parts + [rule.traffic.match].compactMap { $0 } + ["accept"]).joined(separator: " ")
    }
}
