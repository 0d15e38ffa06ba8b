/// How much of a real network the lab can have on this machine.
package enum LabMode: String, Codable, CaseIterable, Sendable {
    /// Namespaces, packet filter and CPU quotas, as root.
    case root
    /// Namespaces and packet filter inside a user namespace.
    case rootless
    /// Loopback addresses; a blocked zone is a frozen zone.
    case loopback

    /// What this mode loses against the real thing, one line each; printed and recorded with every run.
    package var limits: [String] {
        switch self {
        case .root: []
        case .rootless: ["no CPU quotas: a task may use a whole core, so it carries more than on AWS"]
        case .loopback:
            [
                "no CPU quotas: a task may use a whole core, so it carries more than on AWS",
                "a blocked zone is a frozen one: connections to it are accepted and hang, nothing is dropped",
                "traffic within a blocked zone stops too, and requests caught in it are carried out when it thaws",
                "the balancer's node of a blocked zone keeps reaching the other zone",
                "no subnets: a network ACL can only cut a whole zone off; its other entries, security groups and "
                    + "routes are accepted and shown, but not enforced",
            ]
        }
    }

    /// Whether tasks get network namespaces of their own.
    var hasNamespaces: Bool { self != .loopback }

    /// `unshare` and its flags, for what this mode runs in; nil runs in the host's namespaces.
    var unshareArguments: [String]? {
        let namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        return switch self {
        case .root: namespaces
        case .rootless: ["--user", "--map-root-user"] + namespaces
        case .loopback: nil
        }
    }
}

/// Chooses the mode by trying: capability bits and sysctls lie in too many ways.
struct ModeProbe {
    /// What a namespaced lab does first, in the order it does it.
    static let trial =
        "ip link add lcp type bridge && ip link add lcv type veth peer name lcw && nft add table inet lcp"

    /// Runs the trial in the mode's namespaces; nil if it worked, else the last line it said.
    let attempt: @Sendable (LabMode) async -> String?

    /// The forced mode, or the first that works.
    func choose(forced: LabMode?) async throws(LabError) -> LabMode {
        for mode in forced.map({ [$0] }) ?? LabMode.allCases {
            guard mode != .loopback else { return mode }
            guard let why = await attempt(mode) else { return mode }
            if forced != nil { throw .modeImpossible(mode, why: why) }
        }
        return .loopback
    }
}
