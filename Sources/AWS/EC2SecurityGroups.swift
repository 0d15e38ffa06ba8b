extension EC2 {
    /// Ids of the VPC's security groups of this name: there is at most one.
    package func securityGroups(vpc: String, named name: String) async throws(AWSError) -> [String] {
        var form = form("DescribeSecurityGroups")
        form.add(filters: [("vpc-id", [vpc]), ("group-name", [name])])
        // Checked here as well: an endpoint may ignore a filter.
        return try await call("DescribeSecurityGroups", form).list("securityGroupInfo")
            .filter { $0.text("groupName") == name && $0.text("vpcId") ?? vpc == vpc }
            .compactMap { $0.text("groupId") }
    }
}
