struct Tag: Hashable, Sendable {
    let key: String
    let value: String
}

/// The tags of one resource, within AWS's limits.
struct TagSet: Hashable, Sendable {
    private var rows: [String: String] = [:]

    init(_ tags: [Tag] = []) { for tag in tags { rows[tag.key] = tag.value } }

    /// By key, so that answers do not depend on hashing.
    var all: [Tag] { rows.map { Tag(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key } }

    /// All or none of them.
    mutating func set(_ tags: [Tag]) throws(NetworkError) {
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
        var changed = rows
        for tag in tags { changed[tag.key] = tag.value }
        guard changed.count <= 50 else { throw .tooManyTags }
        rows = changed
    }

    /// Removes the key; with a value, only if it has that value.
    mutating func remove(key: String, value: String? = nil) {
        if let value, rows[key] != value { return }
        rows[key] = nil
    }
}

/// Tags of resources, by resource id.
struct ResourceTags: Sendable {
    private var sets: [String: TagSet] = [:]

    /// What every resource of the lab carries, and its name.
    static func standard(project: String) -> [Tag] {
        [Tag(key: "Project", value: project), Tag(key: "loadchaos-lab", value: "true")]
    }

    subscript(id: String) -> [Tag] { sets[id]?.all ?? [] }

    mutating func name(_ id: String, _ name: String?, project: String) {
        let own = Self.standard(project: project) + (name.map { [Tag(key: "Name", value: $0)] } ?? [])
        sets[id] = TagSet(self[id] + own)
    }

    mutating func set(_ id: String, _ key: String, _ value: String) {
        sets[id] = TagSet(self[id] + [Tag(key: key, value: value)])
    }

    /// All or none of them.
    mutating func set(_ id: String, _ tags: [Tag]) throws(NetworkError) {
        try sets[id, default: TagSet()].set(tags)
    }

    /// Removes the key; with a value, only if it has that value.
    mutating func remove(_ id: String, key: String, value: String?) {
        sets[id]?.remove(key: key, value: value)
    }

    mutating func removeAll(_ id: String) { sets[id] = TagSet() }

    mutating func forget(_ id: String) { sets[id] = nil }
}
