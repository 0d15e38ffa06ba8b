/// The balancer's listeners, and the security groups of its nodes.
extension ELBv2 {
    /// The ports at which the nodes take connections: in the lab not 80 and 443.
    func describeListeners(_ form: FormParameters) async throws(APIError) -> [XML] {
        try checkPaging(form)
        if let balancer = form["LoadBalancerArn"], balancer != names.balancer {
            throw APIError("LoadBalancerNotFound", "One or more load balancers not found: '\(balancer)'")
        }
        let nodes = try await nodes()
        let listeners =
            Set(nodes.map(\.port)).sorted().map { (port: $0, isSecure: false) }
            + Set(nodes.compactMap(\.tlsPort)).sorted().map { (port: $0, isSecure: true) }
        let wanted = form.members("ListenerArns")
        for arn in wanted where !listeners.contains(where: { names.listener($0.port) == arn }) {
            throw APIError("ListenerNotFound", "One or more listeners not found")
        }
        let rows = listeners.filter { wanted.isEmpty || wanted.contains(names.listener($0.port)) }.map(
            listener)
        return [.members("Listeners", rows)]
    }

    private func listener(_ port: Int, isSecure: Bool) -> [XML] {
        let security: [XML] =
            isSecure
            ? [
                .members("Certificates", [[.leaf("CertificateArn", names.certificate)]]),
                .leaf("SslPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06"),
            ] : []
        return [
            .leaf("ListenerArn", names.listener(port)), .leaf("LoadBalancerArn", names.balancer),
            .leaf("Port", port), .leaf("Protocol", isSecure ? "HTTPS" : "HTTP"),
        ] + security + [
            .members(
                "DefaultActions",
                [[.leaf("Type", "forward"), .leaf("TargetGroupArn", names.targetGroup), .leaf("Order", 1)]])
        ]
    }

    /// The groups count at once for what the nodes send; clients come in by the host, where nothing is filtered.
    func setSecurityGroups(_ form: FormParameters) async throws(APIError) -> [XML] {
        guard form["LoadBalancerArn"] == names.balancer else {
            throw APIError("LoadBalancerNotFound", "One or more load balancers not found")
        }
        let groups = form.members("SecurityGroups")
        guard !groups.isEmpty else {
            throw APIError("ValidationError", "A load balancer must have at least one security group")
        }
        do {
            try await control.changeNetwork { network throws(NetworkError) in
                try network.setBalancerGroups(groups)
            }
        } catch NetworkError.group(.noSuchGroup(let id)) {
            throw APIError("InvalidSecurityGroup", "One or more security groups are invalid: '\(id)'")
        } catch {
            throw APIError("InternalFailure", "the machine did not obey: \(error)", status: 500)
        }
        return [.element("SecurityGroupIds", groups.map { .leaf("member", $0) })]
    }

    /// A balancer needs two zones, and the lab has two with one public subnet each: it can only stay where it is.
    func setSubnets(_ form: FormParameters) async throws(APIError) -> [XML] {
        guard form["LoadBalancerArn"] == names.balancer else {
            throw APIError("LoadBalancerNotFound", "One or more load balancers not found")
        }
        let network = await control.snapshot.1
        let mapped = form.indices("SubnetMappings.member").compactMap {
            form["SubnetMappings.member.\($0).SubnetId"]
        }
        var zones: Set<String> = []
        for id in form.members("Subnets") + mapped {
            guard let subnet = network.subnet(id) else {
                throw APIError("SubnetNotFound", "The subnet ID '\(id)' is not valid")
            }
            guard subnet.tier == "public" else {
                throw APIError(
                    "InvalidSubnet", "The lab's balancer stands in public subnets, '\(id)' is \(subnet.tier)")
            }
            zones.insert(subnet.zone)
        }
        guard zones.count > 1 else {
            throw APIError(
                "ValidationError",
                "At least two subnets in two different Availability Zones must be specified")
        }
        return [.members("AvailabilityZones", try await self.zones(network)), .leaf("IpAddressType", "ipv4")]
    }
}
