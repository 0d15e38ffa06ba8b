import Plan
import Verdict

/// A gate in GitHub's Markdown: fits a comment of a pull request, and a job summary.
package enum GateMarkdown {
    /// GitHub refuses comments over 65,536 characters; the rest is left for text around it.
    static let lengthMax = 60_000

    package static func text(_ gate: GateResult) -> String {
        var lines = ["## loadchaos: \(gate.answer.word)", ""]
        let complaints = gate.complaints
        if !complaints.isEmpty {
            lines += Markdown.head(["", "scenario", "expected", "measured"])
            for complaint in complaints {
                lines.append(
                    Markdown.row([
                        badge(complaint.answer), complaint.play.name, complaint.expected, complaint.why,
                    ]))
            }
            lines.append("")
        }
        lines += Markdown.head(["", "promise", "by"])
        for promise in gate.promises {
            let cells = promise.cells.map { "\($0.scenario) \($0.answer?.word ?? "not played")" }
            lines.append(
                Markdown.row([
                    "\(badge(promise.answer, untested: "⚪")) \(promise.word)", promise.promise.name,
                    cells.joined(separator: ", "),
                ]))
        }
        if !gate.comparisons.isEmpty {
            lines += [""] + Markdown.head(["", "scenario", "beside the baseline"])
            for compared in gate.comparisons {
                let answer = badge(compared.answer, untested: "⚪")
                for (place, line) in compared.lines.enumerated() {
                    lines.append(
                        Markdown.row([
                            place == 0 ? "\(answer) \(compared.word)" : "",
                            place == 0 ? compared.scenario : "", line,
                        ]))
                }
            }
        }
        lines += [""] + Markdown.head(["", "scenario", "took", "run"])
        for play in gate.plays {
            lines.append(
                Markdown.row([
                    "\(badge(play.verdict?.answer)) \(play.word)", play.name, GateText.seconds(play.seconds),
                    play.run ?? "",
                ]))
        }
        lines += ["", "loadchaos \(Markdown.escaped(gate.version)), started \(gate.startedAt)"]
        return cut(lines)
    }

    /// Whole lines only, so that no table breaks off within a row.
    private static func cut(_ lines: [String]) -> String {
        var text = ""
        for line in lines {
            guard text.count + line.count < lengthMax else { return text + "\n…and more, in the recording\n" }
            text += line + "\n"
        }
        return text
    }

    private static func badge(_ answer: Answer?, untested: String = "❌") -> String {
        switch answer {
        case .kept: "✅"
        case .knownBroken: "🟡"
        case .unknown: "❔"
        case .broken, .notHealed: "❌"
        case nil: untested
        }
    }
}
