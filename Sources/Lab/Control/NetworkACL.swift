/// A network ACL: stateless rules for what enters and leaves a subnet.
struct NetworkACL: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var number: Int
        var isEgress: Bool
        var allows: Bool
        /// `-1` is every protocol; the lab enforces no other.
        var networkProtocol = "-1"
        var cidr = "0.0.0.0/0"

        /// The last rule of every ACL, which nobody can remove.
        static let finalRule = 32767
    }

    let id: String
    let vpc: String
    let isDefault: Bool
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

    /// Whether packets pass one way: the lowest rule decides, as each covers everything.
    private func passes(egress: Bool) -> Bool {
        entries.filter { $0.isEgress == egress }.min { $0.number < $1.number }?.allows ?? false
    }

    /// A conversation needs both ways: an ACL that denies one cuts its subnets off.
    var cutsOff: Bool { !passes(egress: true) || !passes(egress: false) }
}
