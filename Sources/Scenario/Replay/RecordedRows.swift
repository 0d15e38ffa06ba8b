import Plan

/// What recorded requests say, as a table: a row for each that differs, a turn for each request.
struct RecordedRows {
    /// Where templates find the parts of a row; nil: no request of the recording has them.
    struct Fields {
        var path: Template
        var body: Template?
        var contentType: Template?
        var accept: Template?
    }

    let table: DataTable
    let fields: Fields

    /// - Parameter place: of the table among those of the Plan.
    init(_ recorded: [RecordedRequest], table place: Int) {
        func template(_ column: Int) -> Template {
            Template([.field(table: place, column: column, .plain)])
        }
        var columns = ["path"]
        func column(_ name: String, if isThere: Bool) -> Template? {
            guard isThere else { return nil }
            columns.append(name)
            return template(columns.count - 1)
        }
        let hasBodies = recorded.contains { $0.body != nil }
        let hasAccept = recorded.contains { $0.accept != nil }
        fields = Fields(
            path: template(0), body: column("body", if: hasBodies),
            contentType: column("type", if: hasBodies), accept: column("accept", if: hasAccept))
        var rows: [[String]: Int] = [:]
        var values: [[String]] = columns.map { _ in [] }
        let turns = recorded.map { request in
            var row = [request.path]
            if hasBodies { row += [request.body?.text ?? "", request.body?.contentType ?? ""] }
            if hasAccept { row.append(request.accept ?? "*/*") }
            if let known = rows[row] { return known }
            rows[row] = rows.count
            for (column, value) in row.enumerated() { values[column].append(value) }
            return rows.count - 1
        }
        let isOneToOne = rows.count == recorded.count
        table = DataTable(
            name: "replay", columns: columns, values: values, order: .inTurn,
            turns: isOneToOne ? nil : turns)
    }
}
