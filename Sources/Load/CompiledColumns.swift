import Plan

/// The columns of a Plan's tables as flat memory: each once, however many templates take from it.
///
/// A replay has as many turns as requests, and a template for each of its routes.
final class CompiledColumns {
    typealias Text = UnsafeBufferPointer<UInt8>

    struct Column {
        /// By turn.
        let values: UnsafeBufferPointer<Text>
        /// Bytes of its longest value.
        let longest: Int
    }

    private struct Place: Hashable {
        var table: Int
        var column: Int
        var encoding: DataTable.Encoding
    }

    private let tables: [DataTable]
    private var columns: [Place: Column] = [:]
    private var texts: [Text] = []

    init(_ tables: [DataTable]) { self.tables = tables }

    deinit {
        for column in columns.values { column.values.deallocate() }
        for text in texts { text.deallocate() }
    }

    func order(of table: Int) -> DataTable.Order { tables[table].order }

    /// The values as they are written in this encoding.
    func column(_ column: Int, of table: Int, _ encoding: DataTable.Encoding) -> Column {
        let place = Place(table: table, column: column, encoding: encoding)
        if let known = columns[place] { return known }
        let rows = tables[table].values[column].map { CompiledTemplate.copy(encoding.encode($0)) }
        texts += rows
        let turns = tables[table].turns.map { turns in turns.map { rows[$0] } }
        let compiled = Column(
            values: CompiledTemplate.copy(turns ?? rows), longest: rows.map(\.count).max() ?? 0)
        columns[place] = compiled
        return compiled
    }
}
