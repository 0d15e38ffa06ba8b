/// What a service's tasks are started with.
package struct TaskPlacement: Hashable, Sendable {
    package var taskDefinition: String
    package var subnets: [String]
    package var securityGroups: [String]
    /// ENABLED or DISABLED.
    package var assignPublicIp: String
}

/// Where the first container of a task definition writes.
package struct ContainerLog: Hashable, Sendable {
    package var container: String
    /// nil: not to CloudWatch Logs.
    package var group: String?
    package var prefix: String?

    package init(container: String, group: String? = nil, prefix: String? = nil) {
        self.container = container
        self.group = group
        self.prefix = prefix
    }

    /// `PREFIX/CONTAINER/TASK`: how the awslogs driver names streams on Fargate.
    package func stream(of task: String) -> String? { prefix.map { "\($0)/\(container)/\(task)" } }
}

/// A task to be run once, with a command in place of the image's own.
package struct RunTaskOrder: Hashable, Sendable {
    package var cluster: String
    package var placement: TaskPlacement
    package var container: String
    package var command: [String]
    package var environment: [String: String]
    package var startedBy: String
    /// ECS runs one task for all calls with the same token.
    package var token: String

    package init(
        cluster: String, placement: TaskPlacement, container: String, command: [String],
        environment: [String: String], startedBy: String, token: String
    ) {
        self.cluster = cluster
        self.placement = placement
        self.container = container
        self.command = command
        self.environment = environment
        self.startedBy = startedBy
        self.token = token
    }
}

/// How a task stands, and how its first container ended.
package struct TaskOutcome: Hashable, Sendable {
    package var lastStatus: String
    package var exitCode: Int?
    /// EssentialContainerExited, TaskFailedToStart, UserInitiated…
    package var stopCode: String?
    package var stoppedReason: String?
    package var containerReason: String?

    package init(
        lastStatus: String, exitCode: Int? = nil, stopCode: String? = nil, stoppedReason: String? = nil,
        containerReason: String? = nil
    ) {
        self.lastStatus = lastStatus
        self.exitCode = exitCode
        self.stopCode = stopCode
        self.stoppedReason = stoppedReason
        self.containerReason = containerReason
    }
}

extension ECS {
    private static let target = "AmazonEC2ContainerServiceV20141113"

    struct NetworkConfiguration: Codable {
        struct AwsVpc: Codable {
            var subnets: [String]
            var securityGroups: [String]?
            var assignPublicIp: String?
        }
        var awsvpcConfiguration: AwsVpc?
    }

    /// What the service starts its tasks with now.
    package func placement(cluster: String, service: String) async throws(AWSError) -> TaskPlacement {
        struct Input: Encodable {
            var cluster: String
            var services: [String]
        }
        struct Answer: Decodable {
            struct Service: Decodable {
                var taskDefinition: String?
                var networkConfiguration: NetworkConfiguration?
            }
            var services: [Service]
        }
        let action = "DescribeServices"
        let answer: Answer = try await wire.json(
            .ecs, target: Self.target, action, Input(cluster: cluster, services: [service]))
        guard let definition = answer.services.first?.taskDefinition else {
            throw refusal(action, "ServiceNotFoundException", "\(service) is not in cluster \(cluster)")
        }
        let network = answer.services.first?.networkConfiguration?.awsvpcConfiguration
        return TaskPlacement(
            taskDefinition: definition, subnets: network?.subnets ?? [],
            securityGroups: network?.securityGroups ?? [], assignPublicIp: network?.assignPublicIp ?? "DISABLED")
    }

