/// EC2's Describe calls.
extension EC2 {
    /// Ids named outright must exist; filters only choose among them.
    func choose<Item>(
        _ items: [Item], ids: [String], id: (Item) -> String, missing: (String) -> APIError
    ) throws(APIError) -> [Item] {
        for wanted in ids where !items.contains(where: { id($0) == wanted }) { throw missing(wanted) }
        return ids.isEmpty ? items : items.filter { ids.contains(id($0)) }
    }

    func filter<Item>(
        _ items: [Item], _ form: FormParameters, tags: (Item) -> [Tag],
        attributes: (Item, String) -> [String]?
    ) throws(APIError) -> [Item] {
        let filters = try EC2Filters(form)
        var kept: [Item] = []
        for item in items where try filters.match(tags: tags(item), { attributes(item, $0) }) {
            kept.append(item)
        }
        return kept
    }

    /// One page of the items that the ids and filters of the request choose.
    func listed<Item>(
        _ set: String, _ items: [Item], _ form: FormParameters, ids: String, id: (Item) -> String,
        missing: (String) -> APIError, tags: (Item) -> [Tag], attributes: (Item, String) -> [String]?,
        shape: (Item) -> [XML]
    ) throws(APIError) -> [XML] {
        let named = try choose(items, ids: form.list(ids), id: id, missing: missing)
        let kept = try filter(named, form, tags: tags, attributes: attributes)
        return try paged(set, kept, by: id, form, shape: shape)
    }

    /// A `…Set` of items and, when there is more, the token for it.
    func paged<Item>(
        _ name: String, _ items: [Item], by key: (Item) -> String, _ form: FormParameters,
        shape: (Item) -> [XML]
    ) throws(APIError) -> [XML] {
        let size = try form.int("MaxResults")
        if let size, !(5...1000).contains(size) {
            throw APIError(
                "InvalidParameterValue",
                "Value ( \(size) ) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
            )
        }
        guard let page = Page(items, by: key, after: form["NextToken"], size: size ?? 1000) else {
            throw APIError("InvalidNextToken", "The token is not valid.")
        }
        return [.items(name, page.items.map(shape))] + (page.next.map { [.leaf("nextToken", $0)] } ?? [])
    }

    func describeZones(_ form: FormParameters) async throws(APIError) -> [XML] {
        let state = await control.state
        let region = control.settings.region
        let named = try choose(
            state.zones, ids: form.list("ZoneName"), id: { $0 },
            missing: { APIError("InvalidParameterValue", "Invalid availability zone: [\($0)]") })
        let zones = try filter(
            named, form, tags: { _ in [] },
            attributes: { zone, name in
                switch name {
                case "zone-name": [zone]
                case "zone-id": [EC2Shapes.zoneID(zone)]
                case "region-name": [region]
                case "state": ["available"]
                case "zone-type": ["availability-zone"]
                case "opt-in-status": ["opt-in-not-required"]
                default: nil
                }
            })
        return [.items("availabilityZoneInfo", zones.map { EC2Shapes.zone($0, region: region) })]
    }

    func describeVPCs(_ form: FormParameters) async throws(APIError) -> [XML] {
        let network = await control.network
        return try listed(
            "vpcSet", [network.vpc], form, ids: "VpcId", id: { $0 },
            missing: { APIError("InvalidVpcID.NotFound", "The vpc ID '\($0)' does not exist") },
            tags: { network.tags[$0] },
            attributes: { vpc, name in
                switch name {
                case "vpc-id": [vpc]
                case "cidr", "cidr-block-association.cidr-block": [network.cidr]
                case "state": ["available"]
                case "is-default", "isDefault": ["false"]
                case "owner-id": [network.account]
                default: nil
                }
            },
            shape: { EC2Shapes.vpc($0, network) })
    }

    func describeSubnets(_ form: FormParameters) async throws(APIError) -> [XML] {
        let (network, interfaces) = (await control.network, await control.interfaces)
        return try listed(
            "subnetSet", network.subnets, form, ids: "SubnetId", id: { $0.id },
            missing: { APIError("InvalidSubnetID.NotFound", "The subnet ID '\($0)' does not exist") },
            tags: { network.tags[$0.id] },
            attributes: { subnet, name in
                switch name {
                case "availability-zone", "availabilityZone": [subnet.zone]
                case "availability-zone-id", "availabilityZoneId": [EC2Shapes.zoneID(subnet.zone)]
                case "cidr-block", "cidr", "cidrBlock": [subnet.cidr]
                case "subnet-id": [subnet.id]
                case "vpc-id": [network.vpc]
                case "state": ["available"]
                case "owner-id": [network.account]
                case "default-for-az", "defaultForAz", "map-public-ip-on-launch": ["false"]
                default: nil
                }
            },
            shape: { EC2Shapes.subnet($0, network, interfaces: interfaces) })
    }

    func describeACLs(_ form: FormParameters) async throws(APIError) -> [XML] {
        let network = await control.network
        return try listed(
            "networkAclSet", network.acls, form, ids: "NetworkAclId", id: { $0.id },
            missing: { NetworkError.noSuchACL($0).asAPIError }, tags: { network.tags[$0.id] },
            attributes: { acl, name in
                let subnets = network.subnets.filter { $0.acl == acl.id }
                return switch name {
                case "association.subnet-id": subnets.map(\.id)
                case "association.association-id": subnets.map(\.association)
                case "association.network-acl-id": subnets.isEmpty ? [] : [acl.id]
                case "network-acl-id": [acl.id]
                case "vpc-id": [acl.vpc]
                case "default": [acl.isDefault ? "true" : "false"]
                case "owner-id": [network.account]
                default: nil
                }
            },
            shape: { EC2Shapes.acl($0, network) })
    }
}
