import Foundation
import History
import Plan
package import Verdict

/// A comparison for a terminal.
package enum ComparisonText {
    /// Ends in a newline.
    package static func text(_ comparison: Comparison, _ style: Style = .plain, width: Int = 100) -> String {
        sections(comparison).text(style, width: width)
    }

    static func sections(_ comparison: Comparison) -> [Section] {
        let (words, colour) = answer(comparison.answer)
        return [
            Section("Runs", runs(comparison)), Section("When calm", rows(comparison)),
            Section("Comparison", [.line(words, colour)]),
        ]
    }

    private static func runs(_ comparison: Comparison) -> [Block] {
        var table = Table([.left, .left, .left])
        for (side, runs) in [("baseline", comparison.baseline), ("candidate", comparison.candidate)] {
            for (place, run) in runs.enumerated() {
                table.row([place == 0 ? side : "", run.id, run.startedAt])
            }
        }
        return [.table(table)]
    }

    private static func rows(_ comparison: Comparison) -> [Block] {
        var table = Table([.left, .right, .right, .left, .left])
        table.header(["", "baseline", "candidate", "ratio", "it is"])
        for row in comparison.rows {
            table.row([
                Table.Cell(row.measure.rawValue), Table.Cell(figure(row.baseline, row.measure)),
                Table.Cell(figure(row.candidate, row.measure)), Table.Cell(row.ratio.map(ratio) ?? ""),
                Table.Cell(words(row), colour(row.answer)),
            ])
        }
        let remark = """
            figures are geometric means over the runs; intervals hold with 95% together, \
            \(Wording.percent(Comparison.confidence)) each
            """
        return [.table(table), .note(remark), .note(words(comparison.order))]
    }

    static func words(_ order: RunOrder) -> String {
        switch order {
        case .inTurns: "the sides were played in turns: each run is compared with its neighbour"
        case .apart:
            """
            the sides were not played in turns, so what the machine did in between may look like a difference: \
            intervals are twice as wide for that
            """
        }
    }

    /// In words, and how bad it is.
    static func answer(_ answer: Comparison.Answer) -> (words: String, colour: Style.Colour) {
        switch answer {
        case .worse: ("WORSE: the candidate is worse by more than like runs differ", .red)
        case .better:
            ("BETTER: nothing is worse, and something is better by more than like runs differ", .green)
        case .noDifference: ("NO DIFFERENCE can be seen", .green)
        case .unknown: ("UNKNOWN: the runs cannot tell", .yellow)
        }
    }

    /// What a side measured: the geometric mean, as the ratio compares them.
    static func figure(_ figures: [RunFigure?], _ measure: Comparison.Measure) -> String {
        let known = figures.compactMap(\.self)
        guard known.count == figures.count, !known.isEmpty else { return "-" }
        let mean = exp(known.reduce(0) { $0 + log($1.value) } / Double(known.count))
        return measure == .throughput ? Wording.rate(mean) : Wording.duration(.seconds(mean / 1e3))
    }

    /// `p95 latency 12.1ms to 13.4ms: worse, ratio 1.11 (1.04 to 1.18)`
    static func line(_ row: Comparison.Row) -> String {
        let (before, after) = (figure(row.baseline, row.measure), figure(row.candidate, row.measure))
        let ratio = row.ratio.map { ", ratio \(Self.ratio($0))" } ?? ""
        return "\(row.measure.rawValue) \(before) to \(after): \(words(row))\(ratio)"
    }

    private static func ratio(_ ratio: RunRatio) -> String {
        "\(Wording.number(ratio.value)) (\(Wording.number(ratio.low)) to \(Wording.number(ratio.high)))"
    }

    private static func words(_ row: Comparison.Row) -> String {
        switch row.answer {
        case .worse: "worse"
        case .better: "better"
        case .unknown: "unknown: \(row.reason)"
        case .noDifference: "no difference can be seen; \(sight(row.ratio?.visible ?? 0))"
        }
    }

    /// What these runs could have shown.
    private static func sight(_ visible: Double) -> String {
        visible < 1
            ? "one of \(Wording.percent(visible)) could be"
            : "none under a factor of \(Wording.number(1 + visible)) could be"
    }

    private static func colour(_ answer: Comparison.Answer) -> Style.Colour {
        switch answer {
        case .worse: .red
        case .better, .noDifference: .green
        case .unknown: .yellow
        }
    }
}
