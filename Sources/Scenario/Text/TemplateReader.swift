import Plan

/// Finds the placeholders in a path, a header or a body.
struct TemplateReader {
    /// What a brace means where it does not begin a placeholder.
    enum Braces {
        /// A path: a brace is not allowed in a URL, so each one is a placeholder.
        case placeholdersOnly
        /// A body or a header: `{"id": 1}` is text; but a near miss such as `{uid}` is reported.
        case alsoText
    }

    /// A part of the template, and where it stands.
    struct Piece {
        var part: Template.Part
        var source: [Placed]
    }

    private let source: [Placed]
    private let line: Int
    private let braces: Braces
    private let known: PlaceholderNames
    private(set) var pieces: [Piece] = []
    private(set) var complaints: [Complaint] = []
    private var isOpen = false

    static let examples = "{int 1..500}, {seq}, {uuid}, {one of red, green}"
    static let names = ["int", "seq", "uuid", "one"]

    /// - Parameter known: what `{table.column}` and `{value}` may name.
    init(_ source: [Placed], line: Int, braces: Braces, known: PlaceholderNames) {
        self.known = known
        self.source = source
        self.line = line
        self.braces = braces
        read()
    }

    var template: Template { Template(pieces.map(\.part)) }

    private mutating func read() {
        var literal: [Placed] = []
        var at = 0
        while at < source.count {
            if source[at].scalar == "{", let end = placeholderEnd(at) {
                if !literal.isEmpty { pieces.append(Piece(part: .literal(text(literal)), source: literal)) }
                literal = []
                let inside = Array(source[(at + 1)..<end])
                if let part = part(text(inside), at: source[at].column, to: source[end].column) {
                    pieces.append(Piece(part: part, source: Array(source[at...end])))
                }
                at = end + 1
            } else {
                literal.append(source[at])
                at += 1
            }
        }
        if !literal.isEmpty || pieces.isEmpty {
            pieces.append(Piece(part: .literal(text(literal)), source: literal))
        }
    }

    /// Where the placeholder that begins at `start` ends; nil if the brace there is text.
    private mutating func placeholderEnd(_ start: Int) -> Int? {
        if braces == .alsoText {
            let name = text(source[(start + 1)...].prefix { PlaceholderNames.isNameScalar($0.scalar) })
            let after = start + 1 + name.unicodeScalars.count
            guard !name.isEmpty, after < source.count else { return nil }
            if isField(source[(start + 1)...]) { return close(start) }
            guard [" ", "}"].contains(source[after].scalar) else { return nil }
            let names = Self.names + known.valueNames
            guard names.contains(name) || Suggestion.nearest(to: name, among: names) != nil else {
                return nil
            }
        }
        return close(start)
    }

    /// Whether it begins with the name of a table and a dot.
    private func isField(_ rest: ArraySlice<Placed>) -> Bool {
        let name = text(rest.prefix { $0.scalar != "." && $0.scalar != "}" })
        return known.tables.contains { $0.name == name }
            && rest.dropFirst(name.unicodeScalars.count).first?.scalar == "."
    }

    /// Where the brace that opens at `start` is closed.
    private mutating func close(_ start: Int) -> Int? {
        // Once a brace is not closed, none after it is.
        if isOpen { return nil }
        let close = source[start...].firstIndex { $0.scalar == "}" }
        if close == nil {
            isOpen = true
            complaints.append(Complaint(TextProblem.openBrace, at: span(source[start].column)))
        }
        return close
    }

