/// EC2's network interfaces: tasks', the balancer's, the database's and the NAT gateways'.
extension EC2 {
    func describeInterfaces(_ form: FormParameters) async throws(APIError) -> [XML] {
        let (network, interfaces) = (await control.network, await control.interfaces)
        let tags = ResourceTags.standard(project: control.settings.project)
        return try listed(
            "networkInterfaceSet", interfaces, form, ids: "NetworkInterfaceId", id: { $0.id },
            missing: {
                APIError(
                    "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '\($0)' does not exist")
            }, tags: { _ in tags },
            attributes: { interface, name in
                switch name {
                case "availability-zone": [interface.subnet.zone]
                case "subnet-id": [interface.subnet.id]
                case "network-interface-id": [interface.id]
                case "private-ip-address", "addresses.private-ip-address": [interface.address]
                case "mac-address": [interface.mac]
                case "vpc-id": [network.vpc]
                case "status": ["in-use"]
                case "description": [interface.note]
                case "group-id": interface.groups
                case "group-name": interface.groups.compactMap { network.groups[$0]?.name }
                case "interface-type": [interface.type]
                case "requester-id": interface.requester.map { [$0] } ?? []
                case "association.public-ip": interface.publicAddress.map { [$0] } ?? []
                default: nil
                }
            }, shape: { Self.shape($0, network, tags: tags) })
    }

    private static func shape(_ interface: NetworkInterface, _ network: VirtualNetwork, tags: [Tag]) -> [XML]
    {
        let groups = interface.groups.map {
            [XML.leaf("groupId", $0), .leaf("groupName", network.groups[$0]?.name ?? "")]
        }
        let association = interface.publicAddress.map {
            [XML.element("association", [.leaf("publicIp", $0), .leaf("ipOwnerId", network.account)])]
        }
        return [
            .leaf("networkInterfaceId", interface.id), .leaf("subnetId", interface.subnet.id),
            .leaf("vpcId", network.vpc), .leaf("availabilityZone", interface.subnet.zone),
            .leaf("description", interface.note), .leaf("ownerId", network.account),
            .leaf("requesterManaged", true), .leaf("status", "in-use"),
            .leaf("macAddress", interface.mac), .leaf("privateIpAddress", interface.address),
            .leaf("sourceDestCheck", interface.type == "interface"), .items("groupSet", groups),
            .leaf("interfaceType", interface.type),
            .items(
                "privateIpAddressesSet",
                [[.leaf("privateIpAddress", interface.address), .leaf("primary", true)]]),
        ] + (interface.requester.map { [.leaf("requesterId", $0)] } ?? []) + (association ?? []) + [
            EC2Shapes.tagSet(tags)
        ]
    }
}
