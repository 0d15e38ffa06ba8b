/// Walks the tokens of one statement and says what it expected where something else stands.
struct Cursor {
    private let tokens: [Token]
    private(set) var position: Int
    private let end: Span
    /// How the statement reads when it is right, for the help line: `hold 80/s for 9m`.
    var shape: String

    init(_ statement: Statement, shape: String, skipping count: Int = 0) {
        tokens = statement.tokens
        position = min(count, statement.tokens.count)
        end = statement.end
        self.shape = shape
    }

    var peek: Token? { position < tokens.count ? tokens[position] : nil }
    /// Where the next token stands, or where one is missing.
    var here: Span { peek?.span ?? end }
    var isAtEnd: Bool { position >= tokens.count }

    /// Whether one of these words comes after so many tokens.
    func sees(_ words: [String], after count: Int) -> Bool {
        position + count < tokens.count && words.contains { tokens[position + count].isWord($0) }
    }

    /// Whether this word comes just before the next token.
    func follows(_ word: String) -> Bool {
        position > 0 && position < tokens.count && tokens[position - 1].isWord(word)
    }

    mutating func next() -> Token? {
        guard let token = peek else { return nil }
        position += 1
        return token
    }

    /// Takes the word if it is next.
    mutating func take(_ word: String) -> Bool {
        guard let token = peek, token.isWord(word) else { return false }
        position += 1
        return true
    }

    /// The next token, whatever it is; `expected` says what the statement lacks if there is none.
    mutating func any(_ expected: String) throws(Complaint) -> Token {
        guard let token = next() else { throw missing(expected) }
        return token
    }

    mutating func keyword(_ word: String) throws(Complaint) {
        let token = try any("`\(word)`")
        guard token.isWord(word) else { throw unexpected(token, expected: "`\(word)`", among: [word]) }
    }

    /// One of some words; says which are known, and which is near.
    mutating func choice(of words: [String], calling kind: String) throws(Complaint) -> Token {
        let token = try any(kind)
        guard token.kind == .word, words.contains(token.text) else {
            throw unexpected(token, expected: kind, among: words)
        }
        return token
    }

    /// A name of the user's own: a word without punctuation of the language.
    mutating func name(_ expected: String) throws(Complaint) -> Token {
        let token = try any(expected)
        guard token.kind == .word || token.kind == .string, !token.content.isEmpty else {
            throw unexpected(token, expected: expected)
        }
        return token
    }

    /// Names with commas between them, at least one.
    mutating func names(_ expected: String) throws(Complaint) -> [Token] {
        var names = [try name(expected)]
        while peek?.kind == .comma {
            position += 1
            names.append(try name(expected))
        }
        return names
    }

    mutating func string(_ expected: String) throws(Complaint) -> Token {
        let token = try any(expected)
        guard token.kind == .string else {
            throw Complaint(WordProblem.unquoted(token.text, expected: expected), at: token.span)
        }
        return token
    }

    func missing(_ expected: String) -> Complaint {
        Complaint(WordProblem.missing(expected: expected, shape: shape), at: here)
    }

    func unexpected(_ token: Token, expected: String, among known: [String] = []) -> Complaint {
        Complaint(
            WordProblem.unexpected(token.text, expected: expected, known: known, shape: shape), at: token.span
        )
    }

    /// Complains about words left over.
    func finish() throws(Complaint) {
        if let token = peek {
            throw Complaint(WordProblem.extra(token.text, shape: shape), at: token.span)
        }
    }

    /// Goes on to the next of these words, or to the end.
    mutating func skip(to words: [String]) {
        while let token = peek, !(token.kind == .word && words.contains(token.text)) { position += 1 }
    }

    /// The text of the tokens taken since `start`, with single spaces: how the statement is quoted in
    /// reports.
    func text(since start: Int) -> String { Cursor.text(tokens[start..<position]) }

    static func text(_ tokens: some Sequence<Token>) -> String {
        var text = ""
        for token in tokens {
            if !text.isEmpty, token.kind != .comma { text += " " }
            text += token.text
        }
        return text
    }
}
