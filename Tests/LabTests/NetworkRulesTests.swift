import Testing

@testable import Lab

/// The network's rules as nft and ip read them.
@Suite struct NetworkRulesTests {
    private typealias Rule = NetworkPolicy.PacketRule

    private static let open = [
        Rule(allows: true, traffic: .all, cidr: "0.0.0.0/0"),
        Rule(allows: false, traffic: .all, cidr: "0.0.0.0/0"),
    ]
    private static let shut = [Rule(allows: false, traffic: .all, cidr: "0.0.0.0/0")]

    @Test func `ACLs that let everything pass cost no rule`() {
        let acls = Dictionary(
            uniqueKeysWithValues: Topology.subnets.map {
                ($0.cidr, NetworkPolicy.ACL(ingress: Self.open, egress: Self.open))
            })
        #expect(
            PacketFilter.table(acls) == """
                table inet vpc
                delete table inet vpc
                table inet vpc {
                    chain between {
                        type filter hook forward priority 0; policy accept;
                    }
                    chain router {
                        type filter hook input priority 0; policy accept;
                    }
                }

                """)
    }

    @Test func `a subnet's egress rules look at what leaves its bridge, its ingress rules at what enters`() {
        let ingress = [
            Rule(allows: false, traffic: .tcp(5432...5432), cidr: "10.0.11.0/24"),
            Rule(allows: true, traffic: .udp(1024...65535), cidr: "0.0.0.0/0"),
            Rule(allows: true, traffic: .icmp(type: 8, code: nil), cidr: "10.0.0.0/16"),
        ]
        #expect(
            PacketFilter.table(["10.0.22.0/24": NetworkPolicy.ACL(ingress: ingress, egress: Self.shut)])
                == """
                table inet vpc
                delete table inet vpc
                table inet vpc {
                    chain out-br22 {
                        counter drop
                        drop
                    }
                    chain in-br22 {
                        ip saddr 10.0.11.0/24 tcp dport 5432 counter drop
                        udp dport 1024-65535 counter return
                        ip saddr 10.0.0.0/16 icmp type 8 counter return
                        drop
                    }
                    chain between {
                        type filter hook forward priority 0; policy accept;
                        iifname vmap { "br22" : jump out-br22 }
                        oifname vmap { "br22" : jump in-br22 }
                    }
                    chain router {
                        type filter hook input priority 0; policy accept;
                        iifname vmap { "br22" : jump out-br22 }
                    }
                }

                """)
    }

    @Test(arguments: [
        (
            "an allowed port is enough to stay reachable",
            [Rule(allows: true, traffic: .tcp(80...80), cidr: "0.0.0.0/0")], false
        ),
        (
            "a denied port cuts nothing off",
            [Rule(allows: false, traffic: .tcp(80...80), cidr: "0.0.0.0/0")] + open, false
        ),
        (
            "a denied neighbour cuts nothing off",
            [Rule(allows: false, traffic: .all, cidr: "10.0.0.0/8")] + open, false
        ),
        ("all denied first cuts off, whatever comes after", shut + open, true),
        ("no rule at all lets nothing pass", [], true),
    ])
    fileprivate func `a subnet is cut off when nothing can pass one way`(
        why: String, rules: [NetworkPolicy.PacketRule], isCutOff: Bool
    ) {
        for acl in [
            NetworkPolicy.ACL(ingress: rules, egress: Self.open),
            NetworkPolicy.ACL(ingress: Self.open, egress: rules),
        ] {
            #expect(NetworkPolicy(acls: ["10.0.1.0/24": acl]).cutOff.isEmpty == !isCutOff, "\(why)")
        }
    }

    @Test func `an interface lets in the members its groups name, and answers to whatever it began`() {
        let policy = NetworkPolicy(groups: [
            "sg-db": .init(
                ingress: [
                    .init(traffic: .tcp(5432...5432), peer: .group("sg-tasks")),
                    .init(traffic: .all, peer: .group("sg-nobody")),
                ], egress: [.init(traffic: .all, peer: .network("0.0.0.0/0"))])
        ])
        let filter = GroupFilter(policy: policy, members: ["sg-tasks": ["10.0.11.20", "10.0.12.20"]])
        #expect(
            filter.table(groups: ["sg-db"], plane: ["10.0.21.10"]) == """
                table ip groups
                delete table ip groups
                table ip groups {
                    chain in {
                        type filter hook input priority 0; policy drop;
                        ct state established,related accept
                        iif "lo" accept
                        ip saddr { 10.0.21.10 } accept
                        ip saddr { 10.0.11.20, 10.0.12.20 } tcp dport 5432 accept
                    }
                    chain out {
                        type filter hook output priority 0; policy drop;
                        ct state established,related accept
                        oif "lo" accept
                        ip daddr { 10.0.21.10 } accept
                        accept
                    }
                }

                """)
    }

    @Test func `routes change by what differs`() {
        let nat = NetworkPolicy.Route(destination: "0.0.0.0/0", hop: .nat(zone: "ap-south-1a"))
        let other = NetworkPolicy.Route(destination: "0.0.0.0/0", hop: .nat(zone: "ap-south-1b"))
        let gateway = NetworkPolicy.Route(destination: "0.0.0.0/0", hop: .internetGateway)
        let (a, b) = ("10.0.11.0/24", "10.0.12.0/24")
        #expect(
            RouterRules.change(from: [:], to: [a: [nat], "10.0.1.0/24": [gateway], "10.0.21.0/24": []]) == """
                route replace 0.0.0.0/0 via 198.51.100.10 dev inet0 onlink table 1001
                route replace 0.0.0.0/0 via 10.0.1.5 dev br1 table 1011

                """)
        #expect(
            RouterRules.change(from: [a: [nat], b: [other]], to: [a: [], b: [other]])
                == "route del 0.0.0.0/0 table 1011\n")
        #expect(
            RouterRules.change(from: [a: [nat]], to: [a: [other]])
                == "route replace 0.0.0.0/0 via 10.0.2.5 dev br2 table 1011\n")
    }

    @Test(arguments: [
        ("10.0.11.7/24", "10.0.11.0/24"), ("0.0.0.0/0", "0.0.0.0/0"),
        ("255.255.255.255/32", "255.255.255.255/32"),
        ("10.0.0.0/33", nil), ("10.0.0/8", nil), ("10.0.0.0", nil), ("10.0.0.256/8", nil), ("::/0", nil),
        ("10..0.0.0/8", nil),
    ])
    func `a network is spelled without host bits`(text: String, canonical: String?) {
        #expect(IPv4Network.canonical(text) == canonical)
    }

    @Test func `the document's groups let in what it says`() throws {
        let network = VirtualNetwork(
            zones: ["ap-south-1a", "ap-south-1b"], project: "p", account: "1", ids: ResourceIDs(seed: 1))
        let policy = network.policy
        let (balancer, tasks, database) = (
            try #require(policy.balancerGroups.first), try #require(policy.taskGroups.first),
            try #require(policy.databaseGroups.first)
        )
        #expect(
            policy.groups[balancer]?.ingress
                == [80...80, 443...443].map {
                    .init(traffic: .tcp($0), peer: .network("0.0.0.0/0"))
                })
        #expect(
            policy.groups[tasks]?.ingress == [balancer, tasks].map { .init(traffic: .all, peer: .group($0)) })
        #expect(policy.groups[database]?.ingress == [.init(traffic: .tcp(5432...5432), peer: .group(tasks))])
    }

    @Test func `a leaky lab lets everybody at the database`() throws {
        let network = VirtualNetwork(
            zones: ["ap-south-1a", "ap-south-1b"], project: "p", account: "1", flaw: .leakySecurityGroup,
            ids: ResourceIDs(seed: 1))
        let database = try #require(network.groups.database.first)
        #expect(
            network.policy.groups[database]?.ingress.last
                == .init(traffic: .tcp(5432...5432), peer: .network("0.0.0.0/0")))
    }

    @Test func `the balancer takes HTTPS where it has a certificate`() {
        let text = BalancerConfiguration(listener: 7, socket: "/s", speed: 1, tls: (9, "/s/tls/alb.pem")).text
        #expect(
            text.contains(
                "    bind fd@7\n    bind fd@9 ssl crt /s/tls/alb.pem ssl-min-ver TLSv1.2 alpn h2,http/1.1\n"))
    }
}
