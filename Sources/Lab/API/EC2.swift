/// Amazon EC2: the lab's VPC with its subnets, network ACLs, security groups and routes.
struct EC2 {
    static let version = "2016-11-15"

    let control: ControlPlane

    func answer(_ form: FormParameters) async throws(APIError) -> (String, [XML]) {
        let action = form["Action"] ?? ""
        let result: [XML] =
            switch action {
            case "DescribeAvailabilityZones": try await describeZones(form)
            case "DescribeVpcs": try await describeVPCs(form)
            case "DescribeSubnets": try await describeSubnets(form)
            case "DescribeNetworkInterfaces": try await describeInterfaces(form)
            case "DescribeNetworkAcls": try await describeACLs(form)
            case "CreateNetworkAcl": try await createACL(form)
            case "DeleteNetworkAcl": try await deleteACL(form)
            case "ReplaceNetworkAclAssociation": try await replaceAssociation(form)
            case "CreateNetworkAclEntry": try await createEntry(form)
            case "ReplaceNetworkAclEntry": try await replaceEntry(form)
            case "DeleteNetworkAclEntry": try await deleteEntry(form)
            case "DescribeSecurityGroups": try await describeGroups(form)
            case "DescribeSecurityGroupRules": try await describeGroupRules(form)
            case "CreateSecurityGroup": try await createGroup(form)
            case "DeleteSecurityGroup": try await deleteGroup(form)
            case "AuthorizeSecurityGroupIngress": try await authorize(form, egress: false)
            case "AuthorizeSecurityGroupEgress": try await authorize(form, egress: true)
            case "RevokeSecurityGroupIngress": try await revoke(form, egress: false)
            case "RevokeSecurityGroupEgress": try await revoke(form, egress: true)
            case "DescribeRouteTables": try await describeRouteTables(form)
            case "DescribeNatGateways": try await describeNatGateways(form)
            case "DescribeInternetGateways": try await describeInternetGateways(form)
            case "CreateRoute": try await createRoute(form)
            case "ReplaceRoute": try await replaceRoute(form)
            case "DeleteRoute": try await deleteRoute(form)
            case "CreateTags": try await changeTags(form, adding: true)
            case "DeleteTags": try await changeTags(form, adding: false)
            default:
                throw APIError("InvalidAction", "The action \(action) is not valid for this web service.")
            }
        return (action, result)
    }

    static func required(_ form: FormParameters, _ name: String) throws(APIError) -> String {
        guard let value = form[name], !value.isEmpty else {
            let shown = name.prefix(1).lowercased() + name.dropFirst()
            throw APIError("MissingParameter", "The request must contain the parameter \(shown)")
        }
        return value
    }

    // MARK: Changes

    /// Refuses a call that was only a rehearsal, once it is known that it would have worked.
    func change<Result: Sendable>(
        _ form: FormParameters, _ work: @Sendable (inout VirtualNetwork) throws(NetworkError) -> Result
    ) async throws(APIError) -> Result {
        do {
            if try form.bool("DryRun") == true {
                var rehearsal = await control.network
                _ = try work(&rehearsal)
                throw APIError(
                    "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", status: 412)
            }
            return try await control.changeNetwork(work)
        } catch let error as APIError {
            throw error
        } catch let error as NetworkError {
            throw error.asAPIError
        } catch {
            throw APIError("InternalError", "the machine did not obey: \(error)", status: 500)
        }
    }

    private func createACL(_ form: FormParameters) async throws(APIError) -> [XML] {
        let vpc = try Self.required(form, "VpcId")
        let token = form["ClientToken"]
        let tags = try EC2Tags.specified(form, for: "network-acl")
        let acl = try await change(form) { network throws(NetworkError) in
            try network.createACL(vpc: vpc, token: token, tags: tags)
        }
        var parts: [XML] = [.element("networkAcl", EC2Shapes.acl(acl, await control.network))]
        if let token { parts.append(.leaf("clientToken", token)) }
        return parts
    }

    static let done: [XML] = [.leaf("return", true)]

    private func deleteACL(_ form: FormParameters) async throws(APIError) -> [XML] {
        let id = try Self.required(form, "NetworkAclId")
        try await change(form) { network throws(NetworkError) in try network.deleteACL(id) }
        return Self.done
    }

    private func replaceAssociation(_ form: FormParameters) async throws(APIError) -> [XML] {
        let association = try Self.required(form, "AssociationId")
        let acl = try Self.required(form, "NetworkAclId")
        let new = try await change(form) { network throws(NetworkError) in
            try network.replaceAssociation(association, acl: acl)
        }
        return [.leaf("newAssociationId", new)]
    }

