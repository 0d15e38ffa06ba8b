/// A name that must be known, and is not; or one that is given twice.
enum NameProblem: Problem {
    case unknown(kind: String, String, known: [String], system: String)
    case twice(kind: String, String, firstLine: Int)
    /// Something that only a system file can tell.
    case needsSystem(String)
    case notWord(String, String)
}

extension NameProblem {
    var message: String {
        switch self {
        case .unknown(let kind, let name, _, let system): "\(system) has no \(kind) `\(name)`"
        case .twice(let kind, let name, _): "a second \(kind) `\(name)`"
        case .needsSystem(let what): "\(what) cannot be looked up: the scenario uses no system"
        case .notWord(let what, let text): "`\(text)` is not \(what)"
        }
    }

    var note: String? {
        if case .twice(_, _, let line) = self { return "the first is on line \(line)" }
        return nil
    }

    var help: String? {
        switch self {
        case .unknown(let kind, let name, let known, _):
            if let near = Suggestion.nearest(to: name, among: known) {
                "did you mean `\(near)`?"
            } else {
                "\(kind)s: \(known.joined(separator: kind == "promise" ? "; " : ", "))"
            }
        case .twice: "leave one of them, or rename it"
        case .needsSystem: "add a line such as: use \"ecs-microservices.system\""
        case .notWord: nil
        }
    }
}

extension Diagnostics {
    /// Complains about every name that stands there a second time.
    mutating func reportRepeats(_ names: [Token], kind: String) {
        var lines: [String: Int] = [:]
        for name in names {
            if let line = lines[name.value] {
                add(NameProblem.twice(kind: kind, name.value, firstLine: line), at: name.span)
            } else {
                lines[name.value] = name.span.line
            }
        }
    }
}
