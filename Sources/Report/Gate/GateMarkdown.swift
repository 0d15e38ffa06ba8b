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
            lines += ["| | scenario | expected | measured |", "|---|---|---|---|"]
            for complaint in complaints {
                lines.append(
                    row([
                        badge(complaint.answer), complaint.play.name, complaint.expected, complaint.why,
                    ]))
            }
            lines.append("")
        }
        lines += ["| | promise | by |", "|---|---|---|"]
        for promise in gate.promises {
            let cells = promise.cells.map { "\($0.scenario) \($0.answer?.word ?? "not played")" }
            lines.append(
                row([
                    "\(badge(promise.answer, untested: "⚪")) \(promise.word)", promise.promise.name,
                    cells.joined(separator: ", "),
                ]))
        }
        lines += ["", "| | scenario | took | run |", "|---|---|---|---|"]
        for play in gate.plays {
            lines.append(
                row([
                    "\(badge(play.verdict?.answer)) \(play.word)", play.name, GateText.seconds(play.seconds),
                    play.run.map { "`\($0)`" } ?? "",
                ]))
        }
        lines += ["", "loadchaos \(escaped(gate.version)), started \(gate.startedAt)"]
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

    private static func row(_ cells: [String]) -> String {
        "| " + cells.map(escaped).joined(separator: " | ") + " |"
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

    /// Text from outside must not end a cell, nor become a tag, a link or a mention.
    static func escaped(_ text: String) -> String {
        var safe = ""
        for character in text {
            switch character {
            case "|", "[", "]", "*", "_", "~", "\\": safe += "\\\(character)"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "&": safe += "&amp;"
            case "@": safe += "@\u{200B}"
            case _ where character.isNewline: safe += " "
            default: safe.append(character)
            }
        }
        return safe
    }
}
