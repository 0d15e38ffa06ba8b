/// The document's VPC: three tiers of subnets in two zones, and the network ACLs between them.
struct VirtualNetwork: Sendable {
    struct Subnet: Hashable, Sendable {
        let id: String
        let zone: String
        let cidr: String
        /// `public`, `private` or `db`.
        let tier: String
        /// The ACL it obeys. The id of the association changes with every replacement, as on AWS.
        var acl: String
        var association: String
    }

    let vpc: String
    let cidr = "10.0.0.0/16"
    let account: String
    var subnets: [Subnet]
    var acls: [NetworkACL]
    var groups = SecurityGroups()
    var routing = Routing()
    var interfaces: [FixedInterface] = []
    var tags = ResourceTags()
    /// ACL ids by client token: a repeated request makes no second ACL.
    private var tokens: [String: String] = [:]
    var ids: ResourceIDs

    init(zones: [String], project: String, account: String, flaw: LabFlaw? = nil, ids: ResourceIDs) {
        var ids = ids
        self.account = account
        vpc = ids.resource("vpc")
        let acl = NetworkACL(id: ids.resource("acl"), vpc: vpc, isDefault: true)
        acls = [acl]
        subnets = []
        for (tier, base) in [("public", 1), ("private", 11), ("db", 21)] {
            for (index, zone) in zones.enumerated() {
                let subnet = Subnet(
                    id: ids.resource("subnet"), zone: zone, cidr: "10.0.\(base + index).0/24", tier: tier,
                    acl: acl.id, association: ids.resource("aclassoc"))
                subnets.append(subnet)
                tags.name(subnet.id, "\(project)-\(tier)-\(index + 1)", project: project)
                tags.set(subnet.id, "Tier", tier)
            }
        }
        tags.name(vpc, "\(project)-vpc", project: project)
        tags.name(acl.id, nil, project: project)
        self.ids = ids
        makeGroups(project: project, flaw: flaw)
        makeRouting(project: project)
        makeInterfaces()
    }

    /// All this as rules for packets.
    var policy: NetworkPolicy {
        var policy = NetworkPolicy(
            routes: routes, balancerGroups: groups.balancer, taskGroups: groups.tasks,
            databaseGroups: groups.database)
        for subnet in subnets {
            guard let acl = acls.first(where: { $0.id == subnet.acl }) else { continue }
            policy.acls[subnet.cidr] = .init(
                ingress: acl.rules(egress: false), egress: acl.rules(egress: true))
        }
        for group in groups.all { policy.groups[group.id] = group.policy }
        return policy
    }

    /// The private subnet of a zone, where tasks go.
    func taskSubnet(in zone: String) -> Subnet? { subnets.first { $0.tier == "private" && $0.zone == zone } }

    func subnet(_ id: String) -> Subnet? { subnets.first { $0.id == id } }

    private func index(ofACL id: String) throws(NetworkError) -> Int {
        guard let index = acls.firstIndex(where: { $0.id == id }) else { throw .noSuchACL(id) }
        return index
    }

    mutating func createACL(vpc: String, token: String?, tags newTags: [Tag]) throws(NetworkError)
        -> NetworkACL
    {
        guard vpc == self.vpc else { throw .noSuchVPC(vpc) }
        if let token, let made = tokens[token], let acl = acls.first(where: { $0.id == made }) { return acl }
        guard acls.count < 200 else { throw .tooManyACLs }
        let acl = NetworkACL(id: ids.resource("acl"), vpc: vpc)
        try tags.set(acl.id, newTags)
        acls.append(acl)
        if let token { tokens[token] = acl.id }
        return acl
    }

    mutating func deleteACL(_ id: String) throws(NetworkError) {
        let index = try index(ofACL: id)
        guard !acls[index].isDefault else { throw .defaultACL(id) }
        guard !subnets.contains(where: { $0.acl == id }) else { throw .aclInUse(id) }
        acls.remove(at: index)
        tags.forget(id)
    }

    /// Puts a subnet under another ACL; returns the id of the new association.
    mutating func replaceAssociation(_ association: String, acl: String) throws(NetworkError) -> String {
        guard let index = subnets.firstIndex(where: { $0.association == association }) else {
            throw .noSuchAssociation(association)
        }
        _ = try self.index(ofACL: acl)
        subnets[index].acl = acl
        subnets[index].association = ids.resource("aclassoc")
        return subnets[index].association
    }

    mutating func createEntry(_ entry: NetworkACL.Entry, in acl: String) throws(NetworkError) {
        let index = try index(ofACL: acl)
        guard (1..<NetworkACL.Entry.finalRule).contains(entry.number) else { throw .badRule(entry.number) }
        guard
            !acls[index].entries.contains(where: {
                $0.number == entry.number && $0.isEgress == entry.isEgress
            })
        else { throw .ruleExists(entry.number) }
        acls[index].entries.append(entry)
        acls[index].sort()
    }

    mutating func replaceEntry(_ entry: NetworkACL.Entry, in acl: String) throws(NetworkError) {
        try deleteEntry(entry.number, egress: entry.isEgress, in: acl)
        try createEntry(entry, in: acl)
    }

    mutating func deleteEntry(_ number: Int, egress: Bool, in acl: String) throws(NetworkError) {
        let index = try index(ofACL: acl)
        guard number != NetworkACL.Entry.finalRule else { throw .badRule(number) }
        guard
            let row = acls[index].entries.firstIndex(where: { $0.number == number && $0.isEgress == egress })
        else { throw .noSuchRule(acl, number) }
        acls[index].entries.remove(at: row)
    }

    /// Whether anything here bears this id, so that it can be tagged.
    func knows(_ id: String) -> Bool {
        id == vpc || id == routing.internetGateway || subnets.contains { $0.id == id }
            || acls.contains { $0.id == id }
            || groups[id] != nil || routing.tables.contains { $0.id == id }
            || routing.nats.contains { $0.id == id }
    }
}

/// Why a network request is refused, in EC2's terms.
enum NetworkError: Error, Hashable {
    case noSuchVPC(String)
    case noSuchACL(String)
    case noSuchAssociation(String)
    case noSuchRule(String, Int)
    case noSuchResource(String)
    case aclInUse(String)
    case defaultACL(String)
    case tooManyACLs
    case badRule(Int)
    case ruleExists(Int)
    case group(SecurityGroupProblem)
    case route(RouteProblem)
    case badTag(String)
    case tooManyTags
}
