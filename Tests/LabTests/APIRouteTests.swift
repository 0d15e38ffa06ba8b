import Loopback
import Testing

@testable import Lab

/// ec2's route tables and gateways.
@Suite struct APIRouteTests {
    private func ec2(_ lab: ControlLab, _ call: String) async -> LoopbackAnswer {
        await lab.form("ec2", "Action=\(call)")
    }

    private func table(_ lab: ControlLab, ofPrivate zone: String) async throws -> RouteTable {
        let network = await lab.control.network
        let subnet = try #require(network.taskSubnet(in: zone))
        return try #require(
            network.routing.tables.first { $0.associations.contains { $0.subnet == subnet.id } })
    }

    @Test func `private subnets go out by their own zone's gateway, database subnets not at all`()
        async throws
    {
        let routes = await ControlLab.booted().control.network.routes
        #expect(routes["10.0.1.0/24"] == [.init(destination: "0.0.0.0/0", hop: .internetGateway)])
        #expect(routes["10.0.11.0/24"] == [.init(destination: "0.0.0.0/0", hop: .nat(zone: "ap-south-1a"))])
        #expect(routes["10.0.12.0/24"] == [.init(destination: "0.0.0.0/0", hop: .nat(zone: "ap-south-1b"))])
        #expect(routes["10.0.21.0/24"] == [])
        #expect(routes["10.0.22.0/24"] == [])
    }

    @Test func `a route is deleted, created and replaced, and the machine obeys`() async throws {
        let lab = await ControlLab.booted()
        let table = try await table(lab, ofPrivate: "ap-south-1a")
        let nats = await lab.control.network.routing.nats
        let place = "RouteTableId=\(table.id)&DestinationCidrBlock=0.0.0.0%2F0"
        #expect(await ec2(lab, "DeleteRoute&\(place)").xml("return") == "true")
        #expect(lab.machine.now.policy?.routes["10.0.11.0/24"] == [])
        let again = await ec2(lab, "DeleteRoute&\(place)")
        #expect(again.xml("Code") == "InvalidRoute.NotFound")
        #expect(
            again.xml("Message")
                == "no route with destination-cidr-block 0.0.0.0/0 in route table \(table.id)")
        #expect(await ec2(lab, "CreateRoute&\(place)&NatGatewayId=\(nats[0].id)").xml("return") == "true")
        #expect(
            await ec2(lab, "CreateRoute&\(place)&NatGatewayId=\(nats[0].id)").xml("Code")
                == "RouteAlreadyExists")
        _ = await ec2(lab, "ReplaceRoute&\(place)&NatGatewayId=\(nats[1].id)")
        #expect(
            lab.machine.now.policy?.routes["10.0.11.0/24"]
                == [.init(destination: "0.0.0.0/0", hop: .nat(zone: "ap-south-1b"))])
    }

    @Test func `a table is told in full`() async throws {
        let lab = await ControlLab.booted()
        let table = try await table(lab, ofPrivate: "ap-south-1b")
        let network = await lab.control.network
        let row = try #require(table.associations.first)
        let subnet = try #require(row.subnet)
        let answer = await ec2(
            lab, "DescribeRouteTables&Filter.1.Name=association.subnet-id&Filter.1.Value.1=\(subnet)")
        let nat = try #require(network.routing.nats.last)
        #expect(
            answer.shown.contains(
                """
                <routeTableSet><item><routeTableId>\(table.id)</routeTableId><vpcId>\(network.vpc)</vpcId>\
                <ownerId>123456789012</ownerId><routeSet><item>\
                <destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId>\
                <state>active</state><origin>CreateRouteTable</origin></item><item>\
                <destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><natGatewayId>\(nat.id)</natGatewayId>\
                <state>active</state><origin>CreateRoute</origin></item></routeSet><associationSet><item>\
                <routeTableAssociationId>\(row.id)</routeTableAssociationId>\
                <routeTableId>\(table.id)</routeTableId><subnetId>\(subnet)</subnetId>\
                <main>false</main><associationState><state>associated</state></associationState></item>\
                </associationSet><propagatingVgwSet/>
                """))
    }

    @Test func `there is a NAT gateway in each zone, and one internet gateway`() async throws {
        let lab = await ControlLab.booted()
        let answer = await ec2(lab, "DescribeNatGateways")
        let seen = Set(answer.body.matches(of: /<publicIp>(.*?)</).map { String($0.output.1) })
        #expect(seen == ["203.0.113.11", "203.0.113.12"])
        let gateway = await ec2(lab, "DescribeInternetGateways")
        #expect(
            gateway.shown.contains(
                "<attachmentSet><item><vpcId>\(await lab.control.network.vpc)</vpcId><state>available</state></item>"
            ))
    }

    @Test(arguments: [
        ("DescribeRouteTables&RouteTableId.1=rtb-0", "InvalidRouteTableID.NotFound"),
        ("DeleteRoute&RouteTableId=rtb-0&DestinationCidrBlock=0.0.0.0%2F0", "InvalidRouteTableID.NotFound"),
        ("CreateRoute&RouteTableId=%&DestinationCidrBlock=0.0.0.0%2F0", "MissingParameter"),
        (
            "CreateRoute&RouteTableId=%&DestinationCidrBlock=192.0.2.0%2F24&NatGatewayId=nat-0",
            "NatGatewayNotFound"
        ),
        (
            "CreateRoute&RouteTableId=%&DestinationCidrBlock=192.0.2.0%2F24&GatewayId=igw-0",
            "InvalidGatewayID.NotFound"
        ),
        (
            "ReplaceRoute&RouteTableId=%&DestinationCidrBlock=192.0.2.0%2F24&NatGatewayId=@",
            "InvalidRoute.NotFound"
        ),
        ("DeleteRoute&RouteTableId=%&DestinationCidrBlock=10.0.0.0%2F16", "InvalidParameterValue"),
        ("DescribeNatGateways&NatGatewayId.1=nat-0", "NatGatewayNotFound"),
        ("DescribeInternetGateways&InternetGatewayId.1=igw-0", "InvalidInternetGatewayID.NotFound"),
    ]) func `errors have EC2's codes`(_ call: String, _ code: String) async throws {
        let lab = await ControlLab.booted()
        let routing = await lab.control.network.routing
        // A lone % is a table that exists, @ a NAT gateway.
        let filled = call.replacing("RouteTableId=%&", with: "RouteTableId=\(routing.tables[1].id)&")
            .replacing("@", with: routing.nats[0].id)
        #expect(await ec2(lab, filled).xml("Code") == code)
    }
}
