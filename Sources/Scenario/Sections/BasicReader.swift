import Plan

/// `basic "user:password"`: who sends the request, for HTTP's Basic authentication.
enum BasicReader {
    /// The word `basic` has been read.
    static func read(
        _ cursor: inout Cursor, _ known: PlaceholderNames, _ diagnostics: inout Diagnostics
    ) throws(Complaint) -> Template {
        let token = try cursor.string("a user and a password such as \"ann:secret\"")
        if token.content.contains(where: { $0.scalar.isInvisible }) {
            throw Complaint(BasicProblem.controlCharacter, at: token.span)
        }
        let reader = TemplateReader(token.content, line: token.span.line, braces: .alsoText, known: known)
        for complaint in reader.complaints { diagnostics.add(complaint) }
        if !reader.complaints.isEmpty { return reader.template }
        let parts = reader.template.parts
        guard let divider = parts.firstIndex(where: { divides($0, known.tables) }) else {
            throw Complaint(BasicProblem.noColon, at: token.span)
        }
        try known.checkForHeader(reader.template, at: token.span)
        for case .field(let table, let column, _) in parts[..<divider]
        where known.tables[table].values[column].contains(where: { $0.contains(":") }) {
            throw Complaint(BasicProblem.colonInUser(known.field(table, column)), at: token.span)
        }
        return reader.template
    }

    /// Whether it has a colon, whatever is filled in.
    private static func divides(_ part: Template.Part, _ tables: [DataTable]) -> Bool {
        switch part {
        case .literal(let text): text.contains(":")
        case .oneOf(let choices): choices.allSatisfy { $0.contains(":") }
        case .field(let table, let column, _):
            tables[table].values[column].allSatisfy { $0.contains(":") }
        case .int, .seq, .uuid, .taken: false
        }
    }
}

/// What is wrong with a user and a password. It does not repeat them.
enum BasicProblem: Problem {
    case noColon
    case controlCharacter
    case colonInUser(String)
    case besideHeader
}

extension BasicProblem {
    var message: String {
        switch self {
        case .noColon: "no colon divides user and password"
        case .controlCharacter: "user or password hold a line end or another control character"
        case .colonInUser(let field): "a value of `\(field)` has a colon, and stands for the user"
        case .besideHeader: "`basic` beside a header `Authorization`"
        }
    }

    var note: String? {
        switch self {
        case .colonInUser: "the first colon ends the user's name (RFC 7617)"
        case .besideHeader: "it is that header which `basic` writes"
        case .noColon, .controlCharacter: nil
        }
    }

    var help: String? {
        switch self {
        case .noColon: "write both with a colon between them: basic \"ann:secret\""
        case .controlCharacter: "leave it out"
        case .colonInUser: "only a password may have one"
        case .besideHeader: "leave one of them"
        }
    }
}
