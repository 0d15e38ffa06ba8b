import Plan
import Scenario
import Testing

/// Every finding about costs, quoted in full.
@Suite struct CostDiagnosticsTests {
    @Test(arguments: cases)
    func `a finding says what, where and how to put it right`(_ diagnostic: Diagnostic) {
        #expect(diagnostic.found == diagnostic.expected)
    }

    @Test func `each line is what is paid for, and what is stated`() {
        let lines = """
            "NAT"  nat gateways 2  stated $65/month
                "RDS"  database db.t3.micro multi-az storage 20GiB  stated $35.50/month
                "one"  database db.t3.micro storage 1024MiB  stated $0/month
                "T"  tasks  stated $40/month
                "B"  balancer  stated $20/month
                "O"  other  stated $7/month
            """
        let system = Edit.apply(Self.costs(lines), to: Sample.system)
        let costs = Sample.parse(Sample.scenario, system: system).value?.system?.costs ?? []
        #expect(
            costs.map(\.item) == [
                .natGateways(2), .database(instance: "db.t3.micro", isMultiAZ: true, storage: 20),
                .database(instance: "db.t3.micro", isMultiAZ: false, storage: 1), .tasks, .balancer, .other,
            ])
        #expect(costs.map(\.stated) == [65, 35.5, 0, 40, 20, 7] && costs.first?.name == "NAT")
    }

    /// The sample's system with these costs.
    private static func costs(_ lines: String) -> [Edit] {
        [Edit("promises\n", to: "costs\n    \(lines)\n\npromises\n")]
    }

    private static let cases: [Diagnostic] = [
        Diagnostic(
            "a cost without a name", inSystem: true, edits: costs("nat gateways 2  stated $65/month"),
            says: #"""
                shop.system:17:5: error: expected the name of a cost in quotes, found `nat`
                    nat gateways 2  stated $65/month
                    ^~~
                help: "nat"
                """#),
        Diagnostic(
            "a cost of something unknown", inSystem: true, edits: costs(#""S3"  bucket  stated $5/month"#),
            says: #"""
                shop.system:17:11: error: expected what is paid for, found `bucket`
                    "S3"  bucket  stated $5/month
                          ^~~~~~
                help: there are: nat, database, tasks, balancer, other
                """#),
        Diagnostic(
            "a cost in no money", inSystem: true, edits: costs(#""NAT"  nat gateways 2  stated 65"#),
            says: #"""
                shop.system:17:35: error: `65` is not what something costs a month
                    "NAT"  nat gateways 2  stated 65
                                                  ^~
                help: in US dollars a month, as in $65/month
                """#),
        Diagnostic(
            "a cost that is not stated", inSystem: true, edits: costs(#""NAT"  nat gateways 2"#),
            says: #"""
                shop.system:17:26: error: the statement ends where `stated` is expected
                    "NAT"  nat gateways 2
                                         ^
                help: it reads: "NAT gateways"  nat gateways 2  stated $65/month
                """#),
        Diagnostic(
            "a database without storage", inSystem: true,
            edits: costs(#""RDS"  database db.t3.micro multi-az  stated $35/month"#),
            says: #"""
                shop.system:17:43: error: expected `storage`, found `stated`
                    "RDS"  database db.t3.micro multi-az  stated $35/month
                                                          ^~~~~~
                help: it reads: "RDS"  database db.t3.micro multi-az storage 20GiB  stated $35/month
                """#),
        Diagnostic(
            "half a gigabyte", inSystem: true,
            edits: costs(#""RDS"  database db.t3.micro storage 512MiB  stated $35/month"#),
            says: #"""
                shop.system:17:41: error: the storage in GiB is not a whole number: 0.5
                    "RDS"  database db.t3.micro storage 512MiB  stated $35/month
                                                        ^~~~~~
                """#),
        Diagnostic(
            "two costs of one name", inSystem: true,
            edits: costs("\"NAT\"  other  stated $1/month\n    \"NAT\"  other  stated $2/month"),
            says: #"""
                shop.system:18:5: error: a second cost `NAT`
                    "NAT"  other  stated $2/month
                    ^~~~~
                note: the first is on line 17
                help: leave one of them, or rename it
                """#),
    ]
}
