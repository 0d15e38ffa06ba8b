/// Cuts a text into lines, and each line into tokens with their columns. It never fails: what it cannot cut
/// it reports, and hands on as it stands.
struct Lexer {
    private(set) var lines: [SourceLine] = []
    private(set) var complaints: [Complaint] = []
    /// Lines that ended in CR LF, and lines indented with a tab.
    private(set) var carriageReturns: [Span] = []
    private(set) var tabs: [Span] = []

    init(_ text: String) {
        var scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        var pieces = scalars.split(separator: "\n", omittingEmptySubsequences: false)
        if pieces.last?.isEmpty == true { pieces.removeLast() }
        lines.reserveCapacity(pieces.count)
        for (number, piece) in pieces.enumerated() {
            var piece = Array(piece)
            if piece.last == "\r" {
                while piece.last == "\r" { piece.removeLast() }
                carriageReturns.append(Span(line: number + 1, column: piece.count + 1))
            }
            var line = LineLexer(piece, number: number + 1)
            lines.append(line.read())
            complaints += line.complaints
            if let tab = line.tab { tabs.append(tab) }
        }
    }
}

/// Reads one line.
private struct LineLexer {
    private let scalars: [Unicode.Scalar]
    private let number: Int
    private var at = 0
    private var tokens: [Token] = []
    private(set) var complaints: [Complaint] = []
    private(set) var tab: Span?

    init(_ scalars: [Unicode.Scalar], number: Int) {
        self.scalars = scalars
        self.number = number
    }

    mutating func read() -> SourceLine {
        let indent = readIndent()
        var comment: String?
        var commentColumn = 0
        while skipSpaces(), at < scalars.count {
            if scalars[at] == "#" {
                commentColumn = at + 1
                comment = String(text: scalars[at...].reversed().drop { $0.isBlank }.reversed())
                break
            }
            readToken()
        }
        for (index, scalar) in scalars.enumerated() where scalar.isInvisible && scalar != "\t" {
            complaints.append(Complaint(TextProblem.invisible(scalar), at: span(from: index, to: index + 1)))
            break
        }
        if !complaints.isEmpty { for index in tokens.indices { tokens[index].isBroken = true } }
        return SourceLine(
            scalars: scalars, indent: indent, tokens: tokens, comment: comment, commentColumn: commentColumn)
    }

    private mutating func readIndent() -> Int {
        var indent = 0
        while at < scalars.count, scalars[at].isBlank {
            if scalars[at] == "\t" {
                if tab == nil { tab = span(from: at, to: at + 1) }
                indent = (indent / 4 + 1) * 4
            } else {
                indent += 1
            }
            at += 1
        }
        if at == scalars.count { tab = nil }
        return indent
    }

    private mutating func skipSpaces() -> Bool {
        while at < scalars.count, scalars[at].isBlank { at += 1 }
        return true
    }

    private mutating func readToken() {
        let start = at
        switch scalars[at] {
        case "\"": readString()
        case ",":
            at += 1
            append(.comma, from: start)
        case let first where first.isComparison:
            while at < scalars.count, scalars[at].isComparison { at += 1 }
            append(.comparison, from: start)
        case "{", "[":
            if tokens.last?.isWord("json") == true { readJSON() } else { readWord() }
        case let quote where quote.isTypographicQuote:
            complaints.append(
                Complaint(TextProblem.typographicQuote(scalars[at]), at: span(from: at, to: at + 1)))
            let end = scalars[(at + 1)...].firstIndex { $0.isTypographicQuote || $0 == "\"" }
            at = (end ?? scalars.count - 1) + 1
            append(.string, from: start)
        default: readWord()
        }
    }

    /// Up to the next space, quote or comparison; `{…}` inside it may hold spaces. Commas that end it are
    /// tokens of their own.
    private mutating func readWord() {
        let start = at
        let isPath = scalars[at] == "/"
        var isOpen = false
        while at < scalars.count, !scalars[at].isBlank {
            if scalars[at] == "\"" && at > start { break }
            if !isPath && at > start && scalars[at].isComparison { break }
            if scalars[at] == "{", !isOpen {
                guard let close = scalars[at...].firstIndex(of: "}") else {
                    complaints.append(Complaint(TextProblem.openBrace, at: span(from: at, to: at + 1)))
                    isOpen = true
                    at += 1
                    continue
                }
                at = close
            }
            at += 1
        }
        while at - start > 1, scalars[at - 1] == "," { at -= 1 }
        append(.word, from: start)
    }

    private mutating func readString() {
        let start = at
        var content: [Placed] = []
        at += 1
        while at < scalars.count, scalars[at] != "\"" {
            guard scalars[at] == "\\", at + 1 < scalars.count else {
                content.append(Placed(scalar: scalars[at], column: at + 1))
                at += 1
                continue
            }
            let escapes: [Unicode.Scalar: Unicode.Scalar] = ["\"": "\"", "\\": "\\", "n": "\n", "t": "\t"]
            if let meant = escapes[scalars[at + 1]] {
                content.append(Placed(scalar: meant, column: at + 1))
            } else {
                complaints.append(
                    Complaint(TextProblem.unknownEscape(scalars[at + 1]), at: span(from: at, to: at + 2)))
            }
            at += 2
        }
        if at >= scalars.count {
            at = scalars.count
            complaints.append(Complaint(TextProblem.openString, at: span(from: start, to: start + 1)))
        } else {
            at += 1
        }
        tokens.append(
            Token(
                kind: .string, text: String(text: scalars[start..<at]), content: content,
                span: span(from: start, to: at)))
    }

    /// Up to the bracket that closes the first one; brackets in JSON's strings do not count.
    private mutating func readJSON() {
        let start = at
        var depth = 0
        var quote: Int?
        while at < scalars.count {
            let scalar = scalars[at]
            if quote != nil {
                if scalar == "\\" { at += 1 } else if scalar == "\"" { quote = nil }
            } else if scalar == "\"" {
                quote = at
            } else if scalar == "{" || scalar == "[" {
                depth += 1
            } else if scalar == "}" || scalar == "]" {
                depth -= 1
                if depth == 0 {
                    at += 1
                    return append(.json, from: start)
                }
            }
            at += 1
        }
        at = scalars.count
        let open = quote ?? start
        complaints.append(
            Complaint(
                quote == nil ? TextProblem.openJSON(scalars[start]) : .openString,
                at: span(from: open, to: open + 1)))
        append(.json, from: start)
    }

    private mutating func append(_ kind: Token.Kind, from start: Int) {
        let content = (start..<at).map { Placed(scalar: scalars[$0], column: $0 + 1) }
        tokens.append(
            Token(
                kind: kind, text: String(text: scalars[start..<at]), content: content,
                span: span(from: start, to: at))
        )
    }

    private func span(from start: Int, to end: Int) -> Span {
        Span(line: number, column: start + 1, length: max(1, end - start))
    }
}

extension Unicode.Scalar {
    /// A byte order mark is one too: it is not seen, and editors that paste files together leave it anywhere. So is a
    /// carriage return: what stands before it may be laid out as the end of the line, where it is none of the text.
    var isBlank: Bool { self == " " || self == "\t" || self == "\u{FEFF}" || self == "\r" }
    var isComparison: Bool { ["<", ">", "=", "!", "\u{2264}", "\u{2265}", "\u{2260}"].contains(self) }
    var isTypographicQuote: Bool {
        ["\u{201C}", "\u{201D}", "\u{201E}", "\u{AB}", "\u{BB}"].contains(self)
    }
    var isDigit: Bool { ("0"..."9").contains(self) }
    var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
