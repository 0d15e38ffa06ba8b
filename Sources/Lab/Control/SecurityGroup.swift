/// A security group: what may be begun to and from the interfaces that are in it. Stateful.
struct SecurityGroup: Hashable, Sendable {
    struct Rule: Hashable, Sendable {
        let id: String
        let isEgress: Bool
        let traffic: Traffic
        let peer: NetworkPolicy.Peer
        var note: String?

        /// Whether it lets the same pass: two such rules cannot be in one group.
        func isSame(as other: Wanted, egress: Bool) -> Bool {
            isEgress == egress && traffic == other.traffic && peer == other.peer
        }
    }

    /// A rule that has no id yet, or is looked for.
    struct Wanted: Hashable, Sendable {
        var traffic: Traffic
        var peer: NetworkPolicy.Peer
        var note: String?
    }

    let id: String
    let name: String
    let note: String
    /// The VPC's own, which cannot be deleted.
    var isDefault = false
    var rules: [Rule] = []

    static let rulesMax = 60

    var policy: NetworkPolicy.Group {
        func rules(egress: Bool) -> [NetworkPolicy.GroupRule] {
            self.rules.filter { $0.isEgress == egress }.map { .init(traffic: $0.traffic, peer: $0.peer) }
        }
        return NetworkPolicy.Group(ingress: rules(egress: false), egress: rules(egress: true))
    }
}

/// The VPC's groups, and which are those of the balancer, the tasks and the database.
struct SecurityGroups: Hashable, Sendable {
    var all: [SecurityGroup] = []
    var balancer: [String] = []
    /// Those of a task that was given none of its own.
    var tasks: [String] = []
    var database: [String] = []

    subscript(id: String) -> SecurityGroup? { all.first { $0.id == id } }
}

/// Why a request about security groups is refused.
enum SecurityGroupProblem: Error, Hashable {
    case noSuchGroup(String)
    case groupExists(name: String, vpc: String)
    case inUse(String)
    case isDefault(id: String, name: String)
    case ruleExists(String)
    case noSuchRule
    case noSuchRuleID(String)
    case tooManyRules
    case tooManyGroups
}

extension VirtualNetwork {
    /// The document's "Security Groups": what lets whom in; everything may go out.
    mutating func makeGroups(project: String, flaw: LabFlaw?) {
        let everywhere = NetworkPolicy.Peer.network(IPv4Network.everywhere)
        let own = addGroup("default", "default VPC security group", isDefault: true)
        let balancer = addGroup("\(project)-alb-sg", "Security group for ALB")
        let tasks = addGroup("\(project)-ecs-tasks-sg", "Security group for ECS tasks")
        let database = addGroup("\(project)-rds-sg", "Security group for RDS")
        append([.init(traffic: .all, peer: .group(own))], to: own, egress: false)
        append(
            [80...80, 443...443].map { .init(traffic: .tcp($0), peer: everywhere) }, to: balancer,
            egress: false)
        append([balancer, tasks].map { .init(traffic: .all, peer: .group($0)) }, to: tasks, egress: false)
        append([.init(traffic: .tcp(5432...5432), peer: .group(tasks))], to: database, egress: false)
        if flaw == .leakySecurityGroup {
            append([.init(traffic: .tcp(5432...5432), peer: everywhere)], to: database, egress: false)
        }
        for id in [balancer, tasks, database] { tags.name(id, groups[id]?.name, project: project) }
        tags.name(own, nil, project: project)
        (groups.balancer, groups.tasks, groups.database) = ([balancer], [tasks], [database])
    }

    /// As AWS makes it: lets nothing in and everything out.
    private mutating func addGroup(_ name: String, _ note: String, isDefault: Bool = false) -> String {
        let group = SecurityGroup(id: ids.resource("sg"), name: name, note: note, isDefault: isDefault)
        groups.all.append(group)
        append([.init(traffic: .all, peer: .network(IPv4Network.everywhere))], to: group.id, egress: true)
        return group.id
    }

    @discardableResult
    private mutating func append(
        _ wanted: [SecurityGroup.Wanted], to id: String, egress: Bool
    ) -> [SecurityGroup.Rule] {
        let rules = wanted.map {
            SecurityGroup.Rule(
                id: ids.resource("sgr"), isEgress: egress, traffic: $0.traffic, peer: $0.peer, note: $0.note)
        }
        guard let index = groups.all.firstIndex(where: { $0.id == id }) else { return [] }
        groups.all[index].rules += rules
        return rules
    }

