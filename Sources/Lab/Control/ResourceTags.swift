struct Tag: Hashable, Sendable {
    let key: String
    let value: String
}

/// Tags of resources, by resource id or ARN.
struct ResourceTags: Sendable {
    private var rows: [String: [String: String]] = [:]

    /// What every resource of the lab carries, and its name.
    static func standard(project: String) -> [Tag] {
        [Tag(key: "Project", value: project), Tag(key: "loadchaos-lab", value: "true")]
    }

    /// By key, so that answers do not depend on hashing.
    subscript(id: String) -> [Tag] {
        (rows[id] ?? [:]).map { Tag(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }

    mutating func name(_ id: String, _ name: String?, project: String) {
        for tag in Self.standard(project: project) { set(id, tag.key, tag.value) }
        if let name { set(id, "Name", name) }
    }

    mutating func set(_ id: String, _ key: String, _ value: String) { rows[id, default: [:]][key] = value }

    /// All or none of them.
    mutating func set(_ id: String, _ tags: [Tag]) throws(NetworkError) {
        for tag in tags {
            if tag.key.isEmpty || tag.key.count > 128 {
                throw .badTag("Tag key must be between 1 and 128 characters: '\(tag.key)'")
            }
            if tag.value.count > 256 {
                throw .badTag("Tag value exceeds the maximum length of 256 characters")
            }
            if tag.key.lowercased().hasPrefix("aws:") {
                throw .badTag("Tag keys starting with 'aws:' are reserved for internal use")
            }
        }
        var row = rows[id] ?? [:]
        for tag in tags { row[tag.key] = tag.value }
        guard row.count <= 50 else { throw .tooManyTags }
        rows[id] = row
    }

    /// Removes the key; with a value, only if it has that value.
    mutating func remove(_ id: String, key: String, value: String?) {
        if let value, rows[id]?[key] != value { return }
        rows[id]?[key] = nil
    }

    mutating func removeAll(_ id: String) { rows[id] = [:] }

    mutating func forget(_ id: String) { rows[id] = nil }
}
