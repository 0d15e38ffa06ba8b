/// Elastic Load Balancing v2: the balancer, its target group, and what it thinks of its targets.
struct ELBv2 {
    static let version = "2015-12-01"
    static let namespace = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"

    let control: ControlPlane

    var names: ResourceNames { control.names }

    func answer(_ form: FormParameters) async throws(APIError) -> (String, [XML]) {
        let action = form["Action"] ?? ""
        let result: [XML] =
            switch action {
            case "DescribeLoadBalancers": try await describeLoadBalancers(form)
            case "DescribeListeners": try await describeListeners(form)
            case "DescribeTargetGroups": try await describeTargetGroups(form)
            case "DescribeTargetHealth": try await describeTargetHealth(form)
            case "DescribeTags": try describeTags(form)
            case "SetSecurityGroups": try await setSecurityGroups(form)
            case "SetSubnets": try await setSubnets(form)
            case "RegisterTargets": try await registerTargets(form)
            case "DeregisterTargets": try await deregisterTargets(form)
            default:
                throw APIError(
                    "InvalidAction", "Could not find operation \(action) for version \(Self.version)")
            }
        return (action, result)
    }

    /// One page of at most `PageSize`; there is one of each thing, so a marker can only be wrong.
    func checkPaging(_ form: FormParameters) throws(APIError) {
        if let size = try form.int("PageSize"), !(1...400).contains(size) {
            throw APIError("ValidationError", "PageSize must be between 1 and 400, was \(size)")
        }
        if form["Marker"] != nil { throw APIError("ValidationError", "Invalid marker") }
    }

    // MARK: Load balancers

    /// Each zone with its public subnet, and the addresses of its nodes that are in service.
    func zones(_ network: VirtualNetwork) async throws(APIError) -> [[XML]] {
        let nodes = try await nodes().filter(\.inService)
        return network.subnets.filter { $0.tier == "public" }.map { subnet -> [XML] in
            let addresses = nodes.filter { $0.zone == subnet.zone }.map {
                [XML.leaf("IpAddress", $0.address)]
            }
            return [
                .leaf("ZoneName", subnet.zone), .leaf("SubnetId", subnet.id),
                .members("LoadBalancerAddresses", addresses),
            ]
        }
    }

    private func describeLoadBalancers(_ form: FormParameters) async throws(APIError) -> [XML] {
        try checkPaging(form)
        let (arns, wanted) = (form.members("LoadBalancerArns"), form.members("Names"))
        for arn in arns where arn != names.balancer {
            throw APIError("LoadBalancerNotFound", "One or more load balancers not found: '\(arn)'")
        }
        for name in wanted where name != names.balancerName {
            throw APIError("LoadBalancerNotFound", "Load balancers '[\(name)]' not found")
        }
        let (state, network) = await control.snapshot
        let zones = try await zones(network)
        let created = state.services.first?.createdAt ?? .zero
        return [
            .members(
                "LoadBalancers",
                [
                    [
                        .leaf("LoadBalancerArn", names.balancer), .leaf("DNSName", names.balancerName),
                        .leaf("CanonicalHostedZoneId", "ZP97RAFLXTNZK"),
                        .date("CreatedTime", control.clock.calendar(created)),
                        .leaf("LoadBalancerName", names.balancerName), .leaf("Scheme", "internet-facing"),
                        .leaf("VpcId", network.vpc), .element("State", [.leaf("Code", "active")]),
                        .leaf("Type", "application"), .members("AvailabilityZones", zones),
                        .element("SecurityGroups", network.groups.balancer.map { .leaf("member", $0) }),
                        .leaf("IpAddressType", "ipv4"),
                    ]
                ])
        ]
    }

    func nodes() async throws(APIError) -> [BalancerNodeReading] {
        do { return try await control.dataPlane.nodes() } catch { throw silent(error) }
    }

    func silent(_ error: any Error) -> APIError {
        APIError("InternalFailure", "the balancer does not answer: \(error)", status: 500)
    }

    // MARK: Target groups

    func checkGroup(_ arn: String?) throws(APIError) {
        guard let arn else { throw APIError("ValidationError", "A target group ARN must be specified") }
        guard arn == names.targetGroup else {
            throw APIError("TargetGroupNotFound", "Target groups '\(arn)' not found")
        }
    }

    private func describeTargetGroups(_ form: FormParameters) async throws(APIError) -> [XML] {
        try checkPaging(form)
        for arn in form.members("TargetGroupArns") { try checkGroup(arn) }
        for name in form.members("Names") where name != names.targetGroupName {
            throw APIError("TargetGroupNotFound", "One or more target groups not found")
        }
        if let balancer = form["LoadBalancerArn"], balancer != names.balancer {
            throw APIError("LoadBalancerNotFound", "One or more load balancers not found: '\(balancer)'")
        }
        let (state, network) = await control.snapshot
        let port = state.services.first { $0.targetGroup != nil }?.blueprint.port ?? 80
        return [
            .members(
                "TargetGroups",
                [
                    [
                        .leaf("TargetGroupArn", names.targetGroup),
                        .leaf("TargetGroupName", names.targetGroupName),
                        .leaf("Protocol", "HTTP"), .leaf("Port", port), .leaf("VpcId", network.vpc),
                        .leaf("HealthCheckProtocol", "HTTP"), .leaf("HealthCheckPort", "traffic-port"),
                        .leaf("HealthCheckEnabled", control.settings.flaw != .noHealthChecks),
                        .leaf("HealthCheckIntervalSeconds", 30),
                        .leaf("HealthCheckTimeoutSeconds", 5), .leaf("HealthyThresholdCount", 2),
                        .leaf("UnhealthyThresholdCount", 3), .leaf("HealthCheckPath", "/nginx-health"),
                        .element("Matcher", [.leaf("HttpCode", "200")]),
                        .element("LoadBalancerArns", [.leaf("member", names.balancer)]),
                        .leaf("TargetType", "ip"),
                        .leaf("ProtocolVersion", "HTTP1"), .leaf("IpAddressType", "ipv4"),
                    ]
                ])
        ]
    }

    // MARK: Tags

    private func describeTags(_ form: FormParameters) throws(APIError) -> [XML] {
        let arns = form.members("ResourceArns")
        guard !arns.isEmpty, arns.count <= 20 else {
            throw APIError("ValidationError", "1 to 20 resource ARNs must be specified, were \(arns.count)")
        }
        var rows: [[XML]] = []
        for arn in arns {
            guard arn == names.balancer || arn == names.targetGroup else {
                throw arn.contains(":targetgroup/")
                    ? APIError("TargetGroupNotFound", "Target groups '\(arn)' not found")
                    : APIError("LoadBalancerNotFound", "Load balancer '\(arn)' not found")
            }
            let tags = ResourceTags.standard(project: names.project)
            rows.append([
                .leaf("ResourceArn", arn),
                .members("Tags", tags.map { [.leaf("Key", $0.key), .leaf("Value", $0.value)] }),
            ])
        }
        return [.members("TagDescriptions", rows)]
    }
}
