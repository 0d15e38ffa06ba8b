/// One revision of a task definition, whole, as it can be registered again.
package struct ECSTaskDefinition: Hashable, Sendable {
    package var arn: String
    package var family: String
    /// ACTIVE, or INACTIVE once deregistered.
    package var status: String
    /// What RegisterTaskDefinition takes; without what ECS adds by itself.
    package var content: JSONDocument
    package var tags: [String: String]

    /// Of what DescribeTaskDefinition shows, the members that RegisterTaskDefinition takes.
    static let members = [
        "family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions", "volumes",
        "placementConstraints", "requiresCompatibilities", "cpu", "memory", "pidMode", "ipcMode",
        "proxyConfiguration", "inferenceAccelerators", "ephemeralStorage", "runtimePlatform",
        "enableFaultInjection",
    ]

    /// The first essential container, and where it writes; nil if there is no container.
    package var log: ContainerLog? {
        let containers = content["containerDefinitions"]?.items ?? []
        let essential = containers.first { $0["essential"] != .bool(false) } ?? containers.first
        guard let name = essential?["name"]?.text else { return nil }
        let configuration = essential?["logConfiguration"]
        let options = configuration?["logDriver"]?.text == "awslogs" ? configuration?["options"] : nil
        return ContainerLog(
            container: name, group: options?["awslogs-group"]?.text,
            prefix: options?["awslogs-stream-prefix"]?.text)
    }

    struct Answer: Decodable {
        struct Tag: Decodable {
            var key: String?
            var value: String?
        }
        var taskDefinition: JSONDocument
        var tags: [Tag]?
    }

    init(_ answer: Answer) {
        let shown = answer.taskDefinition
        arn = shown["taskDefinitionArn"]?.text ?? ""
        family = shown["family"]?.text ?? ""
        status = shown["status"]?.text ?? ""
        var kept: [String: JSONDocument] = [:]
        for name in Self.members { kept[name] = shown[name] }
        content = .object(kept)
        tags = [:]
        for tag in answer.tags ?? [] { if let key = tag.key { tags[key] = tag.value ?? "" } }
    }
}

/// Where a container writes.
package struct ContainerLog: Hashable, Sendable {
    package var container: String
    /// nil: not to CloudWatch Logs.
    package var group: String?
    package var prefix: String?

    /// `PREFIX/CONTAINER/TASK`: how the awslogs driver names streams on Fargate.
    package func stream(of task: String) -> String? { prefix.map { "\($0)/\(container)/\(task)" } }
}

extension ECS {
    /// By `family`, `family:revision` or ARN.
    package func describeTaskDefinition(_ reference: String) async throws(AWSError) -> ECSTaskDefinition {
        struct Input: Encodable {
            var taskDefinition: String
            var include = ["TAGS"]
        }
        let answer: ECSTaskDefinition.Answer = try await call(
            "DescribeTaskDefinition", Input(taskDefinition: reference))
        return ECSTaskDefinition(answer)
    }

    /// The newest active revisions of a family, at most ten.
    package func newestTaskDefinitions(family: String) async throws(AWSError) -> [String] {
        struct Input: Encodable {
            var familyPrefix: String
            var status = "ACTIVE"
            var sort = "DESC"
            var maxResults = 10
        }
        struct Answer: Decodable { var taskDefinitionArns: [String] }
        let answer: Answer = try await call("ListTaskDefinitions", Input(familyPrefix: family))
        return answer.taskDefinitionArns
    }

    /// Returns the new revision's ARN.
    package func registerTaskDefinition(
        _ content: JSONDocument, tags: [String: String]
    ) async throws(AWSError) -> String {
        var input = content
        input["tags"] = .array(
            tags.sorted { $0.key < $1.key }.map {
                .object(["key": .string($0.key), "value": .string($0.value)])
            })
        let answer: ECSTaskDefinition.Answer = try await call("RegisterTaskDefinition", input)
        return ECSTaskDefinition(answer).arn
    }

    package func deregisterTaskDefinition(_ arn: String) async throws(AWSError) {
        struct Input: Encodable { var taskDefinition: String }
        let _: ECSTaskDefinition.Answer = try await call(
            "DeregisterTaskDefinition", Input(taskDefinition: arn))
    }

    /// Begins a deployment of the revision.
    @discardableResult
    package func updateService(
        cluster: String, service: String, taskDefinition: String
    ) async throws(AWSError) -> ECSService {
        struct Input: Encodable {
            var cluster: String
            var service: String
            var taskDefinition: String
        }
        struct Answer: Decodable { var service: ECSService.Wire }
        let answer: Answer = try await call(
            "UpdateService", Input(cluster: cluster, service: service, taskDefinition: taskDefinition))
        return ECSService(answer.service)
    }
}
