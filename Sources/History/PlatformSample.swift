package import Plan

/// One observed value of the platform, written when it changed.
package struct PlatformSample: Hashable, Sendable {
    package enum Metric: String, Hashable, Codable, Sendable, CaseIterable {
        /// Tasks a service asks for.
        case desiredTasks = "desired-tasks"
        case runningTasks = "running-tasks"
        case pendingTasks = "pending-tasks"
        case healthyTasks = "healthy-tasks"
        // Of CloudWatch, one for each minute of the scenario's clock: `at` is the minute's end.
        /// Percent of what a service's tasks reserve, their mean; of a database, of its instance.
        case cpuUtilization = "cpu-utilization"
        case memoryUtilization = "memory-utilization"
        /// Of the balancer in a minute: requests, 5xx of the targets, 5xx of its own; and seconds to a target's answer.
        case balancerRequests = "balancer-requests"
        case targetErrors = "target-5xx"
        case balancerErrors = "balancer-5xx"
        case targetResponseTime = "target-response-time"
        case databaseConnections = "database-connections"
        /// How often a service's log tells of a rollback; written when it is not 0.
        case rollbacks
    }

    /// Real time since the start of the load, when the answer arrived.
    package var at: Nanoseconds
    package var metric: Metric
    package var service: String
    /// nil: all zones together (desired tasks have no zone).
    package var zone: String?
    package var value: Double

    package init(at: Nanoseconds, metric: Metric, service: String, zone: String? = nil, value: Double) {
        self.at = at
        self.metric = metric
        self.service = service
        self.zone = zone
        self.value = value
    }
}

extension Sequence<PlatformSample> {
    /// A count of one service over time. If only zones were sampled, it is their sum.
    package var countOverTime: [(at: Nanoseconds, value: Int)] {
        let whole = filter { $0.zone == nil }
        guard whole.isEmpty else { return whole.map { ($0.at, Int($0.value)) } }
        var zones: [String: Double] = [:]
        return map { sample in
            zones[sample.zone ?? ""] = sample.value
            return (sample.at, Int(zones.values.reduce(0, +)))
        }
    }
}
