/// How EC2 writes security groups and their rules.
enum EC2SecurityGroupShapes {
    static func group(_ group: SecurityGroup, _ network: VirtualNetwork) -> [XML] {
        [
            .leaf("ownerId", network.account), .leaf("groupId", group.id), .leaf("groupName", group.name),
            .leaf("groupDescription", group.note), .leaf("vpcId", network.vpc),
            permissions("ipPermissions", group, egress: false, network),
            permissions("ipPermissionsEgress", group, egress: true, network),
            EC2Shapes.tagSet(network.tags[group.id]),
        ]
    }

    /// Rules for the same packets are one permission with several peers.
    private static func permissions(
        _ name: String, _ group: SecurityGroup, egress: Bool, _ network: VirtualNetwork
    ) -> XML {
        let rules = group.rules.filter { $0.isEgress == egress }
        var kinds: [Traffic] = []
        for rule in rules where !kinds.contains(rule.traffic) { kinds.append(rule.traffic) }
        return .items(
            name,
            kinds.map { traffic in
                let peers = rules.filter { $0.traffic == traffic }
                let groups = peers.compactMap { rule -> [XML]? in
                    guard case .group(let id) = rule.peer else { return nil }
                    return [.leaf("userId", network.account), .leaf("groupId", id)] + note(rule)
                }
                let ranges = peers.compactMap { rule -> [XML]? in
                    guard case .network(let cidr) = rule.peer else { return nil }
                    return [.leaf("cidrIp", cidr)] + note(rule)
                }
                return EC2Traffic.permission(traffic) + [
                    .items("groups", groups), .items("ipRanges", ranges), .list("ipv6Ranges", []),
                    .list("prefixListIds", []),
                ]
            })
    }

    private static func note(_ rule: SecurityGroup.Rule) -> [XML] {
        rule.note.map { [.leaf("description", $0)] } ?? []
    }

    static func rule(_ rule: SecurityGroup.Rule, in group: String, _ network: VirtualNetwork) -> [XML] {
        let peer: XML =
            switch rule.peer {
            case .network(let cidr): .leaf("cidrIpv4", cidr)
            case .group(let id):
                .element("referencedGroupInfo", [.leaf("groupId", id), .leaf("userId", network.account)])
            }
        let (from, to) = ends(rule.traffic)
        return [
            .leaf("securityGroupRuleId", rule.id), .leaf("groupId", group),
            .leaf("groupOwnerId", network.account),
            .leaf("isEgress", rule.isEgress),
        ] + EC2Traffic.permission(rule.traffic).prefix(1) + [
            .leaf("fromPort", from), .leaf("toPort", to), peer,
        ]
            + note(rule) + [.list("tagSet", [])]
    }

    /// Where a rule has no ports, -1 stands for all.
    private static func ends(_ traffic: Traffic) -> (Int, Int) {
        switch traffic {
        case .all, .other: (-1, -1)
        case .tcp(let ports), .udp(let ports): (ports.lowerBound, ports.upperBound)
        case .icmp(let type, let code): (type ?? -1, code ?? -1)
        }
    }

    /// What the filters `ip-permission.…` and `egress.ip-permission.…` mean; nil for any other.
    static func attribute(_ name: String, of group: SecurityGroup) -> [String]? {
        let egress = name.hasPrefix("egress.")
        let rules = group.rules.filter { $0.isEgress == egress }
        switch name.replacing("egress.", with: "", maxReplacements: 1) {
        case "ip-permission.from-port": return rules.map { String(ends($0.traffic).0) }
        case "ip-permission.to-port": return rules.map { String(ends($0.traffic).1) }
        case "ip-permission.cidr":
            return rules.compactMap { if case .network(let cidr) = $0.peer { cidr } else { nil } }
        case "ip-permission.group-id":
            return rules.compactMap { if case .group(let id) = $0.peer { id } else { nil } }
        default: return nil
        }
    }
}
