extension ScriptedAWSCloud.State {
    /// All that a fault may change and has to give back, a line each. What AWS does by itself is left out: which tasks
    /// there are, where the database is, the ids of associations.
    package var settled: String {
        var lines = subnets.map { "\($0.key) is on \($0.value.acl)" }
        lines += acls.map { "\($0.key) has the tags \($0.value.sorted { $0.key < $1.key })" }
        lines += desired.map { "\($0.key) wants \($0.value)" }
        lines += placements.map { "\($0.key) is placed in \($0.value.sorted())" }
        lines += scalableTargets.map { "\($0.key) is scaled: \($0.value)" }
        lines += routes.tables.map { "\($0.key) leads to \($0.value.gateway ?? "nowhere")" }
        lines += (serviceTags.map { ($0.key, $0.value) } + routes.tags.map { ($0.key, $0.value) }).map {
            "\($0) has the tags \($1.sorted { $0.key < $1.key })"
        }
        lines += commands.filter { $0.status == "InProgress" }.map { "\($0.id) runs" }
        lines += tasks.filter { $0.startedBy != nil && $0.lastStatus == "RUNNING" }.map {
            "\($0.id) runs by hand"
        }
        lines += revisions.all.filter(\.isActive).map { "\($0.arn) is active" }
        lines += revisions.current.map { "\($0.key) is on \($0.value)" }
        return lines.sorted().joined(separator: "\n")
    }
}
