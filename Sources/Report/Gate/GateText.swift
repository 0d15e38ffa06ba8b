import Plan
import Verdict

/// A gate for a terminal: what was played, what was promised, and what was not kept.
package enum GateText {
    /// Ends in a newline.
    package static func text(_ gate: GateResult, _ style: Style = .plain, width: Int = 100) -> String {
        [
            Section("Scenarios", scenarios(gate)), Section("Promises", promises(gate)),
            Section("Not kept", complaints(gate)), Section("Beside the baseline", comparisons(gate)),
            Section("Gate", [summary(gate)]),
        ].text(style, width: width)
    }

    /// One line, as soon as a scenario has been played.
    package static func line(_ play: GateResult.Play, _ style: Style) -> String {
        let said = play.verdict.map(VerdictTable.summary) ?? "NOT PLAYED: \(play.problem ?? "")"
        return "\(play.name): \(said) (\(seconds(play.seconds)))"
    }

    private static func scenarios(_ gate: GateResult) -> [Block] {
        var table = Table([.left, .left, .right, .left])
        table.header(["", "scenario", "took", "run"])
        for play in gate.plays {
            table.row([
                Table.Cell(play.word, colour(play.verdict?.answer)), Table.Cell(play.name),
                Table.Cell(seconds(play.seconds)), Table.Cell(play.run ?? play.problem ?? ""),
            ])
        }
        return [.table(table)]
    }

    private static func promises(_ gate: GateResult) -> [Block] {
        let rows = gate.promises
        guard !rows.isEmpty else { return [] }
        var table = Table([.left, .left, .left])
        table.header(["", "promise", "by"])
        for row in rows {
            let cells = row.cells.map { "\($0.scenario) \($0.answer?.word ?? "not played")" }
            table.row([
                Table.Cell(row.word, colour(row.answer)), Table.Cell(row.promise.name),
                Table.Cell(cells.joined(separator: ", "), .dim),
            ])
        }
        return [.table(table)]
    }

    private static func complaints(_ gate: GateResult) -> [Block] {
        var table = Table([.left, .left, .left, .left])
        for complaint in gate.complaints {
            table.row([
                Table.Cell(complaint.word, colour(complaint.answer) ?? .red),
                Table.Cell(complaint.play.name), Table.Cell(complaint.expected), Table.Cell(complaint.why),
            ])
        }
        return gate.complaints.isEmpty ? [] : [.table(table)]
    }

    private static func comparisons(_ gate: GateResult) -> [Block] {
        var table = Table([.left, .left, .left])
        for compared in gate.comparisons {
            for (place, line) in compared.lines.enumerated() {
                table.row([
                    Table.Cell(place == 0 ? compared.word : "", colour(compared.answer)),
                    Table.Cell(place == 0 ? compared.scenario : ""), Table.Cell(line),
                ])
            }
        }
        return gate.comparisons.isEmpty ? [] : [.table(table)]
    }

    private static func summary(_ gate: GateResult) -> Block {
        let tested = gate.promises.filter { $0.answer != nil }.count
        let words =
            "\(gate.answer.word.uppercased()): \(Wording.plural(gate.plays.count, "run")), "
            + "\(tested) of \(Wording.plural(gate.promises.count, "promise")) tested"
        return .line(words, VerdictTable.colour(gate.answer))
    }

    static func seconds(_ value: Double) -> String { "\(Int(value.rounded())) s" }

    private static func colour(_ answer: Answer?) -> Style.Colour? { answer.map(VerdictTable.colour) }
}
