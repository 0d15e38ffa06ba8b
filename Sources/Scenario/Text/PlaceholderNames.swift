import Plan

/// What a placeholder of one request may name, beside the language's own.
struct PlaceholderNames {
    var tables: [DataTable] = []
    /// Those of the journey, in the order in which they are taken; their places are their numbers.
    private(set) var values: [Value] = []
    /// Which statement of the section is read.
    var statement = 0

    struct Value {
        var name: Token
        /// Which statement takes it.
        var statement: Int
    }

    init(tables: [DataTable] = []) { self.tables = tables }

    /// All values that the section takes, found before its requests are read: so that a name that comes too early can
    /// be told from one that nobody takes.
    init(tables: [DataTable], takenIn section: Section) {
        self.tables = tables
        for (number, statement) in section.statements.enumerated() {
            for (word, name) in zip(statement.tokens, statement.tokens.dropFirst())
            where word.isWord("take") && Self.isName(name.text) && self.number(of: name.text) == nil {
                values.append(Value(name: name, statement: number))
            }
        }
    }

    func number(of name: String) -> Int? { values.firstIndex { $0.name.text == name } }

    /// Taken by a request before this one.
    func isTaken(_ number: Int) -> Bool { values[number].statement < statement }

    var valueNames: [String] { values.map(\.name.text) }

    /// Complains of data that would break the line of a header.
    func checkForHeader(_ template: Template, at span: Span) throws(Complaint) {
        for case .field(let table, let column, _) in template.parts
        where tables[table].values[column].contains(where: {
            $0.unicodeScalars.contains(where: \.isInvisible)
        }) {
            throw Complaint(DataProblem.notForHeaders(field(table, column)), at: span)
        }
    }

    /// `users.id`
    func field(_ table: Int, _ column: Int) -> String {
        "\(tables[table].name).\(tables[table].columns[column])"
    }

    /// Whether data or a value may be called so: it must not hide a placeholder.
    static func isName(_ text: String) -> Bool {
        text.unicodeScalars.first?.isLetter == true && !TemplateReader.names.contains(text)
            && text.unicodeScalars.allSatisfy(isNameScalar)
    }

    static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isLetter || scalar.isDigit || scalar == "-" || scalar == "_"
    }
}