    /// The definition's first essential container and its log.
    package func containerLog(definition: String) async throws(AWSError) -> ContainerLog {
        struct Input: Encodable { var taskDefinition: String }
        struct Answer: Decodable {
            struct Definition: Decodable {
                struct Container: Decodable {
                    struct Log: Decodable {
                        var logDriver: String?
                        var options: [String: String]?
                    }
                    var name: String
                    var essential: Bool?
                    var logConfiguration: Log?
                }
                var containerDefinitions: [Container]
            }
            var taskDefinition: Definition
        }
        let action = "DescribeTaskDefinition"
        let answer: Answer = try await wire.json(
            .ecs, target: Self.target, action, Input(taskDefinition: definition))
        let containers = answer.taskDefinition.containerDefinitions
        guard let container = containers.first(where: { $0.essential ?? true }) ?? containers.first else {
            throw AWSError(service: "ecs", action: action, kind: .badAnswer("\(definition) has no container"))
        }
        let log = container.logConfiguration.flatMap { $0.logDriver == "awslogs" ? $0.options : nil }
        return ContainerLog(
            container: container.name, group: log?["awslogs-group"], prefix: log?["awslogs-stream-prefix"])
    }

    /// Runs one Fargate task. One that ECS cannot place is an error with ECS's reason as its code.
    package func runTask(_ order: RunTaskOrder) async throws(AWSError) -> ECSTask {
        struct Variable: Encodable {
            var name: String
            var value: String
        }
        struct Override: Encodable {
            var name: String
            var command: [String]
            var environment: [Variable]
        }
        struct Overrides: Encodable { var containerOverrides: [Override] }
        struct Input: Encodable {
            var cluster: String
            var taskDefinition: String
            var count = 1
            var launchType = "FARGATE"
            var startedBy: String
            var clientToken: String
            var networkConfiguration: NetworkConfiguration
            var overrides: Overrides
        }
        struct Failure: Decodable {
            var reason: String?
            var detail: String?
        }
        struct Answer: Decodable {
            var tasks: [ECSTask.Wire]?
            var failures: [Failure]?
        }
        let placement = order.placement
        let variables = order.environment.sorted { $0.key < $1.key }.map { Variable(name: $0.key, value: $0.value) }
        let input = Input(
            cluster: order.cluster, taskDefinition: placement.taskDefinition, startedBy: order.startedBy,
            clientToken: order.token,
            networkConfiguration: NetworkConfiguration(
                awsvpcConfiguration: .init(
                    subnets: placement.subnets, securityGroups: placement.securityGroups,
                    assignPublicIp: placement.assignPublicIp)),
            overrides: Overrides(containerOverrides: [
                Override(name: order.container, command: order.command, environment: variables)
            ]))
        let answer: Answer = try await wire.json(.ecs, target: Self.target, "RunTask", input)
        if let task = answer.tasks?.first { return ECSTask(task) }
        let failure = answer.failures?.first
        throw refusal("RunTask", failure?.reason ?? "no task", failure?.detail ?? "no task was started")
    }

    /// nil: ECS does not know the task, or not yet.
    package func outcome(cluster: String, task: String) async throws(AWSError) -> TaskOutcome? {
        struct Input: Encodable {
            var cluster: String
            var tasks: [String]
        }
        struct Answer: Decodable {
            struct Task: Decodable {
                struct Container: Decodable {
                    var exitCode: Int?
                    var reason: String?
                }
                var lastStatus: String?
                var stopCode: String?
                var stoppedReason: String?
                var containers: [Container]?
            }
            var tasks: [Task]
        }
        let answer: Answer = try await wire.json(
            .ecs, target: Self.target, "DescribeTasks", Input(cluster: cluster, tasks: [task]))
        guard let found = answer.tasks.first else { return nil }
        let container = found.containers?.first
        return TaskOutcome(
            lastStatus: found.lastStatus ?? "", exitCode: container?.exitCode, stopCode: found.stopCode,
            stoppedReason: found.stoppedReason, containerReason: container?.reason)
    }

    private func refusal(_ action: String, _ code: String, _ message: String) -> AWSError {
        AWSError(service: "ecs", action: action, kind: .refused(code: code, message: message, status: 400))
    }
}
