package import Plan

/// One observed value of the platform, written when it changed.
package struct PlatformSample: Hashable, Sendable {
    package enum Metric: String, Hashable, Codable, Sendable, CaseIterable {
        /// Tasks a service asks for.
        case desiredTasks = "desired-tasks"
        case runningTasks = "running-tasks"
        case pendingTasks = "pending-tasks"
        case healthyTasks = "healthy-tasks"
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
