/// A statement that does not read as one.
enum WordProblem: Problem {
    case missing(expected: String, shape: String)
    case unexpected(String, expected: String, known: [String], shape: String)
    case unquoted(String, expected: String)
    case extra(String, shape: String)
}

extension WordProblem {
    var message: String {
        switch self {
        case .missing(let expected, _): "the statement ends where \(expected) is expected"
        case .unexpected(let found, let expected, _, _): "expected \(expected), found `\(found)`"
        case .unquoted(let found, let expected): "expected \(expected) in quotes, found `\(found)`"
        case .extra(let found, _): "`\(found)` is one word too many"
        }
    }

    var help: String? {
        switch self {
        case .missing(_, let shape), .extra(_, let shape): "it reads: \(shape)"
        case .unexpected(let found, _, let known, let shape):
            if let near = Suggestion.nearest(to: found, among: known) {
                "did you mean `\(near)`?"
            } else if known.count > 3 {
                "there are: \(known.joined(separator: ", "))"
            } else {
                "it reads: \(shape)"
            }
        case .unquoted(let found, _): "\"\(found)\""
        }
    }
}
