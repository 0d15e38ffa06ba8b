package import AWS
import Plan

/// `block zone Z`: an empty network access control list on every subnet of the zone, in the balancer's VPC.
///
/// Lists are stateless: connections that are open are cut as well. Traffic within one subnet is not touched.
package struct BlockZone: FaultAction {
    package var zone: String

    package init(zone: String) { self.zone = zone }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let ec2 = context.platform.ec2
        let vpc = try await Balancer.find(context).vpc
        let all = try await asking { () async throws(AWSError) in try await ec2.describeSubnets(vpc: vpc) }
        let subnets = all.filter { $0.zone == zone }
        guard !subnets.isEmpty else {
            let zones = Set(all.map(\.zone)).sorted().joined(separator: ", ")
            throw .noTarget("zone \(zone) has no subnet in \(vpc); its zones are \(zones)")
        }
        guard subnets.count < all.count else {
            throw .noTarget("\(vpc) has subnets in \(zone) only: blocking it would leave nothing")
        }
        let acls = try await asking { () async throws(AWSError) in try await ec2.describeNetworkAcls(vpc: vpc)
        }
        let originals = try Self.originals(of: subnets.map(\.id), in: acls)
        let interfaces = try await asking { () async throws(AWSError) in
            try await ec2.describeNetworkInterfaces(subnets: subnets.map(\.id))
        }
        let healthy = try await Balancer.targets(context).filter { $0.zone == zone && $0.state == "healthy" }
        return Resolved(
            context: context, zone: zone, subnets: subnets, interfaces: interfaces,
            healthyBefore: Set(healthy.map { "\($0.id):\($0.port)" }),
            restore: RestoreNetworkAcls(vpc: vpc, run: context.run, fault: context.name, originals: originals)
        )
    }

    /// Which list each subnet is on. A subnet that is already on one of ours is refused: its undo would be lost.
    static func originals(
        of subnets: [String], in acls: [NetworkAcl]
    ) throws(FaultProblem) -> [RestoreNetworkAcls.Original] {
        var originals: [RestoreNetworkAcls.Original] = []
        for subnet in subnets.sorted() {
            guard let acl = acls.first(where: { $0.associations.contains { $0.subnet == subnet } }) else {
                throw .noTarget("\(subnet) is on no network ACL that we may see")
            }
            if let run = acl.tags[Maker.runTag] {
                throw .noTarget(
                    "\(subnet) is still blocked by run \(run) (\(acl.id)): run `loadchaos recover`")
            }
            originals.append(RestoreNetworkAcls.Original(subnet: subnet, acl: acl.id))
        }
        return originals
    }

    /// A zone with its subnets and what they were on.
    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let zone: String
        let subnets: [Subnet]
        let interfaces: [NetworkInterface]
        /// Targets of the zone that were healthy before, as address:port.
        let healthyBefore: Set<String>
        let restore: RestoreNetworkAcls

        private var ec2: EC2 { context.platform.ec2 }

        package var targets: [String] {
            subnets.map { subnet in
                let hit = interfaces.count { $0.subnet == subnet.id }
                return "\(subnet.id) (\(subnet.cidr), \(hit) network interface\(hit == 1 ? "" : "s"))"
            }
        }
        package var guarded: [GuardedTarget] { subnets.map { GuardedTarget(id: $0.id, tags: $0.tags) } }
        package var undo: Undo { .restoreNetworkAcls(restore) }
        package func strikes() async throws(FaultProblem) -> [Strike] {
            var strikes: [Strike] = []
            for service in context.system.services.map(\.name) {
                let tasks = try await asking { () async throws(AWSError) in
                    try await context.platform.ecs.tasks(cluster: context.system.cluster, service: service)
                }.filter(\.isRunning)
                let zones = try await TaskZones.find(for: tasks, context)
                strikes.append(
                    Strike(
                        service: service, struck: tasks.count { zones[$0.arn] == zone }, running: tasks.count)
                )
            }
            return strikes
        }
        package func cutOff() async throws(FaultProblem) -> [NetworkInterface] { interfaces }
        package var calls: [String] {
            ["ec2 CreateNetworkAcl vpc=\(restore.vpc) (empty: denies all)"]
                + restore.originals.map {
                    "ec2 ReplaceNetworkAclAssociation \($0.subnet): \($0.acl) → the new one"
                }
        }

        package func inject(
            tagged tags: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            let acl = try await asking { () async throws(AWSError) in
                try await ec2.createNetworkAcl(
                    vpc: restore.vpc, tags: tags.sorted { $0.key < $1.key },
                    token: "\(context.run)-\(context.index)")
            }
            let applied = ["acl": acl]
            do {
                try made(applied)
            } catch {
                throw .changed("\(acl) was made, but could not be journaled: \(error)")
            }
            let live = try await asking { () async throws(AWSError) in
                try await ec2.describeNetworkAcls(vpc: restore.vpc)
            }
            for original in restore.originals {
                let row = live.first { $0.id == original.acl }?.associations.first {
                    $0.subnet == original.subnet
                }
                guard let row else {
                    throw .changed(
                        "\(original.subnet) is not on \(original.acl) any more: someone else changed it")
                }
                try await asking { () async throws(AWSError) in
                    _ = try await ec2.replaceNetworkAclAssociation(association: row.id, acl: acl)
                }
            }
            return applied
        }

        /// The subnets are on our list, and someone notices: the balancer (after 65 to 95 s) or the clients (at once).
        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
            let live = try await asking { () async throws(AWSError) in
                try await ec2.describeNetworkAcls(vpc: restore.vpc)
            }
            guard let ours = live.first(where: { restore.isOurs($0) }) else {
                return .notYet("our network ACL is not there")
            }
            let on = Set(ours.associations.map(\.subnet))
            if let free = restore.originals.first(where: { !on.contains($0.subnet) }) {
                return .notYet("\(free.subnet) is not on \(ours.id)")
            }
            let seen = "\(restore.originals.map(\.subnet).joined(separator: ", ")) are on \(ours.id)"
            if let harm { return .proved("\(seen); \(harm)") }
            let sick = try await Balancer.targets(context).first {
                healthyBefore.contains("\($0.id):\($0.port)") && $0.state == "unhealthy"
            }
            guard let sick else { return .notYet("\(seen), but nobody has noticed yet") }
            let reason = sick.reason.map { " (\($0))" } ?? ""
            return .proved("\(seen); target \(sick.id):\(sick.port) in \(zone) became unhealthy\(reason)")
        }

        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            let live = try await asking { () async throws(AWSError) in
                try await ec2.describeNetworkAcls(vpc: restore.vpc)
            }
            if let left = live.first(where: { restore.isOurs($0) }) {
                return .notYet("\(left.id) is still there")
            }
            for original in restore.originals {
                let acl = live.first { $0.associations.contains { $0.subnet == original.subnet } }?.id
                guard acl == original.acl else {
                    return .notYet("\(original.subnet) is on \(acl ?? "no ACL") instead of \(original.acl)")
                }
            }
            let (name, cluster) = (context.system.balancedService, context.system.cluster)
            let services = try await asking { () async throws(AWSError) in
                try await context.platform.ecs.describeServices(cluster: cluster, [name])
            }
            let targets = try await Balancer.targets(context)
            return ServiceHealth.judge(
                targets, wanted: services.first?.desired ?? 1,
                proof: "\(restore.originals.map(\.subnet).joined(separator: ", ")) as before")
        }
    }
}

extension BlockZone {
    package static let about = FaultDescription(
        syntax: "at TIME  block zone ZONE for DURATION",
        what:
            "Puts every subnet of the zone, in the balancer's VPC, on an empty network ACL: no packet passes.",
        calls: ["ec2 CreateNetworkAcl (tagged)", "ec2 ReplaceNetworkAclAssociation (each subnet)"],
        effect:
            "The subnets are on our ACL, and clients see failures or a target of the zone becomes unhealthy.",
        undo:
            "ec2 ReplaceNetworkAclAssociation back to the journaled ACL of each subnet, ec2 DeleteNetworkAcl.",
        healed: "The subnets are on their old ACLs, ours is gone, all targets are healthy.",
        limits: """
            Traffic within a subnet and DNS pass. ECS may still place tasks in the zone, and RDS is not told: it \
            need not fail over.
            """,
        permissions: FaultDescription.reads + [
            "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkAcl", "ec2:CreateTags",
            "ec2:ReplaceNetworkAclAssociation", "ec2:DeleteNetworkAcl",
        ])
}
