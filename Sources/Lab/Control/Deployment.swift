/// One rollout of a task-definition revision. Exactly one of a service is primary; the others are on their way out.
struct Deployment: Hashable, Sendable {
    enum Rollout: String, Sendable {
        case inProgress = "IN_PROGRESS"
        case completed = "COMPLETED"
        case failed = "FAILED"
    }

    let id: String
    let definition: RevisionID
    var network = TaskNetwork()
    let createdAt: Duration
    var updatedAt: Duration
    var rollout = Rollout.inProgress
    /// What ECS says of it beyond its state; nil: nothing out of the ordinary.
    var reason: String?
    /// Tasks of it that did not start, ended by themselves or failed their health checks, while it was in progress.
    var failedTasks = 0
    /// Started, or taken up again, by the circuit breaker.
    var isRollback = false

    var isCompleted: Bool { rollout == .completed }
}

/// Where a service's tasks may be placed, and their security groups.
struct TaskNetwork: Hashable, Sendable {
    /// Empty: the private subnets of all zones.
    var subnets: [String] = []
    /// The zones of those subnets; empty: all.
    var zones: [String] = []
    var securityGroups: [String] = []
}

/// ECS's deployment circuit breaker.
struct CircuitBreaker: Hashable, Sendable {
    var isEnabled: Bool
    var rollsBack: Bool

    static let on = CircuitBreaker(isEnabled: true, rollsBack: true)
    static let off = CircuitBreaker(isEnabled: false, rollsBack: false)

    /// Failed tasks that make a deployment fail: half of those desired, but 3 to 200.
    static func threshold(desired: Int) -> Int { min(200, max(3, (desired + 1) / 2)) }
}
