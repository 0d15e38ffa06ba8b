package import AWS

/// Gives a service back to its autoscaling: the desired count, the limits and the suspended state of before, each only
/// where it still is ours.
package struct RestoreScale: Hashable, Codable, Sendable {
    /// A scalable target as it was.
    package struct Limits: Hashable, Codable, Sendable {
        package var minimum: Int
        package var maximum: Int
        package var suspended: ApplicationAutoScaling.Suspended

        package init(minimum: Int, maximum: Int, suspended: ApplicationAutoScaling.Suspended) {
            self.minimum = minimum
            self.maximum = maximum
            self.suspended = suspended
        }
    }

    package var count: RestoreDesiredCount
    /// nil: it had no scalable target.
    package var limits: Limits?

    package init(_ count: RestoreDesiredCount, limits: Limits?) {
        self.count = count
        self.limits = limits
    }

    private var service: String { count.service }
    /// What we set: the desired count, and both limits.
    private var ours: Int { count.ours }
    var resource: String { ApplicationAutoScaling.resource(cluster: count.cluster, service: service) }

    /// The count first. Limits that come back move a count that is outside of them, and a count that was moved is not
    /// ours any more: after a failure in between it could never be told from somebody else's.
    func revert(on platform: AWSPlatform) async throws(UndoFailure) -> [String] {
        do {
            let counted = try await count.giveBack(on: platform)
            return counted + (try await restoreLimits(platform))
        } catch {
            throw UndoFailure(
                problems: ["\(service) may still be held at \(ours) tasks: \(error)"],
                commands: commands(on: platform), isConnectionRefused: error.isConnectionRefused)
        }
    }

    /// A scalable target that is gone by now was taken away by somebody.
    private func restoreLimits(_ platform: AWSPlatform) async throws(AWSError) -> [String] {
        guard let limits,
            let live = try await platform.autoScaling.describeScalableTargets(resources: [resource]).first
        else { return [] }
        let areLimitsOurs = holds(live) && (limits.minimum, limits.maximum) != (ours, ours)
        let isSuspensionOurs = live.suspended == .whole && limits.suspended != .whole
        guard areLimitsOurs || isSuspensionOurs else { return [] }
        try await platform.autoScaling.registerScalableTarget(
            resource: resource, minimum: areLimitsOurs ? limits.minimum : nil,
            maximum: areLimitsOurs ? limits.maximum : nil,
            suspended: isSuspensionOurs ? limits.suspended : nil)
        return [
            areLimitsOurs
                ? "\(service) is scaled between \(limits.minimum) and \(limits.maximum) tasks again"
                : "\(service) is scaled again"
        ]
    }

    /// Both limits are ours.
    func holds(_ live: ApplicationAutoScaling.Target) -> Bool {
        live.minimum == ours && live.maximum == ours
    }

    func commands(on platform: AWSPlatform) -> [String] {
        var lines = [count.command(on: platform)]
        if let limits {
            func isOn(_ part: Bool?) -> String { part == true ? "true" : "false" }
            let suspended = limits.suspended
            lines.append(
                """
                \(platform.command("application-autoscaling")) register-scalable-target --service-namespace ecs \
                --scalable-dimension ecs:service:DesiredCount --resource-id \(resource) \
                --min-capacity \(limits.minimum) --max-capacity \(limits.maximum) --suspended-state \
                DynamicScalingInSuspended=\(isOn(suspended.DynamicScalingInSuspended)),\
                DynamicScalingOutSuspended=\(isOn(suspended.DynamicScalingOutSuspended)),\
                ScheduledScalingSuspended=\(isOn(suspended.ScheduledScalingSuspended))
                """)
        }
        return lines
    }
}
