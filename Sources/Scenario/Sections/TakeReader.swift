import Plan

/// `take token from json "$.token"`: a value for the later requests of the same user.
struct TakeReader {
    static let shape = "take token from json \"$.token\""
    static let sources = ["json", "header", "regex"]

    /// What is left is read by the caller; the word `take` has been.
    static func read(
        _ cursor: inout Cursor, _ names: PlaceholderNames, of request: Request
    ) throws(Complaint) -> (name: Token, capture: Capture) {
        let before = cursor.shape
        cursor.shape = shape
        defer { cursor.shape = before }
        let name = try cursor.any("a name for the value")
        if TemplateReader.names.contains(name.text) {
            throw Complaint(JourneyProblem.hidesPlaceholder(name.text), at: name.span)
        }
        if names.tables.contains(where: { $0.name == name.text }) {
            throw Complaint(JourneyProblem.namedLikeData(name.text), at: name.span)
        }
        guard name.kind == .word, let number = names.number(of: name.text) else {
            throw Complaint(JourneyProblem.notAName(name.text), at: name.span)
        }
        try cursor.keyword("from")
        let kind = try cursor.choice(of: sources, calling: "`json`, `header` or `regex`")
        let source: Capture.Source
        if kind.text != "header", request.method == .head {
            throw Complaint(JourneyProblem.noBody(request.method.rawValue), at: kind.span)
        }
        switch kind.text {
        case "json": source = .json(try path(try cursor.string("a path such as \"$.token\"")))
        case "regex": source = .regex(try pattern(try cursor.string("a regular expression with a group")))
        default:
            let token = try cursor.string("the name of a header")
            guard !token.value.isEmpty,
                token.value.unicodeScalars.allSatisfy(RequestReader.isHeaderNameScalar)
            else { throw Complaint(JourneyProblem.notAHeader(token.value), at: token.span) }
            source = .header(token.value)
        }
        return (name, Capture(value: number, from: source))
    }

    private static func pattern(_ token: Token) throws(Complaint) -> Pattern {
        do throws(Pattern.Fault) {
            return try Pattern(token.value)
        } catch {
            throw Complaint(JourneyProblem.notARegex(error), at: token.span)
        }
    }

    private static func path(_ token: Token) throws(Complaint) -> JSONPath {
        do throws(JSONPathReader.Fault) {
            return try JSONPathReader.read(token.content.map(\.scalar))
        } catch {
            let end = token.span.column + token.span.length - 1
            let column = error.offset < token.content.count ? token.content[error.offset].column : end
            throw Complaint(
                JourneyProblem.notAPath(token.value), at: Span(line: token.span.line, column: column))
        }
    }
}
