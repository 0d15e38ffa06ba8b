import Plan
package import Verdict

/// The answer to each expectation, aligned, and the run's own in the last line.
package enum VerdictTable {
    static func blocks(_ verdict: Verdict) -> [Block] {
        var blocks: [Block] = []
        if !verdict.findings.isEmpty {
            var table = Table([.left, .left, .left])
            table.header(["", "expected", "measured"])
            for finding in verdict.findings {
                table.row([
                    Table.Cell(finding.answer.word, colour(finding.answer)),
                    Table.Cell(finding.expectation.text), Table.Cell(finding.measured),
                ])
                let promise = finding.expectation.promise.map { "\"\($0)\"" } ?? ""
                if !finding.reason.isEmpty || !promise.isEmpty {
                    table.row([
                        Table.Cell(""), Table.Cell(promise, .dim), Table.Cell(finding.reason, .dim),
                    ])
                }
            }
            blocks += [.table(table), .gap]
        }
        return blocks + verdict.notes.map(Block.note) + [.line(summary(verdict), colour(verdict.answer))]
    }

    /// `KEPT: 4 of 4 kept`
    package static func summary(_ verdict: Verdict) -> String {
        let word = verdict.answer.word.uppercased()
        guard !verdict.findings.isEmpty else { return "\(word): nothing was expected" }
        let counts = Answer.allCases.compactMap { answer -> String? in
            let count = verdict.findings.count { $0.answer == answer }
            return count == 0 ? nil : "\(count) \(answer.word)"
        }
        return "\(word): of \(Wording.plural(verdict.findings.count, "expectation")), "
            + counts.joined(separator: ", ")
    }

    static func colour(_ answer: Answer) -> Style.Colour {
        switch answer {
        case .kept: .green
        case .unknown, .knownBroken: .yellow
        case .broken, .notHealed: .red
        }
    }
}
