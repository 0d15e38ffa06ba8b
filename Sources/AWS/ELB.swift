/// Elastic Load Balancing, version 2: the balancer, and who of its targets is healthy.
package struct ELB: Sendable {
    let wire: Wire

    private func form(_ action: String) -> Form { Form(action: action, version: "2015-12-01") }

    /// Calls until no marker is left; `<Result>` elements in order.
    private func pages(_ action: String, _ form: Form) async throws(AWSError) -> [XMLElement] {
        var results: [XMLElement] = []
        var marker: String?
        repeat {
            var page = form
            page.add("Marker", marker)
            let root = try await wire.form(.elb, action, page)
            guard let result = root["\(action)Result"] else {
                throw AWSError(
                    service: AWSService.elb.rawValue, action: action, kind: .badAnswer("no \(action)Result"))
            }
            results.append(result)
            let next = result.text("NextMarker")
            if let next, next == marker {
                throw AWSError(
                    service: AWSService.elb.rawValue, action: action,
                    kind: .badAnswer("page \(next) follows itself"))
            }
            marker = next
        } while marker != nil
        return results
    }

    /// A name that is not there is an error, `LoadBalancerNotFound`.
    package func describeLoadBalancers(names: [String] = []) async throws(AWSError) -> [LoadBalancer] {
        var form = form("DescribeLoadBalancers")
        form.add(list: "Names", names)
        return try await pages("DescribeLoadBalancers", form)
            .flatMap { $0.list("LoadBalancers") }.map(LoadBalancer.init)
    }

    package func describeTargetHealth(targetGroup arn: String) async throws(AWSError) -> [TargetHealth] {
        var form = form("DescribeTargetHealth")
        form.add("TargetGroupArn", arn)
        return try await pages("DescribeTargetHealth", form)
            .flatMap { $0.list("TargetHealthDescriptions") }.map(TargetHealth.init)
    }
}

package struct LoadBalancer: Hashable, Sendable {
    /// One node of the balancer.
    package struct Node: Hashable, Sendable {
        package var zone: String
        package var subnet: String
        /// Empty where AWS does not tell: of an ALB only its name's A records do.
        package var addresses: [String]
    }

    package var arn: String
    package var name: String
    package var dnsName: String
    package var vpc: String
    /// active, provisioning, active_impaired or failed.
    package var state: String
    package var nodes: [Node]

    init(_ element: XMLElement) {
        arn = element.text("LoadBalancerArn") ?? ""
        name = element.text("LoadBalancerName") ?? ""
        dnsName = element.text("DNSName") ?? ""
        vpc = element.text("VpcId") ?? ""
        state = element.text("State", "Code") ?? ""
        nodes = element.list("AvailabilityZones").map { zone in
            Node(
                zone: zone.text("ZoneName") ?? "", subnet: zone.text("SubnetId") ?? "",
                addresses: zone.list("LoadBalancerAddresses").compactMap { $0.text("IpAddress") })
        }
    }
}

/// One target as the balancer sees it.
package struct TargetHealth: Hashable, Sendable {
    /// Its address, for the target type `ip`.
    package var id: String
    package var port: Int
    package var zone: String?
    /// initial, healthy, unhealthy, draining, unused or unavailable.
    package var state: String
    /// `Target.Timeout`, `Target.FailedHealthChecks`…; nil if healthy.
    package var reason: String?

    package init(id: String, port: Int, zone: String? = nil, state: String, reason: String? = nil) {
        self.id = id
        self.port = port
        self.zone = zone
        self.state = state
        self.reason = reason
    }

    init(_ element: XMLElement) {
        self.init(
            id: element.text("Target", "Id") ?? "",
            port: element.text("Target", "Port").flatMap { Int($0) } ?? 0,
            zone: element.text("Target", "AvailabilityZone"),
            state: element.text("TargetHealth", "State") ?? "",
            reason: element.text("TargetHealth", "Reason"))
    }
}
