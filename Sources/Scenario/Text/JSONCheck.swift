import Plan

/// Strict JSON (RFC 8259), with the column of the first thing that is wrong.
struct JSONCheck {
    struct Fault: Error, Hashable {
        var reason: String
        var column: Int
        var help: String?
    }

    /// How deep arrays and objects may nest.
    static let depthLimit = 64

    private let text: [Placed]
    private let endColumn: Int
    private var at = 0

    private init(_ text: [Placed]) {
        self.text = text
        endColumn = (text.last?.column ?? 0) + 1
    }

    /// The first fault of a body once its placeholders are filled in; each choice of `{one of …}` is tried.
    static func fault(in pieces: [TemplateReader.Piece], _ tables: [DataTable]) -> Fault? {
        let most =
            pieces.map { piece in
                switch piece.part {
                case .oneOf(let choices): choices.count
                case .field(let table, _, _): tables[table].rows
                default: 1
                }
            }.max() ?? 1
        // Not more work than ten times the largest file, however many choices stand in it.
        let length = pieces.reduce(1) { $0 + $1.source.count }
        for round in 0..<min(most, max(1, 10 * Scenario.sizeLimit / length)) {
            var text: [Placed] = []
            for piece in pieces {
                let column = piece.source.first?.column ?? 1
                let filled: String
                switch piece.part {
                case .literal:
                    text += piece.source
                    continue
                case .int(let low, _): filled = String(low)
                case .seq: filled = "0"
                case .taken: filled = "0"
                case .uuid: filled = "00000000-0000-8000-8000-000000000000"
                case .field(let table, let column, let encoding):
                    let values = tables[table].values[column]
                    filled = encoding.encode(values[round % values.count])
                case .oneOf(let choices): filled = choices[round % choices.count]
                }
                text += filled.unicodeScalars.map { Placed(scalar: $0, column: column) }
            }
            var check = JSONCheck(text)
            do throws(Fault) {
                try check.document()
            } catch {
                return error
            }
        }
        return nil
    }

    private mutating func document() throws(Fault) {
        try value(depth: 0)
        skipSpaces()
        if at < text.count { throw fault("text after the end of the json", nil) }
    }

    private mutating func value(depth: Int) throws(Fault) {
        skipSpaces()
        guard depth <= Self.depthLimit else {
            throw fault("json nested more than \(Self.depthLimit) deep", nil)
        }
        switch peek {
        case "{": try object(depth: depth)
        case "[": try array(depth: depth)
        case "\"": try string()
        case "'": throw fault("json has no single quotes", "write \"…\"")
        case let first? where first == "-" || first.isDigit: try number()
        case let first? where first.isLetter: try literal()
        case nil: throw fault("the json ends where a value is expected", nil)
        default: throw fault("expected a json value", nil)
        }
    }

    private mutating func object(depth: Int) throws(Fault) {
        at += 1
        skipSpaces()
        if take("}") { return }
        while true {
            skipSpaces()
            guard peek == "\"" else { throw fault("a json key is a string in double quotes", nil) }
            try string()
            skipSpaces()
            guard take(":") else { throw fault("expected `:` after the json key", nil) }
            try value(depth: depth + 1)
            skipSpaces()
            if take("}") { return }
            guard take(",") else { throw fault("expected `,` or `}` in the json object", nil) }
            skipSpaces()
            if peek == "}" { throw fault("json allows no comma before `}`", "leave the comma out") }
        }
    }

    private mutating func array(depth: Int) throws(Fault) {
        at += 1
        skipSpaces()
        if take("]") { return }
        while true {
            try value(depth: depth + 1)
            skipSpaces()
            if take("]") { return }
            guard take(",") else { throw fault("expected `,` or `]` in the json array", nil) }
            skipSpaces()
            if peek == "]" { throw fault("json allows no comma before `]`", "leave the comma out") }
        }
    }

    private mutating func string() throws(Fault) {
        at += 1
        while let scalar = peek {
            if scalar == "\"" {
                at += 1
                return
            }
            if scalar.value < 0x20 {
                throw fault("a control character in a json string", "write \\t or \\u…")
            }
            at += 1
            guard scalar == "\\" else { continue }
            guard let escape = peek, "\"\\/bfnrtu".unicodeScalars.contains(escape) else {
                at -= 1
                throw fault(
                    "an unknown escape in a json string", #"the escapes are \" \\ \/ \b \f \n \r \t \u0000"#)
            }
            at += 1
            guard escape == "u" else { continue }
            for _ in 0..<4 {
                guard let digit = peek, digit.properties.isASCIIHexDigit else {
                    throw fault("expected four hexadecimal digits after \\u", nil)
                }
                at += 1
            }
        }
        throw fault("a json string is not closed", nil)
    }

    private mutating func number() throws(Fault) {
        _ = take("-")
        guard let first = peek, first.isDigit else { throw fault("expected a digit in the json number", nil) }
        at += 1
        if first != "0" {
            digits()
        } else if peek?.isDigit == true {
            throw fault("a json number has no leading zero", nil)
        }
        if take(".") { try someDigits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try someDigits()
        }
    }

    private mutating func someDigits() throws(Fault) {
        guard peek?.isDigit == true else { throw fault("expected a digit in the json number", nil) }
        digits()
    }

    private mutating func digits() {
        while peek?.isDigit == true { at += 1 }
    }

    private mutating func literal() throws(Fault) {
        let start = at
        while peek?.isLetter == true { at += 1 }
        let word = String(text: text[start..<at].map(\.scalar))
        guard ["true", "false", "null"].contains(word) else {
            at = start
            throw fault(
                "`\(word)` is not a json value", "strings stand in double quotes; words are true, false, null"
            )
        }
    }

    private var peek: Unicode.Scalar? { at < text.count ? text[at].scalar : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        at += 1
        return true
    }

    private mutating func skipSpaces() {
        while let scalar = peek, scalar.isBlank || scalar == "\n" { at += 1 }
    }

    private func fault(_ reason: String, _ help: String?) -> Fault {
        Fault(reason: reason, column: at < text.count ? text[at].column : endColumn, help: help)
    }
}
