/// Text with placeholders, as written in a scenario: `/api/items/{int 1..500}`.
package struct Template: Hashable, Codable, Sendable {
    package enum Part: Hashable, Codable, Sendable {
        case literal(String)
        /// `{int 1..500}`: a uniform draw, both ends included.
        case int(low: Int64, high: Int64)
        /// `{seq}`: the request's index in the schedule, from 0.
        case seq
        /// `{uuid}`: derived from run and index; the same wherever it stands in one request.
        case uuid
        /// `{one of red, green}`: a uniform draw.
        case oneOf([String])
        /// `{users.id}`: a column of one of the Plan's tables, of the request's row.
        case field(table: Int, column: Int, DataTable.Encoding)
        /// `{token}`: one of the journey's values, as this user has taken it.
        case taken(value: Int, DataTable.Encoding)
    }

    package var parts: [Part]

    package init(_ parts: [Part]) { self.parts = parts }
    package init(literal: String) { parts = [.literal(literal)] }

    package var isConstant: Bool {
        parts.allSatisfy { if case .literal = $0 { true } else { false } }
    }

    /// The text for one request. `draw` must be the request's own, and is used in the order path, headers,
    /// body; `tables` are the Plan's, `taken` the user's values by their number.
    package func render(_ draw: inout Draw, tables: [DataTable] = [], taken: [String] = []) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .int(let low, let high): text += String(draw.int(in: low...high))
            case .seq: text += String(draw.index)
            case .uuid: text += draw.uuid
            case .field(let table, let column, let encoding):
                let row = draw.row(of: tables[table].rows, tables[table].order, table: table)
                text += encoding.encode(tables[table].value(column, turn: row))
            case .taken(let value, let encoding): text += encoding.encode(taken[value])
            case .oneOf(let choices): text += choices[Int(draw.int(in: 0...Int64(choices.count - 1)))]
            }
        }
        return text
    }
}
