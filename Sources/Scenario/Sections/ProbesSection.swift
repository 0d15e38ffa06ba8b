import Plan

/// A probe with the tokens that a later check may have to point at.
struct ProbeDraft {
    var probe: Probe
    var name: Token
    var timeSpan: Span
    /// Must exist in the system.
    var service: Token?
}

/// `probes`: commands with an answer, when and where each runs.
struct ProbesSection {
    private(set) var probes: [ProbeDraft] = []
    private(set) var isBroken = false

    static let example = "\"redis operations\"  at 1m  in redis  run \"redis-benchmark -q -t get\""

    init(_ section: Section, _ diagnostics: inout Diagnostics) {
        let before = diagnostics.errors
        var lines: [String: Int] = [:]
        for statement in section.statements where !statement.isBroken {
            var reader = ProbeReader(statement)
            guard let draft = reader.read(&diagnostics) else { continue }
            if let first = lines[draft.probe.name] {
                diagnostics.add(
                    NameProblem.twice(kind: "probe", draft.name.text, firstLine: first), at: draft.name.span)
            } else {
                lines[draft.probe.name] = draft.name.span.line
                probes.append(draft)
            }
        }
        isBroken = diagnostics.errors > before || section.isSuspect
    }
}

/// Reads one probe: its name, and clauses in any order. A bad clause does not hide the next one.
struct ProbeReader {
    private var cursor: Cursor
    private let name: Token
    private var spans: [String: Span] = [:]
    private var at: Nanoseconds?
    private var service: Token?
    private var group: Token?
    private var command: String?
    private var timeout: Nanoseconds?

    static let clauses = ["at", "in", "with", "timeout", "run", "shell"]

    init(_ statement: Statement) {
        name = statement.first
        cursor = Cursor(statement, shape: ProbesSection.example, skipping: 1)
    }

    /// nil if the probe cannot be understood; then that has been reported.
    mutating func read(_ diagnostics: inout Diagnostics) -> ProbeDraft? {
        guard name.kind == .string else {
            diagnostics.add(WordProblem.unquoted(name.text, expected: "the name of a probe"), at: name.span)
            return nil
        }
        let before = diagnostics.errors
        if name.value.allSatisfy(\.isWhitespace) {
            diagnostics.add(NameProblem.notWord("the name of a probe", name.text), at: name.span)
        }
        while let token = cursor.next() {
            do throws(Complaint) {
                guard token.kind == .word, Self.clauses.contains(token.text) else {
                    throw cursor.unexpected(token, expected: "a clause of the probe", among: Self.clauses)
                }
                if spans[token.text] != nil {
                    diagnostics.add(StructureProblem.duplicateClause(token.text), at: token.span)
                }
                spans[token.text] = token.span
                try clause(token.text)
            } catch {
                diagnostics.add(error)
                cursor.skip(to: Self.clauses)
            }
        }
        if diagnostics.errors == before { checkClauses(&diagnostics) }
        guard diagnostics.errors == before, let at, let command else { return nil }
        let place: Probe.Place = service.map { .task(of: $0.value, group: group?.value) } ?? .harness
        return ProbeDraft(
            probe: Probe(name: name.value, at: at, place: place, command: command, timeout: timeout),
            name: name, timeSpan: spans["at"] ?? name.span, service: service)
    }

    private mutating func clause(_ clause: String) throws(Complaint) {
        defer { cursor.shape = ProbesSection.example }
        switch clause {
        case "at":
            spans["at"] = cursor.here
            at = try cursor.duration("the time of the probe", positive: false)
        case "in": service = try cursor.name("the name of a service")
        case "with":
            cursor.shape = "in nginx  with group ecs-microservices-alb-sg  run \"…\""
            try cursor.keyword("group")
            group = try cursor.name("the name of a security group")
        case "timeout": timeout = try cursor.duration("the timeout")
        default:
            cursor.shape = "\(clause) \"a command of the shell\""
            let token = try cursor.string("a command")
            guard !token.value.allSatisfy(\.isWhitespace) else {
                throw Complaint(ProbeProblem.emptyCommand, at: token.span)
            }
            command = token.value
        }
    }

    /// What must stand together, and what cannot.
    private func checkClauses(_ diagnostics: inout Diagnostics) {
        if spans["at"] == nil {
            diagnostics.add(
                StructureProblem.missingClause("at", of: "probe \(name.text)", example: "at 1m"),
                at: name.span)
        }
        switch (spans["run"], spans["shell"]) {
        case (nil, nil):
            diagnostics.add(
                StructureProblem.missingClause(
                    service == nil ? "shell" : "run", of: "probe \(name.text)",
                    example: service == nil ? "shell \"./check.sh\"" : "run \"redis-cli ping\""),
                at: name.span)
        case (let run?, nil):
            if service == nil { diagnostics.add(ProbeProblem.runNowhere, at: run) }
        case (nil, let shell?):
            if let service { diagnostics.add(ProbeProblem.shellInTask(service.text), at: shell) }
        case (let run?, let shell?):
            diagnostics.add(ProbeProblem.twoCommands, at: run.column > shell.column ? run : shell)
        }
        if let group, service == nil { diagnostics.add(ProbeProblem.groupNowhere, at: group.span) }
    }
}

/// What is wrong with a probe.
enum ProbeProblem: Problem {
    case emptyCommand
    case runNowhere
    case shellInTask(String)
    case twoCommands
    case groupNowhere
    case afterLoad(at: Nanoseconds, load: Nanoseconds)
    case unknown(String, planned: [String])
    /// A promise looks at a probe that the scenario does not plan.
    case promised(promise: String, probe: String)
}

extension ProbeProblem {
    var message: String {
        switch self {
        case .emptyCommand: "the command is empty"
        case .runNowhere: "`run` does not say in which service's task"
        case .shellInTask(let service): "`shell` runs on this machine, not in a task of `\(service)`"
        case .twoCommands: "a probe has one command, and this is its second"
        case .groupNowhere: "a security group is for a probe that runs in a task"
        case .afterLoad(let at, let load): "the probe comes at \(at), and the load ends at \(load)"
        case .unknown(let name, _): "no probe is called \"\(name)\""
        case .promised(let promise, let probe):
            "\"\(promise)\" looks at the probe \"\(probe)\", and no such probe is planned"
        }
    }

    var note: String? {
        switch self {
        case .afterLoad: "a probe asks the system while it is under load"
        default: nil
        }
    }

    var help: String? {
        switch self {
        case .emptyCommand: "for example: shell \"./check.sh\""
        case .runNowhere: "for example: in redis  run \"redis-cli ping\"; on this machine it is `shell`"
        case .shellInTask: "use `run` for a command in a task, or leave the `in` out"
        case .twoCommands: "make two probes of it, or join them with &&"
        case .groupNowhere: "say in which service's task, as in: in nginx  with group …"
        case .afterLoad: "make the load longer, or the probe earlier"
        case .unknown(let name, let planned):
            if planned.isEmpty {
                "no probe is planned: add a `probes` section"
            } else if let near = Suggestion.nearest(to: name, among: planned) {
                "did you mean \"\(near)\"?"
            } else {
                "probes: \(planned.map { "\"\($0)\"" }.joined(separator: ", "))"
            }
        case .promised(_, let probe):
            "plan a probe called \"\(probe)\", or leave this promise to another scenario"
        }
    }
}
