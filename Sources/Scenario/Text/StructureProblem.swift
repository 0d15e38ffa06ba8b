/// What is wrong with the sections of a file.
enum StructureProblem: Problem {
    /// An indented line above every section.
    case outsideSection(String)
    case strayIndent(found: Int, expected: Int)
    /// `of` says what kind of file it stands in; `home` is the section it would belong to, were it indented.
    case unknownSection(String, of: FileKind, home: String?)
    case duplicateSection(String, firstLine: Int)
    case emptySection(String, example: String)
    case missingSection(String, of: FileKind, example: String)
    /// `load 80/s`: something after a word that stands alone.
    case crowdedHead(section: String, String)
    /// Statements under a line that takes none.
    case indentedUnder(String)
    case duplicateClause(String)
    case missingClause(String, of: String, example: String)
    case outOfRange(what: String, value: String, low: String, high: String)
}

/// What a file describes; it shows in the ending of its name.
enum FileKind: String {
    case scenario, system

    var sections: [String] {
        switch self {
        case .scenario:
            [
                "scenario", "use", "speed", "tags", "load", "data", "requests", "chaos", "probes", "stop",
                "expect",
            ]
        case .system:
            [
                "system", "region", "zones", "cluster", "balancer", "database", "guard", "services",
                "hops", "promises", "costs",
            ]
        }
    }
}

extension StructureProblem {
    var message: String {
        switch self {
        case .outsideSection(let word): "`\(word)` is indented, but no section has begun"
        case .strayIndent(let found, let expected):
            "indented by \(found), where this section's statements are indented by \(expected)"
        case .unknownSection(let word, _, let home?):
            "`\(word)` is a statement of `\(home)`, and is not indented"
        case .unknownSection(let word, let kind, nil): "a \(kind.rawValue) has no section `\(word)`"
        case .duplicateSection(let name, _): "a second `\(name)`"
        case .emptySection(let name, _): "`\(name)` is empty"
        case .missingSection("scenario", _, _): "the scenario has no title"
        case .missingSection("system", _, _): "the system has no name"
        case .missingSection(let name, let kind, _): "the \(kind.rawValue) has no `\(name)`"
        case .crowdedHead(let section, let word): "`\(word)` stands on the line of `\(section)`"
        case .indentedUnder(let name): "nothing is indented under `\(name)`"
        case .duplicateClause(let name): "a second `\(name)` in one statement"
        case .missingClause(let clause, let owner, _): "\(owner) has no `\(clause)`"
        case .outOfRange(let what, let value, let low, let high):
            "\(what) is \(value); it can be \(low) to \(high)"
        }
    }

    var note: String? {
        if case .duplicateSection(_, let line) = self { return "the first is on line \(line)" }
        return nil
    }

    var help: String? {
        switch self {
        case .outsideSection: "begin the section above it with an unindented word such as `load`"
        case .strayIndent(_, let expected):
            "indent by \(expected) for a new statement, deeper to continue the last one"
        case .unknownSection(_, _, let home?): "move it under `\(home)` and indent it by four spaces"
        case .unknownSection(let word, let kind, nil):
            Suggestion.help(for: word, among: kind.sections, calling: "sections")
        case .duplicateSection(let name, _):
            [
                "load", "requests", "chaos", "probes", "stop", "expect", "guard", "services", "hops",
                "promises",
                "costs",
            ].contains(name)
                ? "put its statements under the first one" : "leave one of them"
        case .missingSection(let name, _, let example):
            example.hasPrefix(name)
                ? "for example: \(example)" : "for example: \(name), and indented below it: \(example)"
        case .emptySection(_, let example), .missingClause(_, _, let example):
            "for example: \(example)"
        case .crowdedHead(let section, _): "statements stand indented on the lines below `\(section)`"
        case .indentedUnder: "begin a section for it, or put it on the line itself"
        case .duplicateClause: "leave one of them"
        case .outOfRange: nil
        }
    }
}
