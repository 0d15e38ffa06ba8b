/// The part of EC2 that is tags, of whatever has an id.
extension EC2 {
    package func createTags(_ id: String, _ tags: [String: String]) async throws(AWSError) {
        var form = form("CreateTags")
        form.add("ResourceId.1", id)
        form.add(tags: tags.sorted { $0.key < $1.key }, under: "Tag")
        _ = try await call("CreateTags", form)
    }

    /// Keys that are not there are passed over.
    package func deleteTags(_ id: String, keys: [String]) async throws(AWSError) {
        var form = form("DeleteTags")
        form.add("ResourceId.1", id)
        for (position, key) in keys.sorted().enumerated() { form.add("Tag.\(position + 1).Key", key) }
        _ = try await call("DeleteTags", form)
    }
}
