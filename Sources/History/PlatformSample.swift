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