    private mutating func part(_ inside: String, at column: Int, to end: Int) -> Template.Part? {
        let place = Span(line: line, column: column, length: max(1, end - column + 1))
        let words = inside.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        switch words.first {
        case "seq" where words.count == 1: return .seq
        case "uuid" where words.count == 1: return .uuid
        case "int" where words.count == 2:
            if let range = Self.range(words[1]) {
                guard range.low <= range.high else {
                    complaints.append(Complaint(TemplateProblem.emptyRange(range.low, range.high), at: place))
                    return nil
                }
                return .int(low: range.low, high: range.high)
            }
        case "one" where words.count > 2 && words[1] == "of":
            let list = inside.drop { $0 == " " }.dropFirst("one".count).drop { $0 == " " }.dropFirst(
                "of".count)
            let choices = list.split(separator: ",", omittingEmptySubsequences: false).map { choice in
                String(choice.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            guard !choices.contains(""), choices.count > 1 else {
                complaints.append(Complaint(TemplateProblem.fewChoices(inside), at: place))
                return nil
            }
            return .oneOf(choices)
        case let word? where words.count == 1 && word.contains("."): return field(word, at: place)
        case let word? where words.count == 1:
            if let number = known.number(of: word) { return taken(number, at: place) }
        default: break
        }
        complaints.append(
            Complaint(TemplateProblem.unknown(inside, values: known.valueNames), at: place))
        return nil
    }

    /// `token`
    private mutating func taken(_ number: Int, at place: Span) -> Template.Part? {
        guard known.isTaken(number) else {
            let name = known.values[number].name
            complaints.append(
                Complaint(TemplateProblem.notYetTaken(name.text, line: name.span.line), at: place))
            return nil
        }
        return .taken(value: number, .plain)
    }

    /// `users.id`
    private mutating func field(_ word: String, at place: Span) -> Template.Part? {
        let dot = word.firstIndex(of: ".") ?? word.endIndex
        let (name, column) = (String(word[..<dot]), String(word[dot...].dropFirst()))
        guard let table = known.tables.firstIndex(where: { $0.name == name }) else {
            complaints.append(
                Complaint(TemplateProblem.noTable(name, known: known.tables.map(\.name)), at: place))
            return nil
        }
        guard let found = known.tables[table].columns.firstIndex(of: column) else {
            complaints.append(
                Complaint(
                    TemplateProblem.noColumn(column, of: name, known: known.tables[table].columns), at: place)
            )
            return nil
        }
        return .field(table: table, column: found, .plain)
    }

    /// `1..500`, also `-5..5`.
    private static func range(_ text: String) -> (low: Int64, high: Int64)? {
        guard let dots = text.firstRange(of: ".."),
            let low = Int64(text[..<dots.lowerBound]), let high = Int64(text[dots.upperBound...])
        else { return nil }
        return (low, high)
    }

    private func text(_ placed: some Sequence<Placed>) -> String { String(text: placed.map(\.scalar)) }

    private func span(_ column: Int) -> Span { Span(line: line, column: column) }
}

/// What is wrong with a placeholder.
enum TemplateProblem: Problem {
    /// `values`: what the journey takes.
    case unknown(String, values: [String])
    case notYetTaken(String, line: Int)
    case emptyRange(Int64, Int64)
    case fewChoices(String)
    case noTable(String, known: [String])
    case noColumn(String, of: String, known: [String])
}

extension TemplateProblem {
    var message: String {
        switch self {
        case .unknown(let inside, _): "`{\(inside)}` is not a placeholder"
        case .notYetTaken(let name, _): "the value `\(name)` has not been taken yet"
        case .emptyRange(let low, let high): "no number lies in \(low)..\(high)"
        case .fewChoices(let inside): "`{\(inside)}` leaves nothing to choose"
        case .noTable(let name, _): "there is no data called `\(name)`"
        case .noColumn(let column, let table, _): "the data `\(table)` have no column `\(column)`"
        }
    }

    var help: String? {
        switch self {
        case .unknown(let inside, let values):
            switch String(inside.prefix { $0.isLetter }) {
            case "int": "a range is whole numbers with two dots: {int 1..500}"
            case "one": "choices stand after `one of`, with commas: {one of red, green}"
            case _:
                Suggestion.nearest(
                    to: Self.name(inside), among: ["int 1..500", "int", "seq", "uuid"] + values
                )
                .map { "did you mean `{\($0 == "int" ? "int 1..500" : $0)}`?" }
                    ?? "placeholders: \(([TemplateReader.examples] + values.map { "{\($0)}" }).joined(separator: ", "))"
            }
        case .notYetTaken(_, let line):
            "it is taken on line \(line), from an answer: move this request behind that one"
        case .emptyRange(let low, let high): "the smaller number comes first: {int \(high)..\(low)}"
        case .fewChoices: "name two or more, with commas: {one of red, green}"
        case .noTable(let name, let known):
            known.isEmpty
                ? "add a section such as: data, and indented below it: \(name) from \"\(name).csv\""
                : Self.near(name, known, calling: "data")
        case .noColumn(let column, _, let known): Self.near(column, known, calling: "columns")
        }
    }

    private static func name(_ inside: String) -> String {
        String(text: inside.unicodeScalars.prefix(while: PlaceholderNames.isNameScalar))
    }

    private static func near(_ name: String, _ known: [String], calling kind: String) -> String {
        Suggestion.nearest(to: name, among: known).map { "did you mean `\($0)`?" }
            ?? "\(kind): \(known.prefix(20).joined(separator: ", "))"
    }
}
