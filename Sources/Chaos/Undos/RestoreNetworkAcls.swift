import AWS

/// Puts the subnets of a blocked zone back on the access control lists they had, and deletes ours.
///
/// It is kept by subnet, never by association: an association's id changes with every replacement.
package struct RestoreNetworkAcls: Hashable, Codable, Sendable {
    package struct Original: Hashable, Codable, Sendable {
        package var subnet: String
        package var acl: String

        package init(subnet: String, acl: String) {
            self.subnet = subnet
            self.acl = acl
        }
    }

    package var vpc: String
    /// Its maker's, by which our list is known.
    package var run: String
    package var fault: String
    /// Sorted by subnet.
    package var originals: [Original]

    package init(vpc: String, run: String, fault: String, originals: [Original]) {
        self.vpc = vpc
        self.run = run
        self.fault = fault
        self.originals = originals
    }

    func isOurs(_ acl: NetworkAcl) -> Bool { Maker(run: run, fault: fault).made(acl.tags) }

    func revert(
        on platform: AWSPlatform, applied: [String: String]
    ) async throws(UndoFailure) -> [String] {
        var done: [String] = []
        var problems: [String] = []
        for acl in try await read(platform, applied) where isOurs(acl) {
            for association in acl.associations {
                guard let original = originals.first(where: { $0.subnet == association.subnet }) else {
                    problems.append("\(association.subnet) is on our \(acl.id), but we did not put it there")
                    continue
                }
                do {
                    try await platform.ec2.replaceNetworkAclAssociation(
                        association: association.id, acl: original.acl)
                    done.append("\(original.subnet) is back on \(original.acl)")
                } catch {
                    problems.append("\(original.subnet) is still on \(acl.id): \(error)")
                }
            }
        }
        // Only what is seen counts: a call that failed may have worked, and the other way round.
        var left: [NetworkAcl] = []
        for acl in try await read(platform, applied) where isOurs(acl) {
            guard acl.associations.isEmpty else {
                left.append(acl)
                continue
            }
            do {
                try await platform.ec2.deleteNetworkAcl(acl.id)
                done.append("\(acl.id) is deleted")
            } catch {
                if error.code == "InvalidNetworkAclID.NotFound" { continue }
                problems.append("\(acl.id) is left: \(error)")
                left.append(acl)
            }
        }
        guard left.isEmpty else {
            if problems.isEmpty { problems = left.map { "\($0.id) is still in use" } }
            throw UndoFailure(
                problems: problems,
                commands: commands(left, platform))
        }
        return done
    }

    private func read(
        _ platform: AWSPlatform, _ applied: [String: String]
    ) async throws(UndoFailure) -> [NetworkAcl] {
        do {
            return try await platform.ec2.describeNetworkAcls(vpc: vpc)
        } catch {
            throw UndoFailure(
                problems: ["the live state cannot be read: \(error)"],
                commands: commands(on: platform, applied: applied),
                isConnectionRefused: error.isConnectionRefused)
        }
    }

    func commands(on platform: AWSPlatform, applied: [String: String]) -> [String] {
        let acl = NetworkAcl(
            id: applied["acl"] ?? "ACL_TAGGED_\(run)", vpc: vpc,
            associations: originals.map { NetworkAcl.Association(id: "", subnet: $0.subnet) })
        return commands([acl], platform)
    }

    private func commands(_ acls: [NetworkAcl], _ platform: AWSPlatform) -> [String] {
        let aws = platform.command("ec2")
        var lines: [String] = []
        for acl in acls {
            for association in acl.associations {
                guard let original = originals.first(where: { $0.subnet == association.subnet }) else {
                    continue
                }
                let subnet = original.subnet
                let query =
                    "NetworkAcls[].Associations[] | [?SubnetId=='\(subnet)'].NetworkAclAssociationId | [0]"
                lines.append(
                    """
                    \(aws) replace-network-acl-association --network-acl-id \(original.acl) --association-id \
                    "$(\(aws) describe-network-acls --filters Name=association.subnet-id,Values=\(subnet) \
                    --query "\(query)" --output text)"
                    """)
            }
            lines.append("\(aws) delete-network-acl --network-acl-id \(acl.id)")
        }
        return lines
    }
}
