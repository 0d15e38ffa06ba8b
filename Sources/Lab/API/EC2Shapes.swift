/// How EC2 writes zones, VPCs, subnets, network ACLs and interfaces.
enum EC2Shapes {
    static func tagSet(_ tags: [Tag]) -> XML {
        .items("tagSet", tags.map { [.leaf("key", $0.key), .leaf("value", $0.value)] })
    }

    /// `ap-south-1a` is `aps1-az1`: the names behind the names, the same for every account.
    static func zoneID(_ zone: String) -> String {
        let letter = zone.unicodeScalars.last.map { Int($0.value) - 96 } ?? 0
        return "aps1-az\(letter)"
    }

    static func zone(_ zone: String, region: String) -> [XML] {
        [
            .leaf("zoneName", zone), .leaf("zoneId", zoneID(zone)), .leaf("zoneState", "available"),
            .leaf("regionName", region), .leaf("groupName", region), .leaf("networkBorderGroup", region),
            .leaf("optInStatus", "opt-in-not-required"), .leaf("zoneType", "availability-zone"),
            .list("messageSet", []),
        ]
    }

    static func vpc(_ vpc: String, _ network: VirtualNetwork) -> [XML] {
        [
            .leaf("vpcId", vpc), .leaf("ownerId", network.account), .leaf("state", "available"),
            .leaf("cidrBlock", network.cidr), .leaf("instanceTenancy", "default"), .leaf("isDefault", false),
            tagSet(network.tags[vpc]),
        ]
    }

    /// AWS keeps five addresses of each subnet for itself.
    static func subnet(
        _ subnet: VirtualNetwork.Subnet, _ network: VirtualNetwork, interfaces: [NetworkInterface]
    )
        -> [XML]
    {
        let used = interfaces.count { $0.subnet.id == subnet.id }
        return [
            .leaf("subnetId", subnet.id),
            .leaf("subnetArn", arn(network, "subnet/\(subnet.id)", subnet.zone)),
            .leaf("state", "available"), .leaf("ownerId", network.account), .leaf("vpcId", network.vpc),
            .leaf("cidrBlock", subnet.cidr), .list("ipv6CidrBlockAssociationSet", []),
            .leaf("availableIpAddressCount", 251 - used), .leaf("availabilityZone", subnet.zone),
            .leaf("availabilityZoneId", zoneID(subnet.zone)), .leaf("defaultForAz", false),
            .leaf("mapPublicIpOnLaunch", subnet.tier == "public"), tagSet(network.tags[subnet.id]),
        ]
    }

    private static func arn(_ network: VirtualNetwork, _ resource: String, _ zone: String) -> String {
        "arn:aws:ec2:\(zone.dropLast()):\(network.account):\(resource)"
    }

    static func acl(_ acl: NetworkACL, _ network: VirtualNetwork) -> [XML] {
        let associations = network.subnets.filter { $0.acl == acl.id }
        return [
            .leaf("networkAclId", acl.id), .leaf("vpcId", acl.vpc), .leaf("default", acl.isDefault),
            .leaf("ownerId", network.account),
            .items(
                "entrySet",
                acl.entries.map {
                    [
                        .leaf("ruleNumber", $0.number), .leaf("protocol", $0.traffic.number ?? -1),
                        .leaf("ruleAction", $0.allows ? "allow" : "deny"), .leaf("egress", $0.isEgress),
                        .leaf("cidrBlock", $0.cidr),
                    ] + EC2Traffic.shown($0.traffic)
                }),
            .items(
                "associationSet",
                associations.map {
                    [
                        .leaf("networkAclAssociationId", $0.association), .leaf("networkAclId", acl.id),
                        .leaf("subnetId", $0.id),
                    ]
                }),
            tagSet(network.tags[acl.id]),
        ]
    }

    /// What Fargate writes there: the ARN of the task's attachment.
    static func interfaceDescription(_ task: ECSTask, _ names: ResourceNames) -> String {
        "arn:aws:ecs:\(names.region):\(names.account):attachment/\(task.interface.attachment)"
    }
}
