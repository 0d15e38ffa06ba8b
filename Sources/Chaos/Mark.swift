import AWS

/// A resource that carries a debt as tags for as long as it is owed.
package enum Mark: Hashable, Codable, Sendable, CustomStringConvertible {
    /// An ECS service, by its ARN.
    case service(String)
    /// What EC2 has an id for: a route table.
    case network(String)

    package var description: String {
        switch self {
        case .service(let arn): arn
        case .network(let id): id
        }
    }

    func set(_ tags: [String: String], on platform: AWSPlatform) async throws(AWSError) {
        switch self {
        case .service(let arn): try await platform.ecs.tagResource(arn, tags)
        case .network(let id): try await platform.ec2.createTags(id, tags)
        }
    }

    func remove(_ keys: [String], on platform: AWSPlatform) async throws(AWSError) {
        switch self {
        case .service(let arn): try await platform.ecs.untagResource(arn, keys: keys)
        case .network(let id): try await platform.ec2.deleteTags(id, keys: keys)
        }
    }

    /// The mutating call, for people.
    var call: String {
        switch self {
        case .service(let arn): "ecs TagResource \(arn): what is to be undone"
        case .network(let id): "ec2 CreateTags \(id): what is to be undone"
        }
    }

    /// The AWS CLI's command that removes the tags.
    func command(removing keys: [String], on platform: AWSPlatform) -> String {
        switch self {
        case .service(let arn):
            "\(platform.command("ecs")) untag-resource --resource-arn \(arn) --tag-keys "
                + keys.joined(separator: " ")
        case .network(let id):
            "\(platform.command("ec2")) delete-tags --resources \(id) --tags "
                + keys.map { "Key=\($0)" }.joined(separator: " ")
        }
    }
}
