/// A task to be run once, with a command in place of the image's own.
package struct RunTaskOrder: Hashable, Sendable {
    package var cluster: String
    package var taskDefinition: String
    package var network: ECSNetwork
    package var container: String
    package var command: [String]
    package var environment: [String: String]
    package var startedBy: String
    /// ECS runs one task for all calls with the same token.
    package var token: String

    package init(
        cluster: String, taskDefinition: String, network: ECSNetwork, container: String, command: [String],
        environment: [String: String], startedBy: String, token: String
    ) {
        self.cluster = cluster
        self.taskDefinition = taskDefinition
        self.network = network
        self.container = container
        self.command = command
        self.environment = environment
        self.startedBy = startedBy
        self.token = token
    }

    /// What tells a run's tasks from others': as `startedBy`, of which ECS takes letters, digits, `-`, `/` and `_`, at
    /// most 128. `purpose` sets those of one run apart.
    package static func starter(run: String, purpose: String? = nil) -> String {
        let safe = run.unicodeScalars.map {
            $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0) ? $0 : "-"
        }
        let ours = "loadchaos/\(String(String.UnicodeScalarView(safe.prefix(100))))"
        return purpose.map { "\(ours)/\($0)" } ?? ours
    }
}

extension ECS {
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
            var networkConfiguration: ECSNetwork.Wire
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
        let variables = order.environment.sorted { $0.key < $1.key }.map {
            Variable(name: $0.key, value: $0.value)
        }
        let answer: Answer = try await call(
            "RunTask",
            Input(
                cluster: order.cluster, taskDefinition: order.taskDefinition, startedBy: order.startedBy,
                clientToken: order.token,
                networkConfiguration: ECSNetwork.Wire(awsvpcConfiguration: order.network),
                overrides: Overrides(containerOverrides: [
                    Override(name: order.container, command: order.command, environment: variables)
                ])))
        if let task = answer.tasks?.first { return ECSTask(task) }
        let failure = answer.failures?.first
        throw AWSError(
            service: "ecs", action: "RunTask",
            kind: .refused(
                code: failure?.reason ?? "no task", message: failure?.detail ?? "no task was started",
                status: 400))
    }
}
