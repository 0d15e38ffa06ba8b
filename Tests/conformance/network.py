"""The network with boto3 and awscli, unmodified: ACL entries, security groups, routes, listeners. Used by clients.py."""


def changes_rules(ec2, elb, check, refuses, aws):
    acl = ec2.describe_network_acls(Filters=[{"Name": "default", "Values": ["true"]}])["NetworkAcls"][0]
    entry = {"NetworkAclId": acl["NetworkAclId"], "RuleNumber": 90, "Egress": False}
    ec2.create_network_acl_entry(
        **entry, Protocol="6", RuleAction="deny", CidrBlock="192.0.2.0/24", PortRange={"From": 22, "To": 23})
    try:
        shown = [e for e in ec2.describe_network_acls(NetworkAclIds=[acl["NetworkAclId"]])["NetworkAcls"][0]["Entries"]
                 if e["RuleNumber"] == 90]
        check("boto3: an ACL entry with ports", shown and shown[0]["PortRange"] == {"From": 22, "To": 23}, shown)
        ec2.replace_network_acl_entry(**entry, Protocol="-1", RuleAction="deny", CidrBlock="192.0.2.0/24")
    finally:
        ec2.delete_network_acl_entry(**entry)
    refuses("InvalidNetworkAclEntry.NotFound", ec2.delete_network_acl_entry, **entry)


def changes_groups(ec2, elb, check, refuses, aws):
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    group = ec2.create_security_group(GroupName="conformance", Description="conformance", VpcId=vpc)["GroupId"]
    ssh = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
            "IpRanges": [{"CidrIp": "192.0.2.0/24", "Description": "nobody"}], "UserIdGroupPairs": [{"GroupId": group}]}]
    try:
        made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=ssh)["SecurityGroupRules"]
        check("boto3: two rules of one permission", len(made) == 2, made)
        refuses("InvalidPermission.Duplicate", ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=ssh)
        shown = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
        check("boto3: a group's permissions", len(shown) == 1 and shown[0]["UserIdGroupPairs"][0]["GroupId"] == group, shown)
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
        check("boto3: a group's rules", sorted(r["IsEgress"] for r in rules) == [False, False, True], rules)
        ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[made[0]["SecurityGroupRuleId"]])
        refuses("InvalidPermission.NotFound", ec2.revoke_security_group_ingress, GroupId=group, IpPermissions=ssh)
        balancer = elb.describe_load_balancers()["LoadBalancers"][0]
        elb.set_security_groups(LoadBalancerArn=balancer["LoadBalancerArn"],
                                SecurityGroups=balancer["SecurityGroups"] + [group])
        refuses("DependencyViolation", ec2.delete_security_group, GroupId=group)
        elb.set_security_groups(LoadBalancerArn=balancer["LoadBalancerArn"], SecurityGroups=balancer["SecurityGroups"])
    finally:
        ec2.delete_security_group(GroupId=group)
    refuses("InvalidGroup.NotFound", ec2.delete_security_group, GroupId=group)
    check("awscli: security groups", len(aws("ec2", "describe-security-groups")["SecurityGroups"]) == 4)


def changes_routes(ec2, elb, check, refuses, aws):
    tables = ec2.describe_route_tables(Filters=[{"Name": "route.nat-gateway-id", "Values": ["nat-*"]}])["RouteTables"]
    check("boto3: a route table for each zone's way out", len(tables) == 2, tables)
    gateways = {g["NatGatewayId"] for g in ec2.describe_nat_gateways()["NatGateways"]}
    check("boto3: NAT gateways", len(gateways) == 2, gateways)
    igw = ec2.describe_internet_gateways()["InternetGateways"]
    check("boto3: the internet gateway", igw[0]["Attachments"][0]["State"] == "available", igw)
    way = next(r for r in tables[0]["Routes"] if "NatGatewayId" in r)
    place = {"RouteTableId": tables[0]["RouteTableId"], "DestinationCidrBlock": way["DestinationCidrBlock"]}
    ec2.delete_route(**place)
    try:
        refuses("InvalidRoute.NotFound", ec2.delete_route, **place)
    finally:
        ec2.create_route(**place, NatGatewayId=way["NatGatewayId"])
    refuses("RouteAlreadyExists", ec2.create_route, **place, NatGatewayId=way["NatGatewayId"])
    ec2.replace_route(**place, NatGatewayId=way["NatGatewayId"])
    refuses("InvalidRouteTableID.NotFound", ec2.describe_route_tables, RouteTableIds=["rtb-0"])
    listeners = aws("elbv2", "describe-listeners", "--load-balancer-arn",
                    elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"])["Listeners"]
    check("awscli: both listeners", sorted(x["Protocol"] for x in listeners) == ["HTTP", "HTTPS"], listeners)
