/// What is wrong with the characters of a file, before any of it has a meaning.
enum TextProblem: Problem {
    case empty
    case commentsOnly
    case tabs(lines: Int)
    case carriageReturns(lines: Int)
    case invisible(Unicode.Scalar)
    case typographicQuote(Unicode.Scalar)
    case openString
    case openBrace
    case openJSON(Unicode.Scalar)
    case unknownEscape(Unicode.Scalar)
}

extension TextProblem {
    var message: String {
        switch self {
        case .empty: "the file is empty"
        case .commentsOnly: "the file has comments only"
        case .tabs(let lines):
            "a tab in the indentation"
                + (lines > 1 ? ", here and in \(lines - 1) more line\(lines > 2 ? "s" : "")" : "")
        case .carriageReturns(let lines): "\(lines) line\(lines == 1 ? " ends" : "s end") with CR LF"
        case .invisible(let scalar): "an invisible character, \(scalar.codePoint)"
        case .typographicQuote(let scalar): "a typographic quote, `\(scalar)`"
        case .openString: "the string is not closed on its line"
        case .openBrace: "the `{` is not closed on its line"
        case .openJSON(let bracket): "the `\(bracket)` of the json body is not closed on its line"
        case .unknownEscape(let scalar): "`\\\(scalar)` is not an escape"
        }
    }

    var note: String? {
        switch self {
        case .tabs: "how deep a tab indents depends on the editor, and depth has a meaning here"
        default: nil
        }
    }

    var help: String? {
        switch self {
        case .empty, .commentsOnly: "docs/language.md begins with a whole scenario"
        case .tabs: "indent with four spaces; `loadchaos fmt` replaces the tabs"
        case .carriageReturns: "`loadchaos fmt` makes them LF"
        case .invisible: "delete it; in a json body write it as \\u…"
        case .typographicQuote: "strings stand in straight quotes: \""
        case .openString: "close it with a \", or write \\\" for a quote inside it"
        case .openBrace: "a placeholder ends with `}`, as in {int 1..500}"
        case .openJSON: "a json body stands on one line; count its brackets"
        case .unknownEscape: "the escapes are \\\" \\\\ \\n \\t"
        }
    }
}

extension Unicode.Scalar {
    /// `U+200B`.
    var codePoint: String {
        let hex = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }
}
