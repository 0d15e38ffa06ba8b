extension Finding: CustomStringConvertible {
    /// As people and editors read it:
    ///
    ///     az-failure.scn:9:23: error: `80` has no unit
    ///         ramp from 20/s to 80 over 30s
    ///                           ^~
    ///     help: a rate is written in /s, /m or /h, such as 80/s
    package var description: String {
        let position = place.map { "\($0.line):\($0.column): " } ?? ""
        var lines = ["\(file):\(place == nil ? " " : "")\(position)\(severity.rawValue): \(problem.message)"]
        if let place, let excerpt { lines += Finding.sketch(excerpt, place) }
        if let note = problem.note { lines.append("note: \(note)") }
        if let help = problem.help { lines.append("help: \(help)") }
        return lines.map(Finding.printable).joined(separator: "\n")
    }

    /// How much of a long line is shown, around the caret.
    private static let widthLimit = 120

    /// The source line and, under it, the caret. A line too long for a terminal is cut around the caret.
    private static func sketch(_ excerpt: String, _ place: Span) -> [String] {
        var line = Array(excerpt.unicodeScalars)
        var column = max(0, min(place.column - 1, line.count))
        if line.count > widthLimit {
            let from = max(0, min(column - widthLimit / 2, line.count - widthLimit))
            let cutEnd = from + widthLimit < line.count
            line = Array(line[from..<min(line.count, from + widthLimit)])
            column -= from
            if from > 0 { line[0] = "…" }
            if cutEnd { line[line.count - 1] = "…" }
        }
        let length = max(1, min(place.length, line.count - column))
        // A tab stays a tab, so that the caret stands under what it means at any tab width.
        let margin = line.prefix(column).map { $0 == "\t" ? "\t" : " " }.joined()
        return [String(text: line), margin + "^" + String(repeating: "~", count: length - 1)]
    }

    /// A file must not drive the terminal of the one who checks it: control and direction characters become `�`.
    private static func printable(_ line: String) -> String {
        String(text: line.unicodeScalars.map { $0 == "\t" || !$0.isInvisible ? $0 : "\u{FFFD}" })
    }
}

extension String {
    /// The text these scalars spell.
    init(text scalars: some Sequence<Unicode.Scalar>) {
        var view = UnicodeScalarView()
        view.append(contentsOf: scalars)
        self = String(view)
    }
}

extension Unicode.Scalar {
    /// Control, format and line-separator characters: they cannot be seen, or move what is.
    var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
