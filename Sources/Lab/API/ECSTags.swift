/// Tags of the cluster, services, tasks and task definitions. The lab changes those of services.
extension ECS {
    func listTags(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let arn = try resource(given)
        let state = await control.state
        if let service = service(arn, in: state) {
            return ["tags": shapes(state, include: ["TAGS"]).tags(of: service)]
        }
        if arn.contains(":task-definition/"), let definition = state.definitions.find(arn),
            names.taskDefinition(definition.id) == arn
        {
            return ["tags": ECSShapes.tags(definition.tags)]
        }
        guard ([names.cluster] + state.tasks.map { names.task($0.id) }).contains(arn) else {
            throw Self.unknown(arn)
        }
        return ["tags": shapes(state, include: nil).tags]
    }

    func tagResource(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        var added: [Tag] = []
        for row in try given.objects("tags") ?? [] {
            guard let key = try row.string("key") else { throw Self.invalid("A tag needs a key.") }
            added.append(Tag(key: key, value: try row.string("value") ?? ""))
        }
        return try await change(given) { [added] tags throws(NetworkError) in try tags.set(added) }
    }

    func untagResource(_ given: JSONParameters) async throws(APIError) -> JSONValue {
        let keys = try given.strings("tagKeys") ?? []
        return try await change(given) { tags in
            for key in keys { tags.remove(key: key) }
        }
    }

    private func change(
        _ given: JSONParameters, _ change: @Sendable (inout TagSet) throws(NetworkError) -> Void
    ) async throws(APIError) -> JSONValue {
        let arn = try resource(given)
        guard let service = service(arn, in: await control.state) else { throw Self.unknown(arn) }
        let isThere: Bool
        do { isThere = try await control.changeTags(of: service.name, change) } catch {
            throw Self.invalid(error.asAPIError.message)
        }
        guard isThere else { throw Self.unknown(arn) }
        return [:]
    }

    private func resource(_ given: JSONParameters) throws(APIError) -> String {
        guard let arn = try given.string("resourceArn") else {
            throw Self.invalid("resourceArn is required.")
        }
        return arn
    }

    private func service(_ arn: String, in state: ClusterState) -> ECSService? {
        state.services.first { names.service($0.name) == arn }
    }

    private static func unknown(_ arn: String) -> APIError {
        invalid("The specified resource was not found: \(arn)")
    }
}
