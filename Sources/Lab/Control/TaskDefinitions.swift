/// Every task definition registered so far, by family; a family's revisions count from 1 and are never reused.
struct TaskDefinitions: Sendable {
    private var families: [String: [TaskDefinition]] = [:]

    subscript(id: RevisionID) -> TaskDefinition? {
        let revisions = families[id.family] ?? []
        return revisions.indices.contains(id.number - 1) ? revisions[id.number - 1] : nil
    }

    /// In order of family, then revision.
    var all: [TaskDefinition] { families.keys.sorted().flatMap { families[$0] ?? [] } }

    var familyNames: [String] { families.keys.sorted() }

    func revisions(of family: String) -> [TaskDefinition] { families[family] ?? [] }

    /// `family` means its newest active revision; `family:number` and an ARN name one.
    func find(_ reference: String) -> TaskDefinition? {
        let name = reference.split(separator: "/").last.map(String.init) ?? reference
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        guard let family = parts.first else { return nil }
        guard parts.count == 2 else { return revisions(of: family).last(where: \.isActive) }
        return Int(parts[1]).flatMap { self[RevisionID(family: family, number: $0)] }
    }

    /// Gives it the family's next number.
    mutating func register(_ definition: TaskDefinition) -> TaskDefinition {
        var definition = definition
        let family = definition.id.family
        definition.id = RevisionID(family: family, number: revisions(of: family).count + 1)
        families[family, default: []].append(definition)
        return definition
    }

    mutating func deregister(_ id: RevisionID, at now: Duration) -> TaskDefinition? {
        guard self[id] != nil else { return nil }
        if self[id]?.isActive == true { families[id.family]?[id.number - 1].deregisteredAt = now }
        return self[id]
    }

    mutating func tag(_ id: RevisionID, _ tags: [Tag]) {
        guard self[id] != nil else { return }
        families[id.family]?[id.number - 1].tags = tags
    }
}

/// The task sizes Fargate sells ("Task size" in the ECS developer guide), up to 4 vCPU.
enum FargateSize {
    static func exists(cpu: Int, memory: Int) -> Bool {
        switch cpu {
        case 256: [512, 1024, 2048].contains(memory)
        case 512: memory % 1024 == 0 && (1024...4096).contains(memory)
        case 1024: memory % 1024 == 0 && (2048...8192).contains(memory)
        case 2048: memory % 1024 == 0 && (4096...16384).contains(memory)
        case 4096: memory % 1024 == 0 && (8192...30720).contains(memory)
        default: false
        }
    }
}
