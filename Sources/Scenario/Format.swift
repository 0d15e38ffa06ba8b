extension Scenario {
    /// The canonical spelling of a file: spaces, columns and blank lines, nothing else.
    ///
    /// Tokens and comments stay as they are, so a formatted file means what it meant; formatting twice
    /// changes nothing. Any text can be formatted, also one with errors.
    package static func format(_ text: String) -> String {
        var formatter = Formatter(Lexer(text).lines)
        return formatter.format()
    }
}

/// Lays lines out:
///
///     section                       no indentation
///         statement                 4
///             continuation          8, its clauses two spaces apart
///
/// The statements of `requests`, `chaos`, `probes`, `expect`, `services` and `costs` are tables: each as wide as its
/// widest cell. Comments at the ends of neighbouring lines stand in one column.
private struct Formatter {
    private enum Depth: Int {
        case section = 0
        case statement = 4
        case continuation = 8
    }

    private struct Row {
        var depth = Depth.section
        var section = ""
        var code = ""
        var comment: String?
        var cells: [String] = []

        var isBlank: Bool { code.isEmpty && comment == nil }
    }

    private var rows: [Row] = []

    init(_ lines: [SourceLine]) {
        var section = ""
        var statementIndent: Int?
        for line in lines {
            var row = Row()
            row.comment = line.comment
            if line.indent > 0 {
                let isDeeper = statementIndent.map { line.indent > $0 } ?? false
                row.depth = isDeeper ? .continuation : .statement
                if !line.tokens.isEmpty, !isDeeper, statementIndent == nil { statementIndent = line.indent }
            } else if let first = line.tokens.first {
                section = first.text
                if Section(head: Statement(tokens: line.tokens)).isJourney { section = Layout.journey }
                statementIndent = nil
            }
            row.section = section
            if !line.tokens.isEmpty {
                row.cells = Layout(section, isContinuation: row.depth == .continuation).cells(line.tokens)
                row.code = row.cells.joined(separator: row.depth == .section ? " " : "  ")
            }
            rows.append(row)
        }
    }

    mutating func format() -> String {
        alignColumns()
        spaceLines()
        alignComments()
        var text = ""
        for row in rows {
            text +=
                row.isBlank
                ? "" : String(repeating: " ", count: row.depth.rawValue) + row.code + (row.comment ?? "")
            text += "\n"
        }
        return text
    }

    /// One table per section.
    private mutating func alignColumns() {
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, rows[end].depth != .section || rows[end].code.isEmpty { end += 1 }
            let layout = Layout(rows[start].section, isContinuation: false)
            let table = (start..<end).filter { rows[$0].depth == .statement && rows[$0].cells.count > 1 }
            var widths: [Int] = []
            for index in table {
                for (column, cell) in rows[index].cells.dropLast().enumerated() where column < layout.columns
                {
                    if widths.count <= column { widths.append(0) }
                    widths[column] = max(widths[column], cell.unicodeScalars.count)
                }
            }
            for index in table {
                let cells = rows[index].cells
                var code = ""
                for (column, cell) in cells.enumerated() {
                    code += cell
                    if column == cells.count - 1 { break }
                    let width = column < widths.count ? widths[column] : 0
                    let padding = max(0, width - cell.unicodeScalars.count)
                    code += String(repeating: " ", count: padding + layout.gap(after: column))
                }
                rows[index].code = code
            }
            start = end
        }
    }

    /// At most one blank line in a row, none at either end, and one before each section that has statements.
    private mutating func spaceLines() {
        var spaced: [Row] = []
        for (index, row) in rows.enumerated() {
            if row.isBlank {
                if let last = spaced.last, !last.isBlank { spaced.append(row) }
                continue
            }
            if row.depth == .section, !row.code.isEmpty, hasStatements(index) {
                // The comment above a section belongs to it.
                var place = spaced.count
                while place > 0, spaced[place - 1].code.isEmpty, !spaced[place - 1].isBlank,
                    spaced[place - 1].depth == .section
                {
                    place -= 1
                }
                if place > 0, !spaced[place - 1].isBlank { spaced.insert(Row(), at: place) }
            }
            spaced.append(row)
        }
        while spaced.last?.isBlank == true { spaced.removeLast() }
        rows = spaced
    }

    private func hasStatements(_ index: Int) -> Bool {
        rows[(index + 1)...].first { !$0.code.isEmpty }?.depth ?? .section != .section
    }

    /// Comments after code stand two spaces right of the longest line among neighbours that have one.
    private mutating func alignComments() {
        var start = 0
        while start < rows.count {
            guard hasTrailingComment(start) else {
                start += 1
                continue
            }
            var end = start
            while end < rows.count, hasTrailingComment(end) { end += 1 }
            let widest = (start..<end).map { width($0) }.max() ?? 0
            for index in start..<end {
                rows[index].code += String(repeating: " ", count: widest - width(index) + 2)
            }
            start = end
        }
    }

    private func hasTrailingComment(_ index: Int) -> Bool {
        !rows[index].code.isEmpty && rows[index].comment != nil
    }

    private func width(_ index: Int) -> Int {
        rows[index].depth.rawValue + rows[index].code.unicodeScalars.count
    }
}

