import History
import Plan
import Verdict

/// Pieces of GitHub's Markdown. Text from outside passes `escaped`, once, here.
enum Markdown {
    /// Text from outside must not end a cell, nor become a tag, a link or a mention.
    static func escaped(_ text: String) -> String {
        var safe = ""
        for character in text {
            switch character {
            case "|", "[", "]", "*", "_", "~", "`", "\\": safe += "\\\(character)"
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

    static func row(_ cells: [String]) -> String { "| " + cells.map(escaped).joined(separator: " | ") + " |" }

    /// The row of names and the line under it that makes a table of them.
    static func head(_ names: [String], _ sides: [Table.Side] = []) -> [String] {
        let rules = names.indices.map { sides.indices.contains($0) && sides[$0] == .right ? "--:" : "---" }
        return [row(names), "| " + rules.joined(separator: " | ") + " |"]
    }

    static func section(_ section: Section) -> [String] {
        section.blocks.isEmpty ? [] : ["## \(escaped(section.title))", ""] + section.blocks.flatMap(lines)
    }

    private static func lines(_ block: Block) -> [String] {
        switch block {
        case .table(let table):
            var rows = table.rows.map { row in
                table.sides.indices.map { row.indices.contains($0) ? row[$0].text : "" }
            }
            let names = table.hasHeader && !rows.isEmpty ? rows.removeFirst() : table.sides.map { _ in "" }
            return head(names, table.sides) + rows.map(row) + [""]
        case .line(let cell):
            return [cell.colour == nil ? escaped(cell.text) : "**\(escaped(cell.text))**", ""]
        case .note(let text): return ["* \(escaped(text))", ""]
        case .gap: return []
        }
    }
}

extension RunReport {
    /// The report in GitHub's Markdown: verdict and faults first, then its other parts in their order.
    package func markdown() -> String {
        let first: [Part] = [.verdict, .faults]
        let parts = first + Part.allCases.filter { !first.contains($0) }
        let title = "# \(Markdown.escaped(recording.run.plan.name)): \(verdict.answer.word)"
        return ([title, ""] + parts.map(section).flatMap(Markdown.section)).joined(separator: "\n") + "\n"
    }
}
