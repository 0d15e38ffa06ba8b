/// One service as ECS describes it.
package struct ECSService: Hashable, Sendable {
    package struct Deployment: Hashable, Sendable {
        package var id: String
        /// PRIMARY for the newest; ACTIVE for one that is being replaced.
        package var status: String
        /// COMPLETED, IN_PROGRESS or FAILED.
        package var rolloutState: String
        /// The ARN of its revision.
        package var taskDefinition: String
        package var running: Int
        /// Tasks of it that did not start or failed their health checks.
        package var failedTasks: Int

        package init(
            id: String, status: String, rolloutState: String, taskDefinition: String = "", running: Int = 0,
            failedTasks: Int = 0
        ) {
            self.id = id
            self.status = status
            self.rolloutState = rolloutState
            self.taskDefinition = taskDefinition
            self.running = running
            self.failedTasks = failedTasks
        }
    }

    /// A line of the service's own log.
    package struct Event: Hashable, Sendable {
        package var id: String
        package var message: String

        package init(id: String, message: String) {
            self.id = id
            self.message = message
        }
    }

    package var arn: String
    package var name: String
    package var desired: Int
    package var running: Int
    package var pending: Int
    package var deployments: [Deployment]
    /// The ARN of the revision it is to run.
    package var taskDefinition = ""
    package var hasCircuitBreaker = false
    /// Newest first, at most 100.
    package var events: [Event]
    /// Target groups its tasks are registered in.
    package var targetGroups: [String]
    package var tags: [String: String]
    /// nil: its tasks have no interface of their own.
    package var network: ECSNetwork?

    package init(
        arn: String, name: String, desired: Int, running: Int, pending: Int, deployments: [Deployment] = [],
        events: [Event] = [], targetGroups: [String] = [], tags: [String: String] = [:],
        network: ECSNetwork? = nil
    ) {
        self.arn = arn
        self.name = name
        self.desired = desired
        self.running = running
        self.pending = pending
        self.deployments = deployments
        self.events = events
        self.targetGroups = targetGroups
        self.tags = tags
        self.network = network
    }

    func answers(to name: String) -> Bool { name == self.name || name == arn }

    struct Wire: Decodable {
        struct Deployment: Decodable {
            var id: String?
            var status: String?
            var rolloutState: String?
            var taskDefinition: String?
            var runningCount: Int?
            var failedTasks: Int?
        }
        struct Configuration: Decodable {
            struct Breaker: Decodable { var enable: Bool? }
            var deploymentCircuitBreaker: Breaker?
        }
        struct Event: Decodable {
            var id: String?
            var message: String?
        }
        struct Balancer: Decodable {
            var targetGroupArn: String?
        }
        struct Tag: Decodable {
            var key: String?
            var value: String?
        }
        var serviceArn: String
        var serviceName: String
        var desiredCount: Int
        var runningCount: Int
        var pendingCount: Int
        var taskDefinition: String?
        var deploymentConfiguration: Configuration?
        var deployments: [Deployment]?
        var events: [Event]?
        var loadBalancers: [Balancer]?
        var tags: [Tag]?
        var networkConfiguration: ECSNetwork.Wire?
    }

    init(_ wire: Wire) {
        var tags: [String: String] = [:]
        for tag in wire.tags ?? [] { if let key = tag.key { tags[key] = tag.value ?? "" } }
        self.init(
            arn: wire.serviceArn, name: wire.serviceName, desired: wire.desiredCount,
            running: wire.runningCount, pending: wire.pendingCount,
            deployments: (wire.deployments ?? []).map {
                Deployment(
                    id: $0.id ?? "", status: $0.status ?? "", rolloutState: $0.rolloutState ?? "",
                    taskDefinition: $0.taskDefinition ?? "", running: $0.runningCount ?? 0,
                    failedTasks: $0.failedTasks ?? 0)
            },
            events: (wire.events ?? []).map { Event(id: $0.id ?? "", message: $0.message ?? "") },
            targetGroups: (wire.loadBalancers ?? []).compactMap(\.targetGroupArn), tags: tags,
            network: wire.networkConfiguration?.awsvpcConfiguration)
        taskDefinition = wire.taskDefinition ?? ""
        hasCircuitBreaker = wire.deploymentConfiguration?.deploymentCircuitBreaker?.enable ?? false
    }
}
