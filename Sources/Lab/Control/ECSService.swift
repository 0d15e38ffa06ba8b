/// One service: how many tasks it should have, and the story of how it got there.
struct ECSService: Hashable, Sendable {
    struct Event: Hashable, Sendable {
        let id: String
        let at: Duration
        let message: String
    }

    let blueprint: ServiceBlueprint
    let createdAt: Duration
    /// Nil when no target group belongs to it.
    let targetGroup: String?
    var desiredCount: Int
    /// nil: those of every resource of the lab.
    var tags: TagSet?
    /// Percent of desired tasks that may run at once while tasks are replaced, and that must stay healthy.
    var maximumPercent = 200
    var minimumHealthyPercent = 100
    var breaker = CircuitBreaker.off
    /// Primary first.
    var deployments: [Deployment]
    /// All that were asked for, newest first; rollbacks are part of what they take back.
    var history: [ServiceDeployment] = []
    /// What the circuit breaker rolls back to.
    var lastCompleted: Deployment?
    /// Newest first, as ECS shows them; it keeps the last hundred.
    private(set) var events: [Event] = []
    /// The last word was "has reached a steady state".
    var isSteady = false
    /// Tasks in a row that could not be started, and when the next may be tried.
    var failedLaunches = 0
    var launchNotBefore: Duration = .zero

    var name: String { blueprint.name }
    var primary: Deployment { deployments[0] }

    mutating func log(_ message: String, id: String, at now: Duration) {
        events.insert(Event(id: id, at: now, message: "(service \(name)) \(message)"), at: 0)
        if events.count > 100 { events.removeLast() }
    }
}
