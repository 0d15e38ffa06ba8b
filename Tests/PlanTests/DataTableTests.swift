import Plan
import Testing

@Suite struct DataTableTests {
    @Test(arguments: [
        (DataTable.Encoding.plain, "a \"b\"\n"), (.percent, "a%20%22b%22%0A"),
        (.jsonString, "a \\\"b\\\"\\n"),
    ])
    func `a value is written for the place it stands in`(_ encoding: DataTable.Encoding, _ text: String) {
        #expect(encoding.encode("a \"b\"\n") == text)
    }

    @Test func `what a URL or a string of JSON can hold stays as it is`() {
        #expect(DataTable.Encoding.percent.encode("aZ09-._~/ü") == "aZ09-._~%2F%C3%BC")
        #expect(DataTable.Encoding.jsonString.encode("ü/€ \u{1}\t\\") == "ü/€ \\u0001\\t\\\\")
    }

    @Test func `rows come in turn, or evenly drawn, and are the same wherever one request asks`() {
        let draws = (0..<9_000).map { Draw(seed: 3, run: "r", index: UInt64($0)) }
        #expect(draws[..<7].map { $0.row(of: 3, .inTurn, table: 0) } == [0, 1, 2, 0, 1, 2, 0])
        let rows = draws.map { $0.row(of: 3, .atRandom, table: 0) }
        for row in 0..<3 { #expect(abs(rows.count { $0 == row } - 3_000) < 4 * 45) }
        #expect(rows != draws.map { $0.row(of: 3, .atRandom, table: 1) })
        var draw = draws[5]
        let first = draw.row(of: 3, .atRandom, table: 0)
        _ = draw.unit()
        #expect(draw.row(of: 3, .atRandom, table: 0) == first)
    }

    @Test func `all placeholders of a request take one row`() {
        let table = DataTable(
            name: "t", columns: ["a", "b"], values: [["1", "2", "3"], ["x1", "x2", "x3"]], order: .atRandom)
        let template = Template([
            .field(table: 0, column: 0, .plain), .literal("="), .int(low: 0, high: 0), .literal("="),
            .field(table: 0, column: 1, .plain),
        ])
        var seen: Set<String> = []
        for index in 0..<50 {
            var draw = Draw(seed: 1, run: "r", index: UInt64(index))
            seen.insert(template.render(&draw, tables: [table]))
        }
        #expect(seen == ["1=0=x1", "2=0=x2", "3=0=x3"])
    }
}
