import Loopback
import Testing

@testable import Lab

/// ec2's security groups and ACL entries, and elbv2's SetSecurityGroups.
@Suite struct APISecurityGroupTests {
    private func ec2(_ lab: ControlLab, _ call: String) async -> LoopbackAnswer {
        await lab.form("ec2", "Action=\(call)")
    }

    private func database(_ lab: ControlLab) async throws -> String {
        try #require(await lab.control.network.groups.database.first)
    }

    @Test func `a group is told in full`() async throws {
        let lab = await ControlLab.booted()
        let network = await lab.control.network
        let (group, tasks) = (try await database(lab), try #require(network.groups.tasks.first))
        let answer = await ec2(lab, "DescribeSecurityGroups&GroupId.1=\(group)")
        #expect(
            answer.shown.contains(
                """
                <securityGroupInfo><item><ownerId>123456789012</ownerId><groupId>\(group)</groupId>\
                <groupName>ecs-microservices-rds-sg</groupName>\
                <groupDescription>Security group for RDS</groupDescription><vpcId>\(network.vpc)</vpcId>\
                <ipPermissions><item><ipProtocol>tcp</ipProtocol><fromPort>5432</fromPort><toPort>5432</toPort>\
                <groups><item><userId>123456789012</userId><groupId>\(tasks)</groupId></item></groups>\
                <ipRanges/><ipv6Ranges/><prefixListIds/></item></ipPermissions>\
                <ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><groups/><ipRanges><item>\
                <cidrIp>0.0.0.0/0</cidrIp></item></ipRanges><ipv6Ranges/><prefixListIds/></item>\
                </ipPermissionsEgress>
                """))
        let open = await ec2(
            lab,
            "DescribeSecurityGroups&Filter.1.Name=ip-permission.cidr&Filter.1.Value.1=0.0.0.0%2F0")
        #expect(open.xml("groupName") == "ecs-microservices-alb-sg")
        #expect(open.body.matches(of: /<groupName>/).count == 1)
    }

