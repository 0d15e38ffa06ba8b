/// One task as ECS describes it.
package struct ECSTask: Hashable, Sendable {
    package var arn: String
    /// `service:NAME` for a service's task.
    package var group: String
    /// nil if the endpoint does not say; then its subnet tells.
    package var zone: String?
    /// What started it: a service's deployment, or what RunTask was told; nil: nothing is known.
    package var startedBy: String?
    /// PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING or STOPPED.
    package var lastStatus: String
    /// RUNNING, or STOPPED as soon as its end is decided.
    package var desiredStatus: String
    /// HEALTHY, UNHEALTHY, or UNKNOWN: no container health check, or none has ended yet.
    package var healthStatus: String
    package var stoppedReason: String?
    package var stopCode: String?
    /// FARGATE or FARGATE_SPOT; nil where the service names no strategy.
    package var capacityProvider: String?
    /// Of its network interface.
    package var address: String?
    package var subnet: String?
    /// How its first container ended; nil while it runs, or if it never did.
    package var exitCode: Int?
    package var containerReason: String?

    package init(
        arn: String, group: String, zone: String? = nil, startedBy: String? = nil,
        lastStatus: String = "RUNNING", desiredStatus: String = "RUNNING", healthStatus: String = "UNKNOWN",
        stoppedReason: String? = nil,
        stopCode: String? = nil, capacityProvider: String? = nil, address: String? = nil,
        subnet: String? = nil,
        exitCode: Int? = nil, containerReason: String? = nil
    ) {
        self.arn = arn
        self.group = group
        self.zone = zone
        self.startedBy = startedBy
        self.lastStatus = lastStatus
        self.desiredStatus = desiredStatus
        self.healthStatus = healthStatus
        self.stoppedReason = stoppedReason
        self.stopCode = stopCode
        self.capacityProvider = capacityProvider
        self.address = address
        self.subnet = subnet
        self.exitCode = exitCode
        self.containerReason = containerReason
    }

    /// The last part of the ARN.
    package var id: String { arn.split(separator: "/").last.map(String.init) ?? arn }
    /// The service it belongs to; nil for a task run by hand.
    package var service: String? {
        group.hasPrefix("service:") ? String(group.dropFirst("service:".count)) : nil
    }
    /// Up, and meant to stay up.
    package var isRunning: Bool { lastStatus == "RUNNING" && desiredStatus == "RUNNING" }

    struct Wire: Decodable {
        struct Attachment: Decodable {
            struct Detail: Decodable {
                var name: String?
                var value: String?
            }
            var details: [Detail]?
        }
        struct Container: Decodable {
            var exitCode: Int?
            var reason: String?
        }
        var taskArn: String
        var group: String?
        var availabilityZone: String?
        var startedBy: String?
        var lastStatus: String?
        var desiredStatus: String?
        var healthStatus: String?
        var stoppedReason: String?
        var stopCode: String?
        var capacityProviderName: String?
        var attachments: [Attachment]?
        var containers: [Container]?
    }

    init(_ wire: Wire) {
        let details = (wire.attachments ?? []).flatMap { $0.details ?? [] }
        self.init(
            arn: wire.taskArn, group: wire.group ?? "", zone: wire.availabilityZone,
            startedBy: wire.startedBy,
            lastStatus: wire.lastStatus ?? "", desiredStatus: wire.desiredStatus ?? "",
            healthStatus: wire.healthStatus ?? "UNKNOWN", stoppedReason: wire.stoppedReason,
            stopCode: wire.stopCode, capacityProvider: wire.capacityProviderName,
            address: details.first { $0.name == "privateIPv4Address" }?.value,
            subnet: details.first { $0.name == "subnetId" }?.value,
            exitCode: wire.containers?.first?.exitCode, containerReason: wire.containers?.first?.reason)
    }
}
