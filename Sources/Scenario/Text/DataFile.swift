import Foundation

/// Reads the rows of a data file: CSV with a line of names (RFC 4180), or one JSON object a line.
enum DataFile {
    /// Columns by name, and the values of each from the first row to the last.
    typealias Content = (columns: [String], values: [[String]])

    static func read(_ text: String, isJSON: Bool) throws(DataProblem) -> Content {
        let content = try isJSON ? objects(text) : table(text)
        guard content.values.first?.isEmpty == false else { throw .noRows }
        return content
    }

    // MARK: - CSV

    private static func table(_ text: String) throws(DataProblem) -> Content {
        var rows = try records(text)
        guard !rows.isEmpty else { throw .noRows }
        let columns = rows.removeFirst().fields
        for (place, name) in columns.enumerated() {
            guard !name.isEmpty else { throw .noColumnName(place + 1) }
            guard columns.firstIndex(of: name) == place else { throw .columnTwice(name) }
        }
        for row in rows where row.fields.count != columns.count {
            throw .fields(line: row.line, found: row.fields.count, wanted: columns.count)
        }
        return (columns, columns.indices.map { column in rows.map { $0.fields[column] } })
    }

    private static func records(_ text: String) throws(DataProblem) -> [(line: Int, fields: [String])] {
        var records: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field = String.UnicodeScalarView()
        var (line, startLine, quoteLine) = (1, 1, 1)
        var (isQuoted, wasQuoted) = (false, false)
        func ended() -> Bool { fields.isEmpty && field.isEmpty && !wasQuoted }
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        if next == "\u{FEFF}" { next = scalars.next() }
        while let scalar = next {
            next = scalars.next()
            if isQuoted {
                if scalar != "\"" {
                    field.append(scalar)
                    if scalar == "\n" { line += 1 }
                } else if next == "\"" {
                    field.append(scalar)
                    next = scalars.next()
                } else {
                    isQuoted = false
                }
                continue
            }
            switch scalar {
            case "\"":
                guard field.isEmpty, !wasQuoted else { throw .quote(line: line) }
                (isQuoted, wasQuoted, quoteLine) = (true, true, line)
            case ",":
                fields.append(String(field))
                (field, wasQuoted) = (String.UnicodeScalarView(), false)
            case "\r" where next == "\n": break
            case "\n":
                // An empty line is none.
                if !ended() { records.append((startLine, fields + [String(field)])) }
                (fields, field, wasQuoted) = ([], String.UnicodeScalarView(), false)
                line += 1
                startLine = line
            default:
                guard !wasQuoted else { throw .quote(line: line) }
                field.append(scalar)
            }
        }
        guard !isQuoted else { throw .openQuote(line: quoteLine) }
        if !ended() { records.append((startLine, fields + [String(field)])) }
        return records
    }

    // MARK: - JSON lines

    /// Text as it is, numbers and truth values as JSON writes them.
    private enum Value: Decodable {
        case text(String)
        case other

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            func read<T: Decodable>(_ type: T.Type) -> T? {
                // A failure only says that it is of another type.
                try? value.decode(type)
            }
            if let text = read(String.self) {
                self = .text(text)
            } else if let truth = read(Bool.self) {
                self = .text(truth ? "true" : "false")
            } else if let whole = read(Int64.self) {
                self = .text(String(whole))
            } else if let number = read(Double.self) {
                self = .text("\(number)")
            } else {
                self = .other
            }
        }
    }

    private static func objects(_ text: String) throws(DataProblem) -> Content {
        var columns: [String] = []
        var values: [[String]] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            let object: [String: Value]
            do {
                object = try JSONDecoder().decode([String: Value].self, from: Data(line.utf8))
            } catch {
                throw .notAnObject(line: number + 1)
            }
            if columns.isEmpty {
                columns = object.keys.sorted()
                values = columns.map { _ in [] }
            }
            for (place, column) in columns.enumerated() {
                switch object[column] {
                case .text(let text): values[place].append(text)
                case .other: throw .nested(line: number + 1, key: column)
                case nil: throw .otherKeys(line: number + 1, missing: column)
                }
            }
        }
        return (columns, values)
    }
}
