/// A network ACL: stateless rules for what enters and leaves a subnet.
struct NetworkACL: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var number: Int
        var isEgress: Bool
        var allows: Bool
        var traffic = Traffic.all
        /// Canonical.
        var cidr = IPv4Network.everywhere

        /// The last rule of every ACL, which nobody can remove.
        static let finalRule = 32767
    }

    let id: String
    let vpc: String
    let isDefault: Bool
    /// Egress before ingress, each by number: the order in which they are tried.
    var entries: [Entry]

    /// As AWS makes it: denies everything until rules are added.
    init(id: String, vpc: String, isDefault: Bool = false) {
        self.id = id
        self.vpc = vpc
        self.isDefault = isDefault
        entries = [true, false].map { Entry(number: Entry.finalRule, isEgress: $0, allows: false) }
        if isDefault { entries += [true, false].map { Entry(number: 100, isEgress: $0, allows: true) } }
        sort()
    }

    mutating func sort() {
        entries.sort { ($0.isEgress ? 0 : 1, $0.number) < ($1.isEgress ? 0 : 1, $1.number) }
    }

    func rules(egress: Bool) -> [NetworkPolicy.PacketRule] {
        entries.filter { $0.isEgress == egress }.map {
            NetworkPolicy.PacketRule(allows: $0.allows, traffic: $0.traffic, cidr: $0.cidr)
        }
    }
}