    private func rule(_ form: FormParameters) throws(APIError) -> (acl: String, number: Int, egress: Bool) {
        let acl = try Self.required(form, "NetworkAclId")
        _ = try Self.required(form, "RuleNumber")
        _ = try Self.required(form, "Egress")
        return (acl, try form.int("RuleNumber") ?? 0, try form.bool("Egress") ?? false)
    }

    private func entry(_ form: FormParameters) throws(APIError) -> (acl: String, entry: NetworkACL.Entry) {
        let rule = try rule(form)
        let action = try Self.required(form, "RuleAction")
        guard action == "allow" || action == "deny" else {
            throw APIError(
                "InvalidParameterValue", "Invalid value '\(action)' for ruleAction. Use allow or deny.")
        }
        let entry = NetworkACL.Entry(
            number: rule.number, isEgress: rule.egress, allows: action == "allow",
            traffic: try EC2Traffic.ofEntry(form),
            cidr: try EC2Traffic.cidr(try Self.required(form, "CidrBlock"), "cidrBlock"))
        return (rule.acl, entry)
    }

    private func createEntry(_ form: FormParameters) async throws(APIError) -> [XML] {
        let (acl, entry) = try entry(form)
        try await change(form) { network throws(NetworkError) in try network.createEntry(entry, in: acl) }
        return Self.done
    }

    private func replaceEntry(_ form: FormParameters) async throws(APIError) -> [XML] {
        let (acl, entry) = try entry(form)
        try await change(form) { network throws(NetworkError) in try network.replaceEntry(entry, in: acl) }
        return Self.done
    }

    private func deleteEntry(_ form: FormParameters) async throws(APIError) -> [XML] {
        let rule = try rule(form)
        try await change(form) { network throws(NetworkError) in
            try network.deleteEntry(rule.number, egress: rule.egress, in: rule.acl)
        }
        return Self.done
    }

    private func changeTags(_ form: FormParameters, adding: Bool) async throws(APIError) -> [XML] {
        let resources = form.list("ResourceId")
        if resources.isEmpty { _ = try Self.required(form, "ResourceId.1") }
        let rows = EC2Tags.rows(form, "Tag")
        if adding, rows.isEmpty { _ = try Self.required(form, "Tag.1.Key") }
        try await change(form) { network throws(NetworkError) in
            for resource in resources where !network.knows(resource) { throw .noSuchResource(resource) }
            for resource in resources {
                if adding {
                    try network.tags.set(resource, rows.map { Tag(key: $0.key, value: $0.value ?? "") })
                } else if rows.isEmpty {
                    network.tags.removeAll(resource)
                } else {
                    for row in rows { network.tags.remove(resource, key: row.key, value: row.value) }
                }
            }
        }
        return Self.done
    }
}

extension NetworkError {
    /// In EC2's codes and words.
    var asAPIError: APIError {
        switch self {
        case .noSuchVPC(let id): APIError("InvalidVpcID.NotFound", "The vpc ID '\(id)' does not exist")
        case .noSuchACL(let id):
            APIError("InvalidNetworkAclID.NotFound", "The networkAcl ID '\(id)' does not exist")
        case .noSuchAssociation(let id):
            APIError("InvalidAssociationID.NotFound", "The association ID '\(id)' does not exist")
        case .noSuchRule(let acl, let number):
            APIError(
                "InvalidNetworkAclEntry.NotFound",
                "The network acl entry identified by rule number \(number) does not exist in '\(acl)'")
        case .noSuchResource(let id): APIError("InvalidID", "The ID '\(id)' is not valid")
        case .aclInUse(let id):
            APIError("DependencyViolation", "The networkAcl '\(id)' has dependencies and cannot be deleted.")
        case .defaultACL(let id): APIError("InvalidParameterValue", "cannot delete default network ACL \(id)")
        case .tooManyACLs:
            APIError("NetworkAclLimitExceeded", "The maximum number of network ACLs has been reached.")
        case .badRule(let number):
            APIError(
                "InvalidParameterValue", "Invalid value '\(number)' for ruleNumber. It must be 1 to 32766.")
        case .ruleExists(let number):
            APIError(
                "NetworkAclEntryAlreadyExists",
                "The network acl entry identified by rule number \(number) already exists.")
        case .group(let problem): problem.asAPIError
        case .route(let problem): problem.asAPIError
        case .badTag(let words): APIError("InvalidParameterValue", words)
        case .tooManyTags: APIError("TagLimitExceeded", "The maximum number of tags for a resource is 50.")
        }
    }
}
