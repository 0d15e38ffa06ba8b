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
        if let excerpt { lines += Finding.sketch(excerpt) }
        if let note = problem.note { lines.append("note: \(note)") }
        if let help = problem.help { lines.append("help: \(help)") }
        return lines.map(Finding.printable).joined(separator: "\n")
    }

    /// The source line and, under it, the caret.
    private static func sketch(_ excerpt: Excerpt) -> [String] {
        // A tab stays a tab, so that the caret stands under what it means at any tab width.
        let margin = excerpt.text.prefix(excerpt.offset).map { $0 == "\t" ? "\t" : " " }.joined()
        return [String(text: excerpt.text), margin + "^" + String(repeating: "~", count: excerpt.length - 1)]
    }

    /// Longer lines of a message quote something absurd.
    private static let messageLimit = 400

    /// A file must not drive the terminal of the one who checks it: control and direction characters become
    /// `�`.
    private static func printable(_ line: String) -> String {
        let safe = line.unicodeScalars.prefix(messageLimit).map {
            $0 == "\t" || !$0.isInvisible ? $0 : "\u{FFFD}"
        }
        return String(text: safe) + (line.unicodeScalars.count > messageLimit ? "…" : "")
    }
}

/// The part of a source line that is shown with a finding.
package struct Excerpt: Sendable {
    /// How much of a long line is kept, around the caret: what fits a terminal. A file of one long line may
    /// have thousands of findings, so none of them keeps all of it.
    private static let widthLimit = 120

    let text: [Unicode.Scalar]
    /// Where the caret stands in it, and how wide it is.
    let offset: Int
    let length: Int

    init(_ line: [Unicode.Scalar], around place: Span) {
        let column = max(0, min(place.column - 1, line.count))
        let from = max(0, min(column - Self.widthLimit / 2, line.count - Self.widthLimit))
        let end = min(line.count, from + Self.widthLimit)
        var text = Array(line[from..<end])
        if from > 0 { text[0] = "…" }
        if end < line.count { text[text.count - 1] = "…" }
        self.text = text
        offset = column - from
        length = max(1, min(place.length, text.count - offset))
    }
}

extension String {
    /// The text these scalars spell.
    init(text scalars: some Sequence<Unicode.Scalar>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(scalars.underestimatedCount)
        for scalar in scalars {
            if scalar.isASCII {
                bytes.append(UInt8(scalar.value))
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        self = String(decoding: bytes, as: UTF8.self)
    }
}

extension Unicode.Scalar {
    /// Control, format and line-separator characters: they cannot be seen, or move what is.
    var isInvisible: Bool {
        // Most of what is asked about, without its properties being looked up.
        if value < 0x7F { return value < 0x20 }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
