import AWS
import Plan

/// EC2 answers a dry run only about what is there, so these questions read first.
extension PermissionProbe {
    private func vpc() async throws(FaultProblem) -> String {
        try await Balancer.find(
            FaultContext(platform: platform, system: system, run: "", seed: 0, index: 0, name: "doctor")
        ).vpc
    }

    /// A subnet's place on its list.
    private func association() async throws(FaultProblem) -> (id: String, acl: String) {
        let vpc = try await vpc()
        let lists = try await asking { () async throws(AWSError) in
            try await platform.ec2.describeNetworkAcls(vpc: vpc)
        }
        for list in lists { if let first = list.associations.first { return (first.id, list.id) } }
        throw .noTarget("no subnet of \(vpc) has a network ACL")
    }

    /// A table with a way out through a NAT gateway.
    private func wayOut() async throws(FaultProblem) -> (table: String, gateway: String) {
        let vpc = try await vpc()
        let tables = try await asking { () async throws(AWSError) in
            try await platform.ec2.describeRouteTables(vpc: vpc)
        }
        for table in tables {
            if let gateway = table.defaultRoute?.natGateway { return (table.id, gateway) }
        }
        throw .noTarget("no route table of \(vpc) leads to a NAT gateway")
    }

    private typealias Call<Place> = @Sendable (EC2, Place) async throws(AWSError) -> Void

    private static func reading(_ call: @escaping Call<String>) -> Question {
        Question(through: []) { probe throws(FaultProblem) in
            let vpc = try await probe.vpc()
            try await asking { () async throws(AWSError) in try await call(probe.platform.ec2, vpc) }
        }
    }

    private static func rehearsal<Place>(
        of place: @escaping @Sendable (PermissionProbe) -> @Sendable () async throws(FaultProblem) -> Place,
        orRefusedAs code: String? = nil, _ call: @escaping Call<Place>
    ) -> Question {
        Question(through: Set(["DryRunOperation", code].compactMap { $0 })) { probe throws(FaultProblem) in
            let found = try await place(probe)()
            try await asking { () async throws(AWSError) in try await call(probe.platform.ec2.dry, found) }
        }
    }

    private static let make = rehearsal(of: vpc) {
        ec2, vpc throws(AWSError) in
        _ = try await ec2.createNetworkAcl(
            vpc: vpc, tags: [(key: "loadchaos:run", value: "doctor")], token: "loadchaos-doctor")
    }

    static let networkQuestions: [String: Question] = [
        "ec2:DescribeSubnets": reading { ec2, vpc throws(AWSError) in
            _ = try await ec2.describeSubnets(vpc: vpc)
        },
        "ec2:DescribeNetworkAcls": reading { ec2, vpc throws(AWSError) in
            _ = try await ec2.describeNetworkAcls(vpc: vpc)
        },
        "ec2:DescribeNetworkInterfaces": reading { ec2, vpc throws(AWSError) in
            _ = try await ec2.describeNetworkInterfaces(
                subnets: try await ec2.describeSubnets(vpc: vpc).map(\.id))
        },
        "ec2:DescribeRouteTables": reading { ec2, vpc throws(AWSError) in
            _ = try await ec2.describeRouteTables(vpc: vpc)
        },
        "ec2:DescribeNatGateways": reading { ec2, vpc throws(AWSError) in
            _ = try await ec2.describeNatGateways(vpc: vpc)
        },
        "ec2:DescribeSecurityGroups": reading { ec2, vpc throws(AWSError) in
            _ = try await ec2.securityGroups(vpc: vpc, named: "loadchaos-doctor")
        },
        // One call needs both: a list that is made is tagged by the same call.
        "ec2:CreateNetworkAcl": make,
        "ec2:CreateTags": make,
        "ec2:ReplaceNetworkAclAssociation": rehearsal(of: association) {
            ec2, place throws(AWSError) in
            try await ec2.replaceNetworkAclAssociation(association: place.id, acl: place.acl)
        },
        "ec2:DeleteTags": rehearsal(of: wayOut) {
            ec2, place throws(AWSError) in
            try await ec2.deleteTags(place.table, keys: ["loadchaos:doctor"])
        },
        "ec2:DeleteRoute": rehearsal(of: wayOut) {
            ec2, place throws(AWSError) in
            try await ec2.deleteRoute(table: place.table, destination: RouteTable.everywhere)
        },
        "ec2:CreateRoute": rehearsal(
            of: wayOut, orRefusedAs: "RouteAlreadyExists"
        ) { ec2, place throws(AWSError) in
            try await ec2.createRoute(
                table: place.table, destination: RouteTable.everywhere, natGateway: place.gateway)
        },
    ]
}