    private func index(ofGroup id: String) throws(NetworkError) -> Int {
        guard let index = groups.all.firstIndex(where: { $0.id == id }) else {
            throw .group(.noSuchGroup(id))
        }
        return index
    }

    mutating func createGroup(name: String, note: String, vpc: String, tags newTags: [Tag])
        throws(NetworkError)
        -> SecurityGroup
    {
        guard vpc == self.vpc else { throw .noSuchVPC(vpc) }
        guard !groups.all.contains(where: { $0.name == name }) else {
            throw .group(.groupExists(name: name, vpc: vpc))
        }
        guard groups.all.count < 200 else { throw .group(.tooManyGroups) }
        let id = addGroup(name, note)
        try tags.set(id, newTags)
        return groups.all[try index(ofGroup: id)]
    }

    /// `used`: the groups that tasks are in.
    mutating func deleteGroup(_ id: String, used: Set<String>) throws(NetworkError) {
        let index = try index(ofGroup: id)
        guard !groups.all[index].isDefault else {
            throw .group(.isDefault(id: id, name: groups.all[index].name))
        }
        let attached = used.union(groups.balancer).union(groups.database).union(groups.tasks)
        let isNamed = groups.all.contains { $0.id != id && $0.rules.contains { $0.peer == .group(id) } }
        guard !attached.contains(id), !isNamed else { throw .group(.inUse(id)) }
        groups.all.remove(at: index)
        tags.forget(id)
    }

    /// All of the rules or none.
    mutating func authorize(
        _ wanted: [SecurityGroup.Wanted], in id: String, egress: Bool
    ) throws(NetworkError) -> [SecurityGroup.Rule] {
        let group = groups.all[try index(ofGroup: id)]
        for (position, rule) in wanted.enumerated() {
            if case .group(let peer) = rule.peer { _ = try index(ofGroup: peer) }
            let isRepeated = wanted[..<position].contains {
                $0.traffic == rule.traffic && $0.peer == rule.peer
            }
            guard !isRepeated, !group.rules.contains(where: { $0.isSame(as: rule, egress: egress) }) else {
                throw .group(.ruleExists(rule.words))
            }
        }
        guard group.rules.count(where: { $0.isEgress == egress }) + wanted.count <= SecurityGroup.rulesMax
        else {
            throw .group(.tooManyRules)
        }
        return append(wanted, to: id, egress: egress)
    }

    /// By what they let pass or by their ids; all or none.
    mutating func revoke(
        _ wanted: [SecurityGroup.Wanted], ids: [String], in id: String, egress: Bool
    ) throws(NetworkError) -> [SecurityGroup.Rule] {
        let index = try index(ofGroup: id)
        var gone: [SecurityGroup.Rule] = []
        for rule in wanted {
            guard let found = groups.all[index].rules.first(where: { $0.isSame(as: rule, egress: egress) })
            else {
                throw .group(.noSuchRule)
            }
            gone.append(found)
        }
        for rule in ids {
            guard let found = groups.all[index].rules.first(where: { $0.id == rule && $0.isEgress == egress })
            else {
                throw .group(.noSuchRuleID(rule))
            }
            gone.append(found)
        }
        groups.all[index].rules.removeAll { gone.contains($0) }
        return gone
    }

    /// Puts the balancer into other groups.
    mutating func setBalancerGroups(_ ids: [String]) throws(NetworkError) {
        for id in ids { _ = try index(ofGroup: id) }
        groups.balancer = ids
    }
}

extension SecurityGroup.Wanted {
    /// As EC2 shows a rule it has already.
    var words: String {
        let source =
            switch peer {
            case .network(let cidr): cidr
            case .group(let id): id
            }
        let what =
            switch traffic {
            case .all: "ALL"
            case .tcp(let ports): "TCP, from port: \(ports.lowerBound), to port: \(ports.upperBound)"
            case .udp(let ports): "UDP, from port: \(ports.lowerBound), to port: \(ports.upperBound)"
            case .icmp: "ICMP"
            case .other(let number): "\(number)"
            }
        return "peer: \(source), \(what), ALLOW"
    }
}
