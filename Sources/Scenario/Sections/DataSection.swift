import Plan

/// `data`: files whose rows fill the placeholders of requests.
struct DataSection {
    private(set) var tables: [DataTable] = []

    static let example = "users from \"users.csv\""

    /// - Parameter files: gives the bytes of a file by its path as written.
    init(_ section: Section, diagnostics: inout Diagnostics, files: Scenario.FileSource) {
        var names: [Token] = []
        for statement in section.statements where !statement.isBroken {
            do throws(Complaint) {
                let (name, table) = try Self.read(statement, files)
                names.append(name)
                tables.append(table)
            } catch {
                diagnostics.add(error)
            }
        }
        diagnostics.reportRepeats(names, kind: "name for data")
    }

    /// `users from "users.csv" at random`
    private static func read(
        _ statement: Statement, _ files: Scenario.FileSource
    ) throws(Complaint) -> (Token, DataTable) {
        var cursor = Cursor(statement, shape: example)
        let name = try cursor.any("a name for the data")
        guard name.kind == .word, PlaceholderNames.isName(name.text) else {
            throw Complaint(DataProblem.notAName(name.text), at: name.span)
        }
        try cursor.keyword("from")
        let file = try cursor.string("the name of a data file")
        var order = DataTable.Order.inTurn
        if let word = cursor.next() {
            let words = "\(word.text) \(cursor.next()?.text ?? "")"
            guard let written = DataTable.Order(rawValue: words) else {
                throw cursor.unexpected(word, expected: "`in turn` or `at random`", among: ["at", "in"])
            }
            order = written
        }
        try cursor.finish()
        switch files(file.value).small.flatMap(FileText.decode) {
        case .failure(let problem):
            throw Complaint(UseProblem(path: file.value, problem: problem), at: file.span)
        case .success(let text):
            do throws(DataProblem) {
                let (columns, values) = try DataFile.read(
                    text, isJSON: file.value.lowercased().hasSuffix("l"))
                return (name, DataTable(name: name.text, columns: columns, values: values, order: order))
            } catch {
                throw Complaint(InFile(path: file.value, problem: error), at: file.span)
            }
        }
    }
}

/// What is wrong with data, or with their use.
enum DataProblem: Error, Problem {
    case notAName(String)
    case noRows
    case noColumnName(Int)
    case columnTwice(String)
    case fields(line: Int, found: Int, wanted: Int)
    case openQuote(line: Int)
    case quote(line: Int)
    case notAnObject(line: Int)
    case nested(line: Int, key: String)
    case otherKeys(line: Int, missing: String)
    case notForHeaders(String)
}

extension DataProblem {
    var message: String {
        switch self {
        case .notAName(let text): "`\(text)` is not a name for data"
        case .noRows: "there is no row"
        case .noColumnName(let number): "column \(number) has no name in the first line"
        case .columnTwice(let name): "two columns are called `\(name)`"
        case .fields(let line, let found, let wanted):
            "line \(line) has \(found) field\(found == 1 ? "" : "s"), the first line \(wanted)"
        case .openQuote(let line): "the quote that opens on line \(line) is not closed"
        case .quote(let line): "a quote inside of a field on line \(line)"
        case .notAnObject(let line): "line \(line) is not a JSON object"
        case .nested(let line, let key): "`\(key)` on line \(line) is no text, number, true or false"
        case .otherKeys(let line, let missing): "line \(line) has no `\(missing)`, which the first line has"
        case .notForHeaders(let field): "a value of `\(field)` has a line end or another control character"
        }
    }

    var help: String? {
        switch self {
        case .notAName: "a name has letters, digits, - and _, and is no placeholder"
        case .noRows: "the first line of a CSV file names the columns; a row for each further line"
        case .noColumnName, .columnTwice: "the first line of a CSV file names the columns, each once"
        case .fields: "a comma inside of a field needs quotes around it: \"a, b\""
        case .openQuote, .quote: "a field with a quote stands in quotes, and has it twice: \"a \"\"b\"\"\""
        case .notAnObject: "a file ending in .jsonl has one object on each line: {\"id\": 1, \"name\": \"a\"}"
        case .nested: "name only what requests need, each on the first level"
        case .otherKeys: "all lines have the same keys"
        case .notForHeaders: "a header's value is one line"
        }
    }
}
