/// Elastic Container Service: services, their tasks, and stopping one.
package struct ECS: Sendable {
    let wire: Wire

    /// DescribeServices takes 10 at once, DescribeTasks and ListTasks 100.
    static let servicesMax = 10
    static let tasksMax = 100

    func call<Answer: Decodable>(
        _ action: String, _ input: some Encodable & Sendable
    ) async throws(AWSError) -> Answer {
        try await wire.json(.ecs, target: "AmazonEC2ContainerServiceV20141113", action, input)
    }

    /// In the order asked for. A service that is not there is an error, `ServiceNotFoundException`.
    package func describeServices(
        cluster: String, _ names: [String]
    ) async throws(AWSError) -> [ECSService] {
        struct Input: Encodable {
            var cluster: String
            var services: [String]
            var include = ["TAGS"]
        }
        struct Failure: Decodable {
            var arn: String?
            var reason: String?
        }
        struct Answer: Decodable {
            var services: [ECSService.Wire]
            var failures: [Failure]?
        }
        var found: [ECSService] = []
        for chunk in names.chunks(of: Self.servicesMax) {
            let answer: Answer = try await call("DescribeServices", Input(cluster: cluster, services: chunk))
            if let failure = answer.failures?.first {
                throw AWSError(
                    service: "ecs", action: "DescribeServices",
                    kind: .refused(
                        code: "ServiceNotFoundException",
                        message:
                            "\(failure.arn ?? "service"): \(failure.reason ?? "not found") in cluster \(cluster)",
                        status: 400))
            }
            found += answer.services.map(ECSService.init)
        }
        return found.sorted { a, b in
            (names.firstIndex { a.answers(to: $0) } ?? .max)
                < (names.firstIndex { b.answers(to: $0) } ?? .max)
        }
    }

    /// ARNs of the tasks that are wanted: `desiredStatus` RUNNING.
    ///
    /// An endpoint may ignore the service's name (moto does): compare `ECSTask.service` before acting on one.
    package func listTasks(cluster: String, service: String? = nil) async throws(AWSError) -> [String] {
        struct Input: Encodable {
            var cluster: String
            var serviceName: String?
            var desiredStatus = "RUNNING"
            var maxResults = ECS.tasksMax
            var nextToken: String?
        }
        struct Answer: Decodable {
            var taskArns: [String]
            var nextToken: String?
        }
        var input = Input(cluster: cluster, serviceName: service)
        var arns: [String] = []
        repeat {
            let answer: Answer = try await call("ListTasks", input)
            arns += answer.taskArns
            input.nextToken = answer.nextToken
        } while input.nextToken != nil
        return arns
    }

    /// Tasks that ECS has forgotten, about an hour after their end, are left out.
    package func describeTasks(cluster: String, _ ids: [String]) async throws(AWSError) -> [ECSTask] {
        struct Input: Encodable {
            var cluster: String
            var tasks: [String]
        }
        struct Answer: Decodable {
            var tasks: [ECSTask.Wire]
        }
        var found: [ECSTask] = []
        for chunk in ids.chunks(of: Self.tasksMax) {
            let answer: Answer = try await call("DescribeTasks", Input(cluster: cluster, tasks: chunk))
            found += answer.tasks.map(ECSTask.init)
        }
        return found
    }

    /// Both steps, and only tasks that really belong to the service, sorted by ARN.
    package func tasks(cluster: String, service: String) async throws(AWSError) -> [ECSTask] {
        let arns = try await listTasks(cluster: cluster, service: service)
        return try await describeTasks(cluster: cluster, arns)
            .filter { $0.service == service }.sorted { $0.arn < $1.arn }
    }

    /// SIGTERM, and SIGKILL after the task's stopTimeout. ECS replaces it if it belongs to a service.
    @discardableResult
    package func stopTask(cluster: String, task: String, reason: String) async throws(AWSError) -> ECSTask {
        struct Input: Encodable {
            var cluster: String
            var task: String
            var reason: String
        }
        struct Answer: Decodable {
            var task: ECSTask.Wire
        }
        let answer: Answer = try await call("StopTask", Input(cluster: cluster, task: task, reason: reason))
        return ECSTask(answer.task)
    }

    @discardableResult
    package func updateService(
        cluster: String, service: String, desiredCount: Int
    ) async throws(AWSError) -> ECSService {
        struct Input: Encodable {
            var cluster: String
            var service: String
            var desiredCount: Int
        }
        struct Answer: Decodable {
            var service: ECSService.Wire
        }
        let input = Input(cluster: cluster, service: service, desiredCount: desiredCount)
        let answer: Answer = try await call("UpdateService", input)
        return ECSService(answer.service)
    }
}

extension Array {
    /// Pieces of at most `size`, in order.
    func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
