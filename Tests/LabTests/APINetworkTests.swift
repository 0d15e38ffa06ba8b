import Loopback
import Testing

@testable import Lab

/// ec2 and elbv2.
@Suite struct APINetworkTests {
    private static let xmlns = "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\""

    private func subnets(_ lab: ControlLab, zone: String) async -> [VirtualNetwork.Subnet] {
        await lab.control.network.subnets.filter { $0.zone == zone }
    }

    @Test func `a zone is blocked and opened again, as the harness does it`() async throws {
        let lab = await ControlLab.booted()
        let before = await subnets(lab, zone: "ap-south-1a")
        let usual = try #require(before.first?.acl)
        let vpc = await lab.control.network.vpc
        let made = await lab.form(
            "ec2",
            "Action=CreateNetworkAcl&VpcId=\(vpc)&TagSpecification.1.ResourceType=network-acl"
                + "&TagSpecification.1.Tag.1.Key=loadchaos%3Arun&TagSpecification.1.Tag.1.Value=r1")
        let acl = try #require(made.xml("networkAclId"))
        let rule = { (egress: Bool) in
            "<item><ruleNumber>32767</ruleNumber><protocol>-1</protocol><ruleAction>deny</ruleAction>"
                + "<egress>\(egress)</egress><cidrBlock>0.0.0.0/0</cidrBlock></item>"
        }
        #expect(
            made.shown == #"""
                <CreateNetworkAclResponse \#(Self.xmlns)><requestId>…</requestId><networkAcl>\#
                <networkAclId>\#(acl)</networkAclId><vpcId>\#(vpc)</vpcId><default>false</default>\#
                <ownerId>123456789012</ownerId><entrySet>\#(rule(true))\#(rule(false))</entrySet>\#
                <associationSet/>\#
                <tagSet><item><key>loadchaos:run</key><value>r1</value></item></tagSet></networkAcl>\#
                </CreateNetworkAclResponse>
                """#)
        for subnet in before {
            let answer = await lab.form(
                "ec2",
                "Action=ReplaceNetworkAclAssociation&AssociationId=\(subnet.association)&NetworkAclId=\(acl)")
            #expect(answer.xml("newAssociationId") != subnet.association)
        }
        #expect(lab.machine.now.blocked == ["10.0.1.0/24", "10.0.11.0/24", "10.0.21.0/24"])
        let stale = await lab.form(
            "ec2",
            "Action=ReplaceNetworkAclAssociation&AssociationId=\(before[0].association)&NetworkAclId=\(usual)"
        )
        #expect(stale.xml("Code") == "InvalidAssociationID.NotFound")
        let busy = await lab.form("ec2", "Action=DeleteNetworkAcl&NetworkAclId=\(acl)")
        #expect(
            busy.shown
                == "<Response><Errors><Error><Code>DependencyViolation</Code><Message>"
                + "The networkAcl '\(acl)' has dependencies and cannot be deleted.</Message>"
                + "</Error></Errors><RequestID>…</RequestID></Response>"
        )
        for subnet in await subnets(lab, zone: "ap-south-1a") {
            _ = await lab.form(
                "ec2",
                "Action=ReplaceNetworkAclAssociation&AssociationId=\(subnet.association)"
                    + "&NetworkAclId=\(usual)"
            )
        }
        #expect(lab.machine.now.blocked == [])
        let gone = await lab.form("ec2", "Action=DeleteNetworkAcl&NetworkAclId=\(acl)")
        #expect(
            gone.shown
                == "<DeleteNetworkAclResponse \(Self.xmlns)><requestId>…</requestId><return>true</return>"
                + "</DeleteNetworkAclResponse>")
        #expect(await lab.control.network.acls.count == 1)
    }

    @Test func `the ACL of a subnet is found by filter`() async throws {
        let lab = await ControlLab.booted()
        let subnet = try #require(await subnets(lab, zone: "ap-south-1b").first)
        let answer = await lab.form(
            "ec2",
            "Action=DescribeNetworkAcls&Filter.1.Name=association.subnet-id&Filter.1.Value.1=\(subnet.id)")
        #expect(answer.xml("default") == "true")
        #expect(
            answer.body.contains(
                "<networkAclAssociationId>\(subnet.association)</networkAclAssociationId>"
                    + "<networkAclId>\(subnet.acl)</networkAclId><subnetId>\(subnet.id)</subnetId>"))
        let none = await lab.form(
            "ec2", "Action=DescribeNetworkAcls&Filter.1.Name=association.subnet-id&Filter.1.Value.1=subnet-0")
        #expect(
            none.shown
                == "<DescribeNetworkAclsResponse \(Self.xmlns)><requestId>…</requestId><networkAclSet/>"
                + "</DescribeNetworkAclsResponse>")
    }

    @Test func `rules that allow everything open a subnet, and one direction is not enough`() async throws {
        let lab = await ControlLab.booted()
        let network = await lab.control.network
        let made = await lab.form("ec2", "Action=CreateNetworkAcl&VpcId=\(network.vpc)")
        let acl = try #require(made.xml("networkAclId"))
        _ = await lab.form(
            "ec2",
            "Action=ReplaceNetworkAclAssociation&NetworkAclId=\(acl)"
                + "&AssociationId=\(network.subnets[0].association)"
        )
        let rule = "NetworkAclId=\(acl)&RuleNumber=100&Protocol=-1&RuleAction=allow&CidrBlock=0.0.0.0%2F0"
        _ = await lab.form("ec2", "Action=CreateNetworkAclEntry&\(rule)&Egress=true")
        #expect(lab.machine.now.blocked == ["10.0.1.0/24"])
        _ = await lab.form("ec2", "Action=CreateNetworkAclEntry&\(rule)&Egress=false")
        #expect(lab.machine.now.blocked == [])
        let again = await lab.form("ec2", "Action=CreateNetworkAclEntry&\(rule)&Egress=false")
        #expect(again.xml("Code") == "NetworkAclEntryAlreadyExists")
        _ = await lab.form(
            "ec2", "Action=DeleteNetworkAclEntry&NetworkAclId=\(acl)&RuleNumber=100&Egress=false")
        #expect(lab.machine.now.blocked == ["10.0.1.0/24"])
    }

    @Test func `a repeated client token makes no second ACL, and a rehearsal none at all`() async throws {
        let lab = await ControlLab.booted()
        let vpc = await lab.control.network.vpc
        let first = await lab.form("ec2", "Action=CreateNetworkAcl&VpcId=\(vpc)&ClientToken=t")
        let second = await lab.form("ec2", "Action=CreateNetworkAcl&VpcId=\(vpc)&ClientToken=t")
        #expect(first.xml("networkAclId") == second.xml("networkAclId"))
        let dry = await lab.form("ec2", "Action=CreateNetworkAcl&VpcId=\(vpc)&DryRun=true")
        #expect(dry.status == 412)
        #expect(dry.xml("Code") == "DryRunOperation")
        let wrong = await lab.form("ec2", "Action=CreateNetworkAcl&VpcId=vpc-0&DryRun=true")
        #expect(wrong.xml("Code") == "InvalidVpcID.NotFound")
        #expect(await lab.control.network.acls.count == 2)
    }

    @Test func `subnets are filtered and told in full`() async throws {
        let lab = await ControlLab.booted()
        let subnet = try #require(await lab.control.network.taskSubnet(in: "ap-south-1a"))
        let vpc = await lab.control.network.vpc
        let answer = await lab.form(
            "ec2",
            "Action=DescribeSubnets&Filter.1.Name=availability-zone&Filter.1.Value.1=ap-south-1a"
                + "&Filter.2.Name=tag%3ATier&Filter.2.Value.1=private&Filter.2.Value.2=none")
        #expect(
            answer.shown == #"""
                <DescribeSubnetsResponse \#(Self.xmlns)><requestId>…</requestId><subnetSet><item>\#
                <subnetId>\#(subnet.id)</subnetId>\#
                <subnetArn>arn:aws:ec2:ap-south-1:123456789012:subnet/\#(subnet.id)\#
                </subnetArn><state>available</state><ownerId>123456789012</ownerId><vpcId>\#(vpc)</vpcId>\#
                <cidrBlock>10.0.11.0/24</cidrBlock><ipv6CidrBlockAssociationSet/>\#
                <availableIpAddressCount>249</availableIpAddressCount>\#
                <availabilityZone>ap-south-1a</availabilityZone>\#
                <availabilityZoneId>aps1-az1</availabilityZoneId>\#
                <defaultForAz>false</defaultForAz><mapPublicIpOnLaunch>false</mapPublicIpOnLaunch><tagSet>\#
                <item><key>Name</key><value>ecs-microservices-private-1</value></item>\#
                <item><key>Project</key><value>ecs-microservices</value></item>\#
                <item><key>Tier</key><value>private</value></item>\#
                <item><key>loadchaos-lab</key><value>true</value></item></tagSet></item></subnetSet>\#
                </DescribeSubnetsResponse>
                """#)
    }

    @Test(arguments: [
        (
            "DescribeSubnets&SubnetId.1=subnet-0", "InvalidSubnetID.NotFound",
            "The subnet ID 'subnet-0' does not exist"
        ),
        (
            "DescribeSubnets&Filter.1.Name=colour&Filter.1.Value.1=x", "InvalidParameterValue",
            "The filter 'colour' is invalid"
        ),
        ("DescribeSubnets&NextToken=x", "InvalidNextToken", "The token is not valid."),
        (
            "DescribeSubnets&MaxResults=many", "InvalidParameterValue",
            "Invalid value 'many' for MaxResults. It must be an integer."
        ),
        (
            "DeleteNetworkAcl&NetworkAclId=acl-0", "InvalidNetworkAclID.NotFound",
            "The networkAcl ID 'acl-0' does not exist"
        ),
        ("DeleteNetworkAcl", "MissingParameter", "The request must contain the parameter networkAclId"),
        ("CreateTags&ResourceId.1=x-0&Tag.1.Key=a", "InvalidID", "The ID 'x-0' is not valid"),
        (
            "DescribeNetworkInterfaces&NetworkInterfaceId.1=eni-0", "InvalidNetworkInterfaceID.NotFound",
            "The networkInterface ID 'eni-0' does not exist"
        ),
    ]) func `errors have EC2's codes`(_ call: String, _ code: String, _ message: String) async {
        let answer = await ControlLab.booted().form("ec2", "Action=\(call)")
        #expect(
            answer.shown
                == "<Response><Errors><Error><Code>\(code)</Code>"
                + "<Message>\(message)</Message></Error></Errors>"
                + "<RequestID>…</RequestID></Response>")
        #expect(answer.status == 400)
    }

    @Test func `tags are added, replaced and removed`() async throws {
        let lab = await ControlLab.booted()
        let vpc = await lab.control.network.vpc
        _ = await lab.form(
            "ec2", "Action=CreateTags&ResourceId.1=\(vpc)&Tag.1.Key=owner&Tag.1.Value=me%20%26%20you")
        let shown = await lab.form(
            "ec2", "Action=DescribeVpcs&Filter.1.Name=tag%3Aowner&Filter.1.Value.1=me*")
        #expect(shown.body.contains("<item><key>owner</key><value>me &amp; you</value></item>"))
        _ = await lab.form("ec2", "Action=DeleteTags&ResourceId.1=\(vpc)&Tag.1.Key=owner&Tag.1.Value=other")
        #expect(await lab.control.network.tags[vpc].contains { $0.key == "owner" })
        _ = await lab.form("ec2", "Action=DeleteTags&ResourceId.1=\(vpc)&Tag.1.Key=owner")
        #expect(await lab.control.network.tags[vpc].map(\.key) == ["Name", "Project", "loadchaos-lab"])
    }

    @Test func `interfaces are those of live tasks`() async throws {
        let lab = await ControlLab.booted()
        let redis = try #require(await lab.tasks("redis").first)
        let answer = await lab.form(
            "ec2",
            "Action=DescribeNetworkInterfaces&Filter.1.Name=private-ip-address&Filter.1.Value.1=10.0.12.20")
        #expect(answer.xml("networkInterfaceId") == redis.interface.interface)
        #expect(
            answer.xml("description")
                == "arn:aws:ecs:ap-south-1:123456789012:attachment/\(redis.interface.attachment)")
    }

    // MARK: elbv2

    private func elb(_ lab: ControlLab, _ call: String) async -> LoopbackAnswer {
        await lab.form("elasticloadbalancing", "Action=\(call)")
    }

    @Test func `the balancer lists the nodes its name resolves to`() async throws {
        let lab = await ControlLab.booted()
        let both = await elb(lab, "DescribeLoadBalancers&Names.member.1=ecs-microservices-alb")
        #expect(both.xml("DNSName") == "ecs-microservices-alb")
        #expect(
            both.body.matches(of: /<IpAddress>(.*?)</).map { String($0.output.1) } == [
                "127.0.1.10", "127.0.2.10",
            ])
        lab.machine.script { $0.blocked = ["10.0.1.0/24"] }
        let one = await elb(lab, "DescribeLoadBalancers")
        #expect(one.body.contains("<LoadBalancerAddresses/>"))
        #expect(one.body.matches(of: /<IpAddress>(.*?)</).map { String($0.output.1) } == ["127.0.2.10"])
        #expect(await elb(lab, "DescribeListeners").xml("Port") == "8080")
    }

    @Test func `target health is what the balancer sees`() async throws {
        let lab = await ControlLab.booted()
        let group = lab.control.names.targetGroup
        lab.machine.script { $0.unreachable = ["10.0.12.22"] }
        let answer = await elb(lab, "DescribeTargetHealth&TargetGroupArn=\(group)")
        let target = { (address: String, zone: String, health: String) in
            "<member><Target><Id>\(address)</Id><Port>80</Port>"
                + "<AvailabilityZone>\(zone)</AvailabilityZone></Target>"
                + "<HealthCheckPort>80</HealthCheckPort><TargetHealth>\(health)</TargetHealth></member>"
        }
        let rows = [
            target("10.0.11.21", "ap-south-1a", "<State>healthy</State>"),
            target(
                "10.0.12.22", "ap-south-1b",
                "<State>unhealthy</State><Reason>Target.Timeout</Reason>"
                    + "<Description>Request timed out</Description>"
            ),
        ]
        #expect(rows.allSatisfy { answer.body.contains($0) })
        let stranger = await elb(
            lab,
            "DescribeTargetHealth&TargetGroupArn=\(group)&Targets.member.1.Id=10.0.9.9"
                + "&Targets.member.1.Port=80"
        )
        #expect(stranger.xml("Reason") == "Target.NotRegistered")
    }

    @Test func `a deregistered target drains, then leaves; its task stays`() async throws {
        let lab = await ControlLab.booted()
        let group = lab.control.names.targetGroup
        let task = try #require(await lab.tasks("nginx").first)
        let answer = await elb(
            lab, "DeregisterTargets&TargetGroupArn=\(group)&Targets.member.1.Id=\(task.address)")
        #expect(answer.status == 200)
        #expect(
            answer.shown.contains("<DeregisterTargetsResult/>"))
        await lab.turn(.seconds(1))
        #expect(
            await elb(lab, "DescribeTargetHealth&TargetGroupArn=\(group)").body.contains(
                "<State>draining</State>"))
        await lab.turn(.seconds(31))
        #expect(try await lab.control.targetHealth().map(\.address) == ["10.0.12.22"])
        #expect(await lab.story("nginx") == ["a RUNNING", "b RUNNING"])
    }

    @Test func `a target that is draining, or has left, can be registered again`() async throws {
        let lab = await ControlLab.booted()
        let call = "Targets&TargetGroupArn=\(lab.control.names.targetGroup)&Targets.member.1.Id="
        let task = try #require(await lab.tasks("nginx").first)
        for wait in [1, 40] {
            #expect(await elb(lab, "Deregister\(call)\(task.address)").status == 200)
            await lab.turn(.seconds(wait))
            #expect(await elb(lab, "Register\(call)\(task.address)&Targets.member.1.Port=80").status == 200)
            await lab.turn(.seconds(1))
            let health = try await lab.control.targetHealth().first { $0.address == task.address }
            #expect(health?.state == "healthy")
        }
        for stranger in ["10.0.9.9", "\(task.address)&Targets.member.1.Port=81"] {
            #expect(await elb(lab, "Register\(call)\(stranger)").xml("Code") == "InvalidTarget")
        }
    }

    @Test func `the balancer stays in its two public subnets`() async throws {
        let lab = await ControlLab.booted()
        let subnets = await lab.control.network.subnets
        func set(_ ids: [String]) async -> LoopbackAnswer {
            let members = ids.enumerated().map { "&Subnets.member.\($0.offset + 1)=\($0.element)" }
            return await elb(
                lab, "SetSubnets&LoadBalancerArn=\(lab.control.names.balancer)\(members.joined())")
        }
        let open = subnets.filter { $0.tier == "public" }.map(\.id)
        let answer = await set(open)
        #expect(answer.status == 200 && open.allSatisfy { answer.body.contains($0) })
        #expect(await set([open[0]]).xml("Code") == "ValidationError")
        #expect(await set([open[0], "subnet-0"]).xml("Code") == "SubnetNotFound")
        let hidden = try #require(subnets.first { $0.tier == "private" })
        #expect(await set([open[0], hidden.id]).xml("Code") == "InvalidSubnet")
    }

    @Test(arguments: [
        ("DescribeLoadBalancers&Names.member.1=x", "LoadBalancerNotFound", "Load balancers '[x]' not found"),
        (
            "DescribeTargetGroups&Names.member.1=x", "TargetGroupNotFound",
            "One or more target groups not found"
        ),
        ("DescribeTargetHealth&TargetGroupArn=x", "TargetGroupNotFound", "Target groups 'x' not found"),
        ("DescribeTargetHealth", "ValidationError", "A target group ARN must be specified"),
        ("DescribeTags", "ValidationError", "1 to 20 resource ARNs must be specified, were 0"),
        ("DescribeLoadBalancers&Marker=x", "ValidationError", "Invalid marker"),
    ]) func `errors have elbv2's codes`(_ call: String, _ code: String, _ message: String) async {
        let answer = await elb(await ControlLab.booted(), call)
        #expect(answer.status == 400)
        #expect(answer.xml("Code") == code)
        #expect(answer.xml("Message") == message)
    }

    @Test func `the balancer and its group carry the guard's tags`() async {
        let lab = await ControlLab.booted()
        let names = lab.control.names
        let answer = await elb(
            lab,
            "DescribeTags&ResourceArns.member.1=\(names.balancer)&ResourceArns.member.2=\(names.targetGroup)")
        let tags =
            "<Tags><member><Key>Project</Key><Value>ecs-microservices</Value></member>"
            + "<member><Key>loadchaos-lab</Key><Value>true</Value></member></Tags>"
        #expect(
            answer.body.contains(
                "<TagDescriptions><member><ResourceArn>\(names.balancer)</ResourceArn>\(tags)</member>"
                    + "<member><ResourceArn>\(names.targetGroup)</ResourceArn>\(tags)</member>"
                    + "</TagDescriptions>"
            ))
    }
}
