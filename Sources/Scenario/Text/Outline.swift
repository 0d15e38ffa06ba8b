/// A logical line: a statement and its further-indented continuation lines.
struct Statement {
    var tokens: [Token]

    var first: Token { tokens[0] }
    /// It has been complained about already, and is not read further.
    var isBroken: Bool { tokens.contains(where: \.isBroken) }
    /// Just after its last token.
    var end: Span {
        let last = tokens[tokens.count - 1].span
        return Span(line: last.line, column: last.column + last.length)
    }
}

/// An unindented line and the statements indented under it.
struct Section {
    var head: Statement
    var statements: [Statement] = []
    /// Part of it may stand elsewhere, under a misspelt name or not indented: it is not judged as a whole.
    var isMisplaced = false

    /// Whether what it says in all is in doubt.
    var isSuspect: Bool { isMisplaced || head.isBroken || statements.contains(where: \.isBroken) }

    var name: String { head.first.text }

    /// Sections of which a file may have several, told apart by what stands behind their name in quotes.
    static let labelled = ["load", "requests"]

    /// `"reports"` of `load "reports"`.
    var label: Token? {
        guard Self.labelled.contains(name), head.tokens.count > 1, head.tokens[1].kind == .string else {
            return nil
        }
        return head.tokens[1]
    }

    /// Whether it begins `requests in`: its statements have no shares.
    var isJourney: Bool { name == "requests" && words.first?.isWord("in") == true }

    /// Of its first line, what stands behind its name and its label.
    var words: ArraySlice<Token> { head.tokens.dropFirst(label == nil ? 1 : 2) }
}

/// A file as sections of statements, found by indentation alone.
///
/// The first indented line of a section sets how deep its statements stand; deeper lines continue the
/// statement above them.
struct Outline {
    private(set) var sections: [Section] = []

    init(_ lines: [SourceLine], _ diagnostics: inout Diagnostics) {
        var depth: Int?
        for line in lines {
            guard let first = line.tokens.first else { continue }
            if line.indent == 0 {
                sections.append(Section(head: Statement(tokens: line.tokens)))
                depth = nil
                continue
            }
            guard !sections.isEmpty else {
                diagnostics.add(StructureProblem.outsideSection(first.text), at: first.span)
                continue
            }
            let last = sections.count - 1
            guard let expected = depth else {
                depth = line.indent
                sections[last].statements.append(Statement(tokens: line.tokens))
                continue
            }
            if line.indent > expected {
                let statement = sections[last].statements.count - 1
                sections[last].statements[statement].tokens += line.tokens
                continue
            }
            if line.indent < expected {
                diagnostics.add(
                    StructureProblem.strayIndent(found: line.indent, expected: expected), at: first.span)
            }
            sections[last].statements.append(Statement(tokens: line.tokens))
        }
    }
}
