/// The part of EC2 that is the network: subnets and their access control lists.
package struct EC2: Sendable {
    let wire: Wire
    private var isDry = false

    init(wire: Wire) { self.wire = wire }

    /// The same calls, none of which does anything: what AWS would have done it refuses, as `DryRunOperation`.
    package var dry: EC2 {
        var copy = self
        copy.isDry = true
        return copy
    }

    func form(_ action: String) -> Form {
        var form = Form(action: action, version: "2016-11-15")
        if isDry { form.add("DryRun", "true") }
        return form
    }

    func call(_ action: String, _ form: Form) async throws(AWSError) -> XMLElement {
        try await wire.form(.ec2, action, form)
    }

    func pages(
        _ action: String, list: String, filters: [(name: String, values: [String])]
    ) async throws(AWSError) -> [XMLElement] {
        var found: [XMLElement] = []
        var token: String?
        repeat {
            var form = form(action)
            form.add(filters: filters)
            form.add("NextToken", token)
            let root = try await call(action, form)
            found += root.list(list)
            let next = root.text("nextToken")
            if let next, next == token {
                throw AWSError(
                    service: "ec2", action: action, kind: .badAnswer("page \(next) follows itself"))
            }
            token = next
        } while token != nil
        return found
    }

    /// The subnets of a zone of a VPC, sorted by id. Checked here as well: an endpoint may ignore a filter.
    package func describeSubnets(vpc: String, zone: String) async throws(AWSError) -> [Subnet] {
        let filters = [("vpc-id", [vpc]), ("availability-zone", [zone])]
        return try await pages("DescribeSubnets", list: "subnetSet", filters: filters)
            .map(Subnet.init).filter { $0.vpc == vpc && $0.zone == zone }.sorted { $0.id < $1.id }
    }

    /// All subnets of a VPC.
    package func describeSubnets(vpc: String) async throws(AWSError) -> [Subnet] {
        try await pages("DescribeSubnets", list: "subnetSet", filters: [("vpc-id", [vpc])])
            .map(Subnet.init).filter { $0.vpc == vpc }.sorted { $0.id < $1.id }
    }

    /// All access control lists of a VPC, with the subnets on each.
    package func describeNetworkAcls(vpc: String) async throws(AWSError) -> [NetworkAcl] {
        try await pages("DescribeNetworkAcls", list: "networkAclSet", filters: [("vpc-id", [vpc])])
            .map(NetworkAcl.init).filter { $0.vpc == vpc }
    }

    /// Makes an empty list, which denies everything both ways. Returns its id.
    ///
    /// `token` makes a repeated call return the list that the first one made.
    package func createNetworkAcl(
        vpc: String, tags: [(key: String, value: String)], token: String
    ) async throws(AWSError) -> String {
        let action = "CreateNetworkAcl"
        var form = form(action)
        form.add("VpcId", vpc)
        form.add("ClientToken", token)
        form.add("TagSpecification.1.ResourceType", "network-acl")
        form.add(tags: tags, under: "TagSpecification.1.Tag")
        guard let id = try await call(action, form).text("networkAcl", "networkAclId") else {
            throw AWSError(service: "ec2", action: action, kind: .badAnswer("no networkAclId"))
        }
        return id
    }

    /// Puts the subnet behind `association` on another list. Returns the association's new id: the old one is gone.
    @discardableResult
    package func replaceNetworkAclAssociation(
        association: String, acl: String
    ) async throws(AWSError) -> String {
        let action = "ReplaceNetworkAclAssociation"
        var form = form(action)
        form.add("AssociationId", association)
        form.add("NetworkAclId", acl)
        guard let id = try await call(action, form).text("newAssociationId") else {
            throw AWSError(service: "ec2", action: action, kind: .badAnswer("no newAssociationId"))
        }
        return id
    }

    /// Refused (`DependencyViolation`) while a subnet is on it.
    package func deleteNetworkAcl(_ id: String) async throws(AWSError) {
        var form = form("DeleteNetworkAcl")
        form.add("NetworkAclId", id)
        _ = try await call("DeleteNetworkAcl", form)
    }

    /// What stands in these subnets: who is hit when they are blocked.
    package func describeNetworkInterfaces(subnets: [String]) async throws(AWSError) -> [NetworkInterface] {
        try await pages(
            "DescribeNetworkInterfaces", list: "networkInterfaceSet", filters: [("subnet-id", subnets)]
        )
        .map(NetworkInterface.init).filter { subnets.contains($0.subnet) }
    }

    /// The tags of an element, in the EC2 flavour.
    static func tags(of element: XMLElement) -> [String: String] {
        var tags: [String: String] = [:]
        for tag in element.list("tagSet") { tags[tag.text("key") ?? ""] = tag.text("value") ?? "" }
        return tags
    }
}

package struct Subnet: Hashable, Sendable {
    package var id: String
    package var vpc: String
    package var zone: String
    package var cidr: String
    package var tags: [String: String]

    init(_ element: XMLElement) {
        id = element.text("subnetId") ?? ""
        vpc = element.text("vpcId") ?? ""
        zone = element.text("availabilityZone") ?? ""
        cidr = element.text("cidrBlock") ?? ""
        tags = EC2.tags(of: element)
    }
}

package struct NetworkAcl: Hashable, Sendable {
    package struct Association: Hashable, Sendable {
        /// Changes with every replacement: never keep it.
        package var id: String
        package var subnet: String

        package init(id: String, subnet: String) {
            self.id = id
            self.subnet = subnet
        }
    }

    package var id: String
    package var vpc: String
    package var associations: [Association]
    package var tags: [String: String]

    package init(id: String, vpc: String, associations: [Association], tags: [String: String] = [:]) {
        self.id = id
        self.vpc = vpc
        self.associations = associations
        self.tags = tags
    }

    init(_ element: XMLElement) {
        let id = element.text("networkAclId") ?? ""
        self.init(
            id: id, vpc: element.text("vpcId") ?? "",
            associations: element.list("associationSet").compactMap { row in
                guard let association = row.text("networkAclAssociationId"), let subnet = row.text("subnetId")
                else { return nil }
                return Association(id: association, subnet: subnet)
            },
            tags: EC2.tags(of: element))
    }
}

package struct NetworkInterface: Hashable, Sendable {
    package var id: String
    package var subnet: String
    package var address: String
    /// `02:42:ac:11:00:02`, in lower case.
    package var hardwareAddress: String
    package var description: String

    init(_ element: XMLElement) {
        id = element.text("networkInterfaceId") ?? ""
        hardwareAddress = (element.text("macAddress") ?? "").lowercased()
        subnet = element.text("subnetId") ?? ""
        address = element.text("privateIpAddress") ?? ""
        description = element.text("description") ?? ""
    }
}
