import Plan

/// The text of one file, cut into sections, with what is wrong with its characters already reported.
struct SourceFile {
    let outline: Outline

    /// Reads `text` to its end; findings go to `diagnostics`, which is made here because it needs the lines.
    static func read(_ text: String, file: String) -> (file: SourceFile, diagnostics: Diagnostics) {
        let lexer = Lexer(text)
        var diagnostics = Diagnostics(file: file, lines: lexer.lines)
        for complaint in lexer.complaints { diagnostics.add(complaint) }
        if let first = lexer.tabs.first {
            diagnostics.add(TextProblem.tabs(lines: lexer.tabs.count), at: first)
        }
        if let first = lexer.carriageReturns.first {
            diagnostics.add(
                TextProblem.carriageReturns(lines: lexer.carriageReturns.count), at: first, severity: .warning
            )
        }
        if lexer.lines.allSatisfy(\.tokens.isEmpty) {
            diagnostics.add(lexer.lines.allSatisfy(\.isBlank) ? TextProblem.empty : .commentsOnly)
        }
        let outline = Outline(lexer.lines, &diagnostics)
        return (SourceFile(outline: outline), diagnostics)
    }

    /// The sections by name, each once, or once for each label; unknown and repeated ones are reported.
    func sections(of kind: FileKind, _ diagnostics: inout Diagnostics) -> Sections {
        var sections = Sections()
        for section in outline.sections {
            let head = section.head.first
            guard head.kind == .word, kind.sections.contains(head.text) else {
                let home = SourceFile.home(head, kind)
                if !head.isBroken {
                    diagnostics.add(
                        StructureProblem.unknownSection(head.text, of: kind, home: home), at: head.span)
                }
                if let meant = home ?? Suggestion.nearest(to: head.text, among: kind.sections) {
                    sections.suspects.insert(meant)
                } else {
                    sections.suspects.formUnion(kind.sections)
                }
                continue
            }
            let label = section.label?.value
            if let first = sections.all(head.text).first(where: { $0.label?.value == label }) {
                diagnostics.add(
                    StructureProblem.duplicateSection(head.text, firstLine: first.head.first.span.line),
                    at: head.span)
                sections.suspects.insert(head.text)
                continue
            }
            sections.known[head.text, default: []].append(section)
        }
        for name in sections.suspects {
            for place in sections.all(name).indices { sections.known[name]?[place].isMisplaced = true }
        }
        return sections
    }

    /// The section a statement belongs to, if the unindented word begins one.
    private static func home(_ head: Token, _ kind: FileKind) -> String? {
        if kind == .system {
            return switch head.text {
            case "account", "tag", "leave", "strike": "guard"
            default: nil
            }
        }
        switch head.text {
        case let text where LoadSection.verbs.contains(text): return "load"
        case let text where Request.Method(rawValue: text) != nil: return "requests"
        case "at": return "chaos"
        case "keeps", "error", "throughput", "recovery", "lost", "tasks", "running", "healthy", "probe",
            "reversals",
            "p50", "p90",
            "p95",
            "p99", "p99.9", "max":
            return "expect"
        case let text where text.hasSuffix("%") && text.first?.isASCIIDigit == true: return "requests"
        default: return nil
        }
    }
}

/// The sections of a file by name.
struct Sections {
    var known: [String: [Section]] = [:]
    /// Names of sections of which a part may stand elsewhere; they are not called missing or empty.
    var suspects: Set<String> = []

    /// The first of the name.
    subscript(name: String) -> Section? { known[name]?.first }

    /// All of the name, in the order of the file: they differ in their labels.
    func all(_ name: String) -> [Section] { known[name] ?? [] }

    func isMissing(_ name: String) -> Bool { known[name] == nil && !suspects.contains(name) }
}

extension Section {
    /// For a section whose statements stand below it: reports words beside its name, or nothing below it.
    func checkBlock(example: String, _ diagnostics: inout Diagnostics) {
        if let extra = words.first {
            diagnostics.add(StructureProblem.crowdedHead(section: name, extra.text), at: extra.span)
        } else {
            checkStatements(example: example, &diagnostics)
        }
    }

    /// Reports that nothing stands below it.
    func checkStatements(example: String, _ diagnostics: inout Diagnostics) {
        if statements.isEmpty, !isSuspect {
            diagnostics.add(StructureProblem.emptySection(name, example: example), at: head.first.span)
        }
    }

    /// For a section of one line: a cursor after its name; reports what is indented below it.
    func line(shape: String, _ diagnostics: inout Diagnostics) -> Cursor {
        if let first = statements.first?.first {
            diagnostics.add(StructureProblem.indentedUnder(name), at: first.span)
        }
        return Cursor(head, shape: shape, skipping: 1)
    }
}
