import Plan

/// Reads a `.system` file.
///
/// `system` is filled as far as the file can be understood, even if it has errors, so that a scenario using
/// it can look names up.
struct SystemReader {
    private let source: SourceFile
    private var diagnostics: Diagnostics
    private var sections = Sections()
    /// No check is blamed for a hop that could not be read.
    private var areHopsKnown = true
    private(set) var system = System(
        name: "the system", region: "", zones: [], cluster: "", balancer: "", balancedService: "",
        services: [])

    static let examples = [
        "system": "system \"ecs-microservices\"", "region": "region ap-south-1",
        "zones": "zones ap-south-1a, ap-south-1b", "cluster": "cluster ecs-microservices-cluster",
        "balancer": "balancer ecs-microservices-alb in front of nginx",
        "database": "database ecs-microservices-db",
        "guard": GuardReader.example, "services": ServiceReader.example, "hops": HopReader.example,
        "promises": PromiseReader.example, "costs": CostReader.example,
    ]

    init(_ text: String, file: String) {
        (source, diagnostics) = SourceFile.read(text, file: file)
    }

    var findings: [Finding] { diagnostics.sorted }
    var isValid: Bool { diagnostics.errors == 0 }

    mutating func read() {
        if source.outline.sections.isEmpty { return }
        sections = source.sections(of: .system, &diagnostics)
        for name in ["system", "region", "zones", "cluster", "balancer", "services"]
        where sections.isMissing(name) {
            diagnostics.add(
                StructureProblem.missingSection(name, of: .system, example: Self.examples[name] ?? name))
        }
        line("system") { cursor throws(Complaint) in
            try cursor.string("a name")
        } keep: {
            $0.name = $1.value
        }
        line("region") { cursor throws(Complaint) in
            try cursor.name("the name of a region")
        } keep: {
            $0.region = $1.value
        }
        line("cluster") { cursor throws(Complaint) in
            try cursor.name("the name of a cluster")
        } keep: {
            $0.cluster = $1.value
        }
        line("database") { cursor throws(Complaint) in
            try cursor.name("the name of a database")
        } keep: {
            $0.database = $1.value
        }
        readZones()
        readServices()
        readBalancer()
        readGuard()
        readHops()
        readPromises()
        readCosts()
    }

    /// A section of one line. Nothing is kept of one with an error.
    private mutating func line<Value>(
        _ name: String, _ read: (inout Cursor) throws(Complaint) -> Value, keep: (inout System, Value) -> Void
    ) {
        guard let section = sections[name], !section.head.isBroken else { return }
        var cursor = section.line(shape: Self.examples[name] ?? name, &diagnostics)
        do throws(Complaint) {
            let value = try read(&cursor)
            try cursor.finish()
            keep(&system, value)
        } catch {
            diagnostics.add(error)
        }
    }

    private mutating func readZones() {
        var zones: [Token] = []
        line("zones") { cursor throws(Complaint) -> [Token] in
            try cursor.names("the name of a zone")
        } keep: { system, tokens in
            zones = tokens
            system.zones = tokens.map(\.value)
        }
        diagnostics.reportRepeats(zones, kind: "zone")
    }

    private mutating func readServices() {
        guard let section = sections["services"] else { return }
        section.checkBlock(example: ServiceReader.example, &diagnostics)
        for statement in section.statements where !statement.isBroken {
            var reader = ServiceReader(statement)
            system.services.append(reader.read(&diagnostics))
        }
        diagnostics.reportRepeats(section.statements.map(\.first), kind: "service")
    }

    private mutating func readBalancer() {
        var service: Token?
        line("balancer") { cursor throws(Complaint) -> (Token, Token) in
            let name = try cursor.name("the name of a load balancer")
            try cursor.keyword("in")
            try cursor.keyword("front")
            try cursor.keyword("of")
            return (name, try cursor.name("the name of a service"))
        } keep: { system, tokens in
            system.balancer = tokens.0.value
            system.balancedService = tokens.1.value
            service = tokens.1
        }
        if let service { look(up: service) }
    }

    private mutating func readGuard() {
        guard let section = sections["guard"] else { return }
        section.checkBlock(example: GuardReader.example, &diagnostics)
        var seen: Set<String> = []
        for statement in section.statements where !statement.isBroken {
            do throws(Complaint) {
                try GuardReader.read(statement, into: &system.guardrail, &seen)
            } catch {
                diagnostics.add(error)
            }
        }
    }

    private mutating func readHops() {
        areHopsKnown = !sections.suspects.contains("hops")
        guard let section = sections["hops"] else { return }
        section.checkBlock(example: HopReader.example, &diagnostics)
        var lines: [String: Int] = [:]
        for statement in section.statements {
            guard !statement.isBroken else {
                areHopsKnown = false
                continue
            }
            do throws(Complaint) {
                let (hop, name) = try HopReader.read(statement)
                if let line = lines[hop.name] {
                    diagnostics.add(
                        NameProblem.twice(kind: "hop", hop.name, firstLine: line), at: name.span)
                }
                lines[hop.name] = name.span.line
                system.hops.append(hop)
            } catch {
                diagnostics.add(error)
                areHopsKnown = false
            }
        }
    }

    private mutating func readPromises() {
        guard let section = sections["promises"] else { return }
        section.checkBlock(example: PromiseReader.example, &diagnostics)
        var allNamed = true
        for statement in section.statements {
            var reader = PromiseReader(statement)
            guard !statement.isBroken, let promise = reader.read(&diagnostics) else {
                allNamed = false
                continue
            }
            system.promises.append(promise)
            for service in reader.services { look(up: service) }
            for hop in reader.hops where areHopsKnown { diagnostics.look(up: hop, system) }
        }
        // With one of them unnamed, a scenario that keeps it is not told that it does not exist.
        if !allNamed { system.promises = [] }
        diagnostics.reportRepeats(
            section.statements.map(\.first).filter { $0.kind == .string }, kind: "promise")
    }

    private mutating func readCosts() {
        guard let section = sections["costs"] else { return }
        section.checkBlock(example: CostReader.example, &diagnostics)
        for statement in section.statements where !statement.isBroken {
            do throws(Complaint) {
                system.costs.append(try CostReader.read(statement))
            } catch {
                diagnostics.add(error)
            }
        }
        diagnostics.reportRepeats(
            section.statements.map(\.first).filter { $0.kind == .string }, kind: "cost")
    }

    private mutating func look(up service: Token) {
        let known = system.services.map(\.name)
        if known.isEmpty || known.contains(service.value) { return }
        diagnostics.add(
            NameProblem.unknown(kind: "service", service.value, known: known, system: system.name),
            at: service.span)
    }
}
