/// Aligned columns, two spaces apart. The last column wraps at the width; the others are as wide as they must be.
struct Table {
    enum Side { case left, right }

    struct Cell {
        var text: String
        var colour: Style.Colour?

        init(_ text: String, _ colour: Style.Colour? = nil) {
            // Text from outside must not move the cursor or break the row.
            self.text = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
            self.colour = colour
        }
    }

    let sides: [Side]
    private(set) var rows: [[Cell]] = []
    /// The first row names the columns.
    private(set) var hasHeader = false

    init(_ sides: [Side]) { self.sides = sides }

    mutating func header(_ names: [String]) {
        rows.append(names.map { Cell($0, .dim) })
        hasHeader = true
    }
    mutating func row(_ cells: [Cell]) { rows.append(cells) }
    mutating func row(_ texts: [String]) { rows.append(texts.map { Cell($0) }) }

    /// One line for each row, more where the last column wraps; indented by two.
    func lines(_ style: Style, width: Int) -> [String] {
        let widths = sides.indices.map { column in
            rows.map { column < $0.count ? $0[column].text.count : 0 }.max() ?? 0
        }
        let indent = 2 + widths.dropLast().reduce(0) { $0 + $1 + 2 }
        return rows.flatMap { cells -> [String] in
            let last = Self.wrapped(cells.last?.text ?? "", to: max(20, width - indent))
            var first = "  "
            for (column, cell) in cells.dropLast().enumerated() {
                first += padded(cell, widths[column], sides[column], style) + "  "
            }
            let lastWidth = sides.last == .right ? widths.last ?? 0 : 0
            let colour = cells.last?.colour
            let opening = padded(Cell(last[0], colour), lastWidth, sides.last ?? .left, style)
            let following = last.dropFirst().map {
                String(repeating: " ", count: indent) + style.paint($0, colour)
            }
            return [Self.trimmed(first + opening)] + following
        }
    }

    private func padded(_ cell: Cell, _ width: Int, _ side: Side, _ style: Style) -> String {
        let gap = String(repeating: " ", count: max(0, width - cell.text.count))
        let text = style.paint(cell.text, cell.colour)
        return side == .left ? text + gap : gap + text
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Broken at spaces; a word longer than the width stays whole, so that it can be copied.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].isEmpty {
                lines[lines.count - 1] = String(word)
            } else if lines[lines.count - 1].count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
