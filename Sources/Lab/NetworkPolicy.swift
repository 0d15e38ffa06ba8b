/// What the machine's network must do with packets: the VPC's ACLs, security groups and routes as plain rules.
///
/// A value without ids of ACLs or tables: the same rules under other names are the same policy.
package struct NetworkPolicy: Hashable, Sendable {
    /// Rules for what enters and leaves a subnet, in order; the first that matches decides, and what matches none
    /// is dropped.
    struct ACL: Hashable, Sendable {
        var ingress: [PacketRule]
        var egress: [PacketRule]
    }

    struct PacketRule: Hashable, Sendable {
        var allows: Bool
        var traffic: Traffic
        /// The other side: the source of what enters, the destination of what leaves.
        var cidr: String
    }

    /// What may be begun to and from the interfaces of a security group; answers always pass.
    struct Group: Hashable, Sendable {
        var ingress: [GroupRule] = []
        var egress: [GroupRule] = []
    }

    struct GroupRule: Hashable, Sendable {
        var traffic: Traffic
        var peer: Peer
    }

    enum Peer: Hashable, Sendable {
        case network(String)
        /// Whatever interface is in the group at the time.
        case group(String)
    }

    struct Route: Hashable, Sendable {
        enum Hop: Hashable, Sendable {
            /// The NAT gateway that stands in the zone.
            case nat(zone: String)
            case internetGateway
        }
        var destination: String
        var hop: Hop
    }

    /// By the subnets' CIDRs.
    var acls: [String: ACL] = [:]
    /// Ways out of the VPC, by the subnets' CIDRs; within it everything is reached.
    var routes: [String: [Route]] = [:]
    /// By id.
    var groups: [String: Group] = [:]
    /// The groups of interfaces that were given none of their own.
    var balancerGroups: [String] = []
    var taskGroups: [String] = []
    var databaseGroups: [String] = []

    /// Subnets no conversation enters or leaves, whatever it is: all that a lab without packet filter can enforce.
    package var cutOff: Set<String> {
        Set(acls.filter { Self.passesNothing($1.ingress) || Self.passesNothing($1.egress) }.keys)
    }

    private static func passesNothing(_ rules: [PacketRule]) -> Bool {
        for rule in rules {
            if rule.allows { return false }
            if rule.traffic == .all, rule.cidr == IPv4Network.everywhere { return true }
        }
        return true
    }
}
