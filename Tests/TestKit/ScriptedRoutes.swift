/// The scripted cloud's ways out: a NAT gateway in each zone, and a route table for each private subnet.
extension ScriptedAWSCloud {
    package struct Routes: Sendable {
        /// By id: the subnet it stands in.
        package var gateways = ["nat-a": "subnet-public-a", "nat-b": "subnet-public-b"]
        /// By route table: its subnet, and the gateway its default route leads to.
        package var tables: [String: (subnet: String, gateway: String?)] = [
            "rtb-a": ("subnet-private-a", "nat-a"), "rtb-b": ("subnet-private-b", "nat-b"),
            "rtb-db": ("subnet-db", nil),
        ]
        /// By route table.
        package var tags = ["rtb-a": ["env": "test"], "rtb-b": ["env": "test"], "rtb-db": ["env": "test"]]
    }
}

extension ScriptedAWSCloud.Routes {
    /// Nil: no call about routes.
    mutating func answer(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply? {
        func respond(_ body: String) -> ScriptedAWS.Reply { ScriptedAWSCloud.ec2(request, body) }
        func refuse(_ code: String) -> ScriptedAWS.Reply { ScriptedAWSCloud.ec2Error(code) }
        let table = request.form["RouteTableId"] ?? ""
        switch request.action {
        case "DescribeNatGateways":
            let items = gateways.sorted { $0.key < $1.key }.map {
                "<item><natGatewayId>\($0.key)</natGatewayId><subnetId>\($0.value)</subnetId><vpcId>vpc-1</vpcId>"
                    + "<state>available</state></item>"
            }
            return respond("<natGatewaySet>\(items.joined())</natGatewaySet>")
        case "DescribeRouteTables":
            let items = tables.sorted { $0.key < $1.key }.map { id, row in
                let way = row.gateway.map {
                    "<item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><natGatewayId>\($0)</natGatewayId></item>"
                }
                return """
                    <item><routeTableId>\(id)</routeTableId><vpcId>vpc-1</vpcId><routeSet><item>\
                    <destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId></item>\
                    \(way ?? "")</routeSet><associationSet><item><subnetId>\(row.subnet)</subnetId></item></associationSet>\
                    \(ScriptedAWSCloud.tagSet(tags[id] ?? [:]))</item>
                    """
            }
            return respond("<routeTableSet>\(items.joined())</routeTableSet>")
        case "CreateTags", "DeleteTags":
            let id = request.form["ResourceId.1"] ?? ""
            guard tags[id] != nil else { return refuse("InvalidID") }
            for number in 1...50 {
                guard let key = request.form["Tag.\(number).Key"] else { break }
                tags[id]?[key] = request.action == "CreateTags" ? request.form["Tag.\(number).Value"] : nil
            }
            return respond("<return>true</return>")
        case "DeleteRoute":
            guard let row = tables[table] else { return refuse("InvalidRouteTableID.NotFound") }
            guard row.gateway != nil else { return refuse("InvalidRoute.NotFound") }
            tables[table]?.gateway = nil
            return respond("<return>true</return>")
        case "CreateRoute":
            guard let row = tables[table] else { return refuse("InvalidRouteTableID.NotFound") }
            guard row.gateway == nil else { return refuse("RouteAlreadyExists") }
            tables[table]?.gateway = request.form["NatGatewayId"]
            return respond("<return>true</return>")
        default: return nil
        }
    }
}
