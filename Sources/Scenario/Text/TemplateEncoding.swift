import Plan

extension Template {
    /// With every value of a data file or of a journey written so.
    func encoded(_ encoding: DataTable.Encoding) -> Template { Template(parts.map { $0.encoded(encoding) }) }
}

extension Template.Part {
    fileprivate func encoded(_ encoding: DataTable.Encoding) -> Template.Part {
        switch self {
        case .field(let table, let column, _): .field(table: table, column: column, encoding)
        case .taken(let value, _): .taken(value: value, encoding)
        case .literal, .int, .seq, .uuid, .oneOf: self
        }
    }
}

extension [TemplateReader.Piece] {
    /// Of a body of JSON: a value of a data file or of a journey that stands in a string is escaped for it; elsewhere
    /// it must be JSON itself, a number for example.
    var encodedForJSON: [TemplateReader.Piece] {
        var isInString = false
        var isEscaped = false
        return map { piece in
            guard case .literal(let text) = piece.part else {
                isEscaped = false
                var encoded = piece
                encoded.part = piece.part.encoded(isInString ? .jsonString : .plain)
                return encoded
            }
            for scalar in text.unicodeScalars {
                if isEscaped {
                    isEscaped = false
                } else if isInString, scalar == "\\" {
                    isEscaped = true
                } else if scalar == "\"" {
                    isInString.toggle()
                }
            }
            return piece
        }
    }
}
