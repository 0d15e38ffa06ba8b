/// What ECS remembers of one deployment of a service, from its beginning to its end and beyond.
struct ServiceDeployment: Hashable, Sendable {
    enum Status: String, Sendable, CaseIterable {
        case inProgress = "IN_PROGRESS"
        case successful = "SUCCESSFUL"
        /// Another took its place, or it failed without a way back.
        case stopped = "STOPPED"
        case rollbackInProgress = "ROLLBACK_IN_PROGRESS"
        case rollbackSuccessful = "ROLLBACK_SUCCESSFUL"
        case rollbackFailed = "ROLLBACK_FAILED"

        var isOver: Bool { self != .inProgress && self != .rollbackInProgress }
    }

    struct Rollback: Hashable, Sendable {
        /// The deployment that is taken up again.
        let to: String
        let startedAt: Duration
    }

    /// Its `Deployment`, and the service revision it made.
    let id: String
    let definition: RevisionID
    let network: TaskNetwork
    /// The deployments whose tasks it replaces.
    let sources: [String]
    let createdAt: Duration
    var updatedAt: Duration
    var finishedAt: Duration?
    var status = Status.inProgress
    var reason: String?
    var failedTasks = 0
    var rollback: Rollback?

    init(_ deployment: Deployment, replacing sources: [Deployment]) {
        id = deployment.id
        definition = deployment.definition
        network = deployment.network
        self.sources = sources.map(\.id)
        createdAt = deployment.createdAt
        updatedAt = deployment.createdAt
    }
}

/// The story of a service's deployments, as they go.
extension ECSService {
    /// ECS keeps those of ninety days; nobody deploys that often to a lab.
    private static let historyMax = 100

    /// One that was asked for begins; one that was under way has lost its place.
    mutating func begins(_ deployment: Deployment) {
        end(.stopped, "A new deployment took its place.", at: deployment.createdAt)
        history.insert(ServiceDeployment(deployment, replacing: deployments), at: 0)
        if history.count > Self.historyMax { history.removeLast() }
    }

    /// All its tasks are healthy: it, or the rollback of it, is done.
    mutating func completes(at now: Duration) {
        let isRollback = history.first?.status == .rollbackInProgress
        end(isRollback ? .rollbackSuccessful : .successful, history.first?.reason, at: now)
    }

    /// The circuit breaker opened. `to`: the deployment it goes back to; nil: it leaves things as they are.
    mutating func fails(rollingBackTo to: String?, _ reason: String, at now: Duration) {
        guard let newest = history.first, !newest.status.isOver else { return }
        guard let to else {
            return end(newest.status == .rollbackInProgress ? .rollbackFailed : .stopped, reason, at: now)
        }
        history[0].status = .rollbackInProgress
        history[0].reason = reason
        history[0].rollback = ServiceDeployment.Rollback(to: to, startedAt: now)
        history[0].updatedAt = now
    }

    mutating func countsFailure(of deployment: String, at now: Duration) {
        guard let index = history.firstIndex(where: { $0.id == deployment }) else { return }
        history[index].failedTasks += 1
        history[index].updatedAt = now
    }

    private mutating func end(_ status: ServiceDeployment.Status, _ reason: String?, at now: Duration) {
        guard let newest = history.first, !newest.status.isOver else { return }
        history[0].status = status
        history[0].reason = reason
        history[0].updatedAt = now
        history[0].finishedAt = now
    }
}
