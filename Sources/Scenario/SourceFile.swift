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
        if lexer.lines.allSatisfy(\.tokens.isEmpty) { diagnostics.add(TextProblem.empty) }
        let outline = Outline(lexer.lines, &diagnostics)
        return (SourceFile(outline: outline), diagnostics)
    }

    /// The sections by name, each once; unknown and repeated ones are reported.
    func sections(of kind: FileKind, _ diagnostics: inout Diagnostics) -> [String: Section] {
        var known: [String: Section] = [:]
        for section in outline.sections {
            let head = section.head.first
            guard head.kind == .word, kind.sections.contains(head.text) else {
                diagnostics.add(
                    StructureProblem.unknownSection(head.text, of: kind, home: SourceFile.home(head, kind)),
                    at: head.span)
                continue
            }
            if let first = known[head.text] {
                diagnostics.add(
                    StructureProblem.duplicateSection(head.text, firstLine: first.head.first.span.line),
                    at: head.span)
                continue
            }
            known[head.text] = section
        }
        return known
    }

    /// The section a statement belongs to, if the unindented word begins one.
    private static func home(_ head: Token, _ kind: FileKind) -> String? {
        if kind == .system {
            return switch head.text {
            case "account", "tag": "guard"
            default: nil
            }
        }
        switch head.text {
        case "warm", "ramp", "hold": return "load"
        case "at": return "chaos"
        case "keeps", "error", "throughput", "recovery", "lost", "tasks", "running", "healthy", "p50", "p90",
            "p95",
            "p99", "p99.9", "max":
            return "expect"
        case let text where text.hasSuffix("%") && text.first?.isASCIIDigit == true: return "requests"
        default: return nil
        }
    }
}

extension Section {
    /// For a section whose statements stand below it: reports words beside its name, or nothing below it.
    func checkBlock(example: String, _ diagnostics: inout Diagnostics) {
        if head.tokens.count > 1 {
            let extra = head.tokens[1]
            diagnostics.add(StructureProblem.crowdedHead(section: name, extra.text), at: extra.span)
        } else if statements.isEmpty {
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