    @Test func `a rule is authorized, obeyed, shown and revoked`() async throws {
        let lab = await ControlLab.booted()
        let group = try await database(lab)
        let permission =
            "GroupId=\(group)&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=5432&IpPermissions.1.ToPort=5432"
            + "&IpPermissions.1.IpRanges.1.CidrIp=10.0.1.7%2F24&IpPermissions.1.IpRanges.1.Description=bastion"
        let added = await ec2(lab, "AuthorizeSecurityGroupIngress&\(permission)")
        let rule = try #require(added.xml("securityGroupRuleId"))
        #expect(
            added.shown.contains(
                """
                <securityGroupRuleSet><item><securityGroupRuleId>\(rule)</securityGroupRuleId><groupId>\(group)</groupId>\
                <groupOwnerId>123456789012</groupOwnerId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol>\
                <fromPort>5432</fromPort><toPort>5432</toPort><cidrIpv4>10.0.1.0/24</cidrIpv4>\
                <description>bastion</description><tagSet/></item></securityGroupRuleSet>
                """))
        #expect(
            lab.machine.now.policy?.groups[group]?.ingress.last
                == .init(traffic: .tcp(5432...5432), peer: .network("10.0.1.0/24")))
        let again = await ec2(lab, "AuthorizeSecurityGroupIngress&\(permission)")
        #expect(again.xml("Code") == "InvalidPermission.Duplicate")
        let shown = await ec2(
            lab, "DescribeSecurityGroupRules&Filter.1.Name=group-id&Filter.1.Value.1=\(group)")
        #expect(shown.body.matches(of: /<securityGroupRuleId>/).count == 3)
        let gone = await ec2(lab, "RevokeSecurityGroupIngress&GroupId=\(group)&SecurityGroupRuleId.1=\(rule)")
        #expect(gone.xml("return") == "true")
        #expect(lab.machine.now.policy?.groups[group]?.ingress.count == 1)
        #expect(
            await ec2(lab, "RevokeSecurityGroupIngress&\(permission)").xml("Code")
                == "InvalidPermission.NotFound")
    }

    @Test func `all rules of a call are added or none`() async throws {
        let lab = await ControlLab.booted()
        let group = try await database(lab)
        let answer = await ec2(
            lab,
            """
            AuthorizeSecurityGroupIngress&GroupId=\(group)&IpPermissions.1.IpProtocol=-1\
            &IpPermissions.1.IpRanges.1.CidrIp=10.0.1.0%2F24&IpPermissions.2.IpProtocol=-1\
            &IpPermissions.2.Groups.1.GroupId=sg-0
            """)
        #expect(answer.xml("Code") == "InvalidGroup.NotFound")
        #expect(await lab.control.network.groups[group]?.policy.ingress.count == 1)
    }

    @Test func `a group is made, used by the balancer, and deleted when nobody is in it`() async throws {
        let lab = await ControlLab.booted()
        let vpc = await lab.control.network.vpc
        let before = try #require(await lab.control.network.groups.balancer.first)
        let made = await ec2(lab, "CreateSecurityGroup&GroupName=other&GroupDescription=x&VpcId=\(vpc)")
        let group = try #require(made.xml("groupId"))
        #expect(lab.machine.now.policy?.groups[group]?.ingress == [])
        #expect(
            await ec2(lab, "CreateSecurityGroup&GroupName=other&GroupDescription=x&VpcId=\(vpc)").xml("Code")
                == "InvalidGroup.Duplicate")
        let set = await lab.form(
            "elasticloadbalancing",
            "Action=SetSecurityGroups&LoadBalancerArn=\(lab.control.names.balancer)&SecurityGroups.member.1=\(group)"
        )
        #expect(set.body.contains("<SecurityGroupIds><member>\(group)</member></SecurityGroupIds>"))
        #expect(lab.machine.now.policy?.balancerGroups == [group])
        #expect(await ec2(lab, "DeleteSecurityGroup&GroupId=\(group)").xml("Code") == "DependencyViolation")
        _ = await lab.form(
            "elasticloadbalancing",
            "Action=SetSecurityGroups&LoadBalancerArn=\(lab.control.names.balancer)&SecurityGroups.member.1=\(before)"
        )
        #expect(await ec2(lab, "DeleteSecurityGroup&GroupId=\(group)").xml("return") == "true")
        let tasks = try #require(await lab.control.network.groups.tasks.first)
        #expect(await ec2(lab, "DeleteSecurityGroup&GroupId=\(tasks)").xml("Code") == "DependencyViolation")
        let own = try #require(await lab.control.network.groups.all.first { $0.isDefault })
        #expect(await ec2(lab, "DeleteSecurityGroup&GroupId=\(own.id)").xml("Code") == "CannotDelete")
    }

    @Test func `tasks are launched into the tasks' group`() async throws {
        let lab = await ControlLab.booted()
        let tasks = await lab.control.network.groups.tasks
        #expect(lab.machine.now.running.values.allSatisfy { $0.securityGroups == tasks && !tasks.isEmpty })
    }

    @Test func `interfaces of the balancer, the database and the gateways stand beside the tasks'`()
        async throws
    {
        let lab = await ControlLab.booted()
        let answer = await ec2(lab, "DescribeNetworkInterfaces")
        let notes = answer.body.matches(of: /<description>([A-Za-z ]+)/).map { String($0.output.1) }
        #expect(notes.count { $0 == "ELB app" } == 2)
        #expect(notes.count { $0 == "RDSNetworkInterface" } == 2)
        #expect(notes.count { $0 == "Interface for NAT Gateway nat" } == 2)
        let group = try await database(lab)
        let some = await ec2(
            lab, "DescribeNetworkInterfaces&Filter.1.Name=group-id&Filter.1.Value.1=\(group)")
        #expect(
            some.body.contains(
                "<groupSet><item><groupId>\(group)</groupId><groupName>ecs-microservices-rds-sg</groupName></item></groupSet>"
            ))
        #expect(some.body.matches(of: /<networkInterfaceId>/).count == 2)
    }

    @Test func `an ACL's entry names protocol, port and network`() async throws {
        let lab = await ControlLab.booted()
        let acl = try #require(await lab.control.network.acls.first?.id)
        let entry = "NetworkAclId=\(acl)&RuleNumber=50&Egress=false&CidrBlock=10.0.11.0%2F24"
        let made = await ec2(
            lab,
            "CreateNetworkAclEntry&\(entry)&Protocol=6&RuleAction=deny&PortRange.From=5432&PortRange.To=5433")
        #expect(made.status == 200)
        #expect(
            lab.machine.now.policy?.acls["10.0.22.0/24"]?.ingress.first
                == .init(allows: false, traffic: .tcp(5432...5433), cidr: "10.0.11.0/24"))
        #expect(lab.machine.now.blocked == [])
        let shown = await ec2(lab, "DescribeNetworkAcls")
        #expect(
            shown.body.contains(
                """
                <item><ruleNumber>50</ruleNumber><protocol>6</protocol><ruleAction>deny</ruleAction>\
                <egress>false</egress><cidrBlock>10.0.11.0/24</cidrBlock>\
                <portRange><from>5432</from><to>5433</to></portRange></item>
                """))
        _ = await ec2(lab, "ReplaceNetworkAclEntry&\(entry)&Protocol=-1&RuleAction=allow")
        #expect(
            lab.machine.now.policy?.acls["10.0.22.0/24"]?.ingress.first
                == .init(allows: true, traffic: .all, cidr: "10.0.11.0/24"))
    }

    @Test(arguments: [
        ("DescribeSecurityGroups&GroupId.1=sg-0", "InvalidGroup.NotFound"),
        ("DeleteSecurityGroup&GroupId=sg-0", "InvalidGroup.NotFound"),
        (
            "AuthorizeSecurityGroupIngress&GroupId=sg-0&IpProtocol=-1&CidrIp=10.0.0.0%2F8",
            "InvalidGroup.NotFound"
        ),
        ("AuthorizeSecurityGroupIngress&GroupName=default", "MissingParameter"),
        (
            "AuthorizeSecurityGroupIngress&GroupName=default&IpProtocol=tcp&CidrIp=10.0.0.0%2F8",
            "MissingParameter"
        ),
        (
            "AuthorizeSecurityGroupIngress&GroupName=default&IpProtocol=-1&CidrIp=nowhere",
            "InvalidParameterValue"
        ),
        (
            "AuthorizeSecurityGroupIngress&GroupName=default&IpProtocol=tcp&FromPort=9&ToPort=8&CidrIp=10.0.0.0%2F8",
            "InvalidParameterValue"
        ),
        (
            "RevokeSecurityGroupIngress&GroupName=default&SecurityGroupRuleId.1=sgr-0",
            "InvalidSecurityGroupRuleId.NotFound"
        ),
        ("CreateSecurityGroup&GroupName=a&GroupDescription=b&VpcId=vpc-0", "InvalidVpcID.NotFound"),
        ("DescribeSecurityGroupRules&SecurityGroupRuleId.1=sgr-0", "InvalidSecurityGroupRuleId.NotFound"),
    ]) func `errors have EC2's codes`(_ call: String, _ code: String) async {
        #expect(await ec2(await ControlLab.booted(), call).xml("Code") == code)
    }

    @Test func `both listeners are listed, and the one with a certificate is HTTPS`() async throws {
        let lab = await ControlLab.booted()
        let answer = await lab.form("elasticloadbalancing", "Action=DescribeListeners")
        #expect(answer.body.matches(of: /<Protocol>(.*?)</).map { String($0.output.1) } == ["HTTP", "HTTPS"])
        #expect(answer.body.matches(of: /<Port>(.*?)</).map { String($0.output.1) } == ["8080", "8443"])
        #expect(answer.xml("SslPolicy") == "ELBSecurityPolicy-TLS13-1-2-2021-06")
    }
}
