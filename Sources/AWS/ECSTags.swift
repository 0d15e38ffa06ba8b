/// The part of ECS that is tags, of services and whatever else has an ARN.
extension ECS {
    package func tagResource(_ arn: String, _ tags: [String: String]) async throws(AWSError) {
        struct Tag: Encodable {
            var key: String
            var value: String
        }
        struct Input: Encodable {
            var resourceArn: String
            var tags: [Tag]
        }
        struct Answer: Decodable {}
        let rows = tags.sorted { $0.key < $1.key }.map { Tag(key: $0.key, value: $0.value) }
        let _: Answer = try await call("TagResource", Input(resourceArn: arn, tags: rows))
    }

    /// Keys that are not there are passed over.
    package func untagResource(_ arn: String, keys: [String]) async throws(AWSError) {
        struct Input: Encodable {
            var resourceArn: String
            var tagKeys: [String]
        }
        struct Answer: Decodable {}
        let _: Answer = try await call("UntagResource", Input(resourceArn: arn, tagKeys: keys.sorted()))
    }
}
