/// A piece of a report, before it is known whether a terminal or a page will show it.
enum Block {
    case table(Table)
    /// A line of its own.
    case line(Table.Cell)
    /// A remark that may be long.
    case note(String)
    case gap

    static func line(_ text: String, _ colour: Style.Colour? = nil) -> Block {
        .line(Table.Cell(text, colour))
    }
}

/// A part of a report under a title; without blocks it is left out.
struct Section {
    var title: String
    var blocks: [Block]

    init(_ title: String, _ blocks: [Block]) {
        self.title = title
        self.blocks = blocks
    }

    /// For a terminal, ending in a newline.
    func text(_ style: Style, width: Int) -> String {
        ([style.paint(title, .bold)] + blocks.lines(style, width: width)).joined(separator: "\n") + "\n"
    }
}

extension [Block] {
    func lines(_ style: Style, width: Int) -> [String] {
        flatMap { block -> [String] in
            switch block {
            case .table(let table): table.lines(style, width: width)
            case .line(let cell): ["  " + style.paint(cell.text, cell.colour)]
            case .note(let text):
                Table.wrapped("- \(text)", to: Swift.max(20, width - 2)).enumerated()
                    .map { ($0.offset == 0 ? "  " : "    ") + $0.element }
            case .gap: [""]
            }
        }
    }
}

extension [Section] {
    func text(_ style: Style, width: Int) -> String {
        filter { !$0.blocks.isEmpty }.map { $0.text(style, width: width) }.joined(separator: "\n")
    }
}
