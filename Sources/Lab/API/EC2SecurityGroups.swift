/// EC2's calls about security groups.
extension EC2 {
    func describeGroups(_ form: FormParameters) async throws(APIError) -> [XML] {
        let network = await control.network
        let named = try choose(
            network.groups.all, ids: form.list("GroupName"), id: { $0.name },
            missing: { APIError("InvalidGroup.NotFound", "The security group '\($0)' does not exist") })
        return try listed(
            "securityGroupInfo", named, form, ids: "GroupId", id: { $0.id },
            missing: { SecurityGroupProblem.noSuchGroup($0).asAPIError }, tags: { network.tags[$0.id] },
            attributes: { group, name in
                switch name {
                case "group-id": [group.id]
                case "group-name": [group.name]
                case "description": [group.note]
                case "vpc-id": [network.vpc]
                case "owner-id": [network.account]
                default: EC2SecurityGroupShapes.attribute(name, of: group)
                }
            },
            shape: { EC2SecurityGroupShapes.group($0, network) })
    }

    func describeGroupRules(_ form: FormParameters) async throws(APIError) -> [XML] {
        let network = await control.network
        let all = network.groups.all.flatMap { group in group.rules.map { (group: group.id, rule: $0) } }
        return try listed(
            "securityGroupRuleSet", all, form, ids: "SecurityGroupRuleId", id: { $0.rule.id },
            missing: { SecurityGroupProblem.noSuchRuleID($0).asAPIError }, tags: { _ in [] },
            attributes: { row, name in
                switch name {
                case "group-id": [row.group]
                case "security-group-rule-id": [row.rule.id]
                default: nil
                }
            },
            shape: { EC2SecurityGroupShapes.rule($0.rule, in: $0.group, network) })
    }

    func createGroup(_ form: FormParameters) async throws(APIError) -> [XML] {
        let (name, note) = (try Self.required(form, "GroupName"), try Self.required(form, "GroupDescription"))
        guard !name.hasPrefix("sg-"), name.count <= 255, note.count <= 255 else {
            throw APIError(
                "InvalidParameterValue",
                "Group names and descriptions have 255 characters, and names no 'sg-'")
        }
        let vpc = try Self.required(form, "VpcId")
        let tags = try EC2Tags.specified(form, for: "security-group")
        let group = try await change(form) { network throws(NetworkError) in
            try network.createGroup(name: name, note: note, vpc: vpc, tags: tags)
        }
        return [.leaf("groupId", group.id), EC2Shapes.tagSet(await control.network.tags[group.id])]
            + Self.done
    }

    func deleteGroup(_ form: FormParameters) async throws(APIError) -> [XML] {
        let id = try Self.required(form, "GroupId")
        let used = await control.groupsInUse
        try await change(form) { network throws(NetworkError) in try network.deleteGroup(id, used: used) }
        return Self.done + [.leaf("groupId", id)]
    }

    func authorize(_ form: FormParameters, egress: Bool) async throws(APIError) -> [XML] {
        let id = try await groupID(form)
        let wanted = try permissions(form)
        guard !wanted.isEmpty else { throw Self.noPermissions }
        let rules = try await change(form) { network throws(NetworkError) in
            try network.authorize(wanted, in: id, egress: egress)
        }
        let network = await control.network
        return Self.done + [
            .items("securityGroupRuleSet", rules.map { EC2SecurityGroupShapes.rule($0, in: id, network) })
        ]
    }

    func revoke(_ form: FormParameters, egress: Bool) async throws(APIError) -> [XML] {
        let id = try await groupID(form)
        let (wanted, ids) = (try permissions(form), form.list("SecurityGroupRuleId"))
        guard !wanted.isEmpty || !ids.isEmpty else { throw Self.noPermissions }
        let gone = try await change(form) { network throws(NetworkError) in
            try network.revoke(wanted, ids: ids, in: id, egress: egress)
        }
        let network = await control.network
        return Self.done + [
            .items(
                "revokedSecurityGroupRuleSet", gone.map { EC2SecurityGroupShapes.rule($0, in: id, network) })
        ]
    }

    private static let noPermissions = APIError(
        "MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.")

    private func groupID(_ form: FormParameters) async throws(APIError) -> String {
        if let id = form["GroupId"] { return id }
        let name = try Self.required(form, "GroupName")
        guard let group = await control.network.groups.all.first(where: { $0.name == name }) else {
            throw APIError("InvalidGroup.NotFound", "The security group '\(name)' does not exist")
        }
        return group.id
    }

    /// `IpPermissions.1.IpProtocol=tcp&IpPermissions.1.IpRanges.1.CidrIp=…&IpPermissions.1.Groups.1.GroupId=…`, or
    /// one rule in the older, flat way.
    private func permissions(_ form: FormParameters) throws(APIError) -> [SecurityGroup.Wanted] {
        var wanted: [SecurityGroup.Wanted] = []
        if form["IpProtocol"] != nil {
            let cidr = try EC2Traffic.cidr(try Self.required(form, "CidrIp"), "cidrIp")
            wanted.append(.init(traffic: try EC2Traffic.ofPermission(form, ""), peer: .network(cidr)))
        }
        for index in form.indices("IpPermissions") {
            let prefix = "IpPermissions.\(index)."
            let traffic = try EC2Traffic.ofPermission(form, prefix)
            let before = wanted.count
            for row in form.indices(prefix + "IpRanges") {
                let place = "\(prefix)IpRanges.\(row)."
                let cidr = try EC2Traffic.cidr(try Self.required(form, place + "CidrIp"), "cidrIp")
                wanted.append(
                    .init(traffic: traffic, peer: .network(cidr), note: form[place + "Description"]))
            }
            for row in form.indices(prefix + "Groups") {
                let place = "\(prefix)Groups.\(row)."
                let group = try Self.required(form, place + "GroupId")
                wanted.append(.init(traffic: traffic, peer: .group(group), note: form[place + "Description"]))
            }
            guard wanted.count > before else {
                throw APIError(
                    "InvalidParameterValue",
                    "The lab's rules name IPv4 ranges or security groups; this one neither.")
            }
        }
        return wanted
    }
}

extension SecurityGroupProblem {
    /// In EC2's codes and words.
    var asAPIError: APIError {
        switch self {
        case .noSuchGroup(let id):
            APIError("InvalidGroup.NotFound", "The security group '\(id)' does not exist")
        case .groupExists(let name, let vpc):
            APIError("InvalidGroup.Duplicate", "The security group '\(name)' already exists for VPC '\(vpc)'")
        case .inUse(let id): APIError("DependencyViolation", "resource \(id) has a dependent object")
        case .isDefault(let id, let name):
            APIError(
                "CannotDelete", "the specified group: \"\(id)\" name: \"\(name)\" cannot be deleted by a user"
            )
        case .ruleExists(let words):
            APIError("InvalidPermission.Duplicate", "the specified rule \"\(words)\" already exists")
        case .noSuchRule:
            APIError(
                "InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
        case .noSuchRuleID(let id):
            APIError(
                "InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '\(id)' does not exist")
        case .tooManyRules:
            APIError(
                "RulesPerSecurityGroupLimitExceeded",
                "The maximum number of rules per security group has been reached.")
        case .tooManyGroups:
            APIError("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.")
        }
    }
}