/// Where the cells of a section's statements begin.
private struct Layout {
    private let section: String
    private let isContinuation: Bool

    /// `requests in order`, whose statements begin with the method.
    static let journey = "requests in order"

    init(_ section: String, isContinuation: Bool) {
        self.section = section
        self.isContinuation = isContinuation
    }

    /// How many columns are aligned; cells after them follow two spaces apart.
    var columns: Int {
        switch section {
        case "requests": 2
        case Self.journey: 1
        default: .max
        }
    }

    /// `60%  GET  /api`: a method and its path belong together.
    func gap(after column: Int) -> Int {
        switch (section, column) {
        case ("requests", 1), (Self.journey, 0): 1
        case ("expect", 1): 4
        default: 2
        }
    }

    /// The statement cut into cells.
    func cells(_ tokens: [Token]) -> [String] {
        var cells: [[Token]] = [[]]
        var progress = Progress()
        for (index, token) in tokens.enumerated() {
            if begins(token, index, tokens[0], &progress), index > 0 { cells.append([]) }
            progress.isInTake = ["take", "from"].contains { token.isWord($0) }
            cells[cells.count - 1].append(token)
        }
        return cells.map { Cursor.text($0) }
    }

    /// How far a check has been read: a fault named in its window may hold any word. In a request the words after
    /// `take` and `from` are no clauses.
    private struct Progress {
        var isInTake = false
        var hasBound = false
        var hasWindow = false
    }

    private func begins(_ token: Token, _ index: Int, _ first: Token, _ progress: inout Progress) -> Bool {
        switch section {
        case "requests", Self.journey:
            if !isContinuation && index <= (section == Self.journey ? 1 : 2) { return true }
            return token.kind == .word && RequestReader.clauses.contains(token.text) && !progress.isInTake
        case "probes": return token.kind == .word && ProbeReader.clauses.contains(token.text)
        case "chaos": return token.isWord("for") || (!isContinuation && index == 2)
        case "expect":
            if first.isWord("keeps") || progress.hasWindow { return false }
            if progress.hasBound {
                progress.hasWindow = ["when", "during", "after"].contains(token.text)
                return progress.hasWindow
            }
            progress.hasBound =
                token.kind == .comparison || token.isWord("between")
                || first.isWord("probe") && (token.isWord("succeeds") || token.isWord("fails"))
            return progress.hasBound
        case "services":
            if !isContinuation && index == 1 { return true }
            return token.kind == .word && ServiceReader.clauses.contains(token.text)
        case "hops": return token.kind == .comparison || token.isWord("resolution")
        case "costs": return index == 1 || token.isWord("stated")
        case "promises": return token.kind == .word && PromiseReader.clauses.contains(token.text)
        default: return false
        }
    }
}
