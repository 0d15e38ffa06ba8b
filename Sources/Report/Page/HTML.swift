/// Pieces of a page. Text from outside passes `escaped`, once, here.
enum HTML {
    /// For text and for attributes in double quotes.
    static func escaped(_ text: String) -> String {
        var safe = ""
        for character in text {
            switch character {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            default: safe.append(character)
            }
        }
        return safe
    }

    static func section(_ section: Section) -> String {
        guard !section.blocks.isEmpty else { return "" }
        let id = section.title.lowercased().replacing(" ", with: "-")
        return """
            <section aria-labelledby="\(id)">
            <h2 id="\(id)">\(escaped(section.title))</h2>
            \(section.blocks.map(block).joined(separator: "\n"))
            </section>
            """
    }

    private static func block(_ block: Block) -> String {
        switch block {
        case .table(let table): self.table(table)
        case .line(let cell): "<p\(colour(cell.colour))>\(escaped(cell.text))</p>"
        case .note(let text): "<p class=\"note\">\(escaped(text))</p>"
        case .gap: ""
        }
    }

    private static func table(_ table: Table) -> String {
        var rows = table.rows[...]
        var head = ""
        if table.hasHeader, let names = rows.popFirst() {
            let cells = names.enumerated().map { place, cell in
                "<th scope=\"col\"\(side(table, place))>\(escaped(cell.text))</th>"
            }
            head = "<thead><tr>\(cells.joined())</tr></thead>"
        }
        let body = rows.map { row -> String in
            let cells = row.enumerated().map { place, cell in
                "<td\(side(table, place))\(colour(cell.colour))>\(escaped(cell.text))</td>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        return
            "<div class=\"wide\"><table>\(head)<tbody>\n\(body.joined(separator: "\n"))\n</tbody></table></div>"
    }

    private static func side(_ table: Table, _ place: Int) -> String {
        table.sides.indices.contains(place) && table.sides[place] == .right ? " data-side=\"right\"" : ""
    }

    private static func colour(_ colour: Style.Colour?) -> String {
        colour.map { " class=\"\(style($0))\"" } ?? ""
    }

    /// How the page's style sheet calls a colour.
    static func style(_ colour: Style.Colour) -> String {
        switch colour {
        case .red: "bad"
        case .green: "good"
        case .yellow: "doubt"
        case .bold: "strong"
        case .dim: "dim"
        }
    }
}
