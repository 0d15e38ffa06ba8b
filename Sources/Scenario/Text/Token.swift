/// One character of the source with the column it stands in.
struct Placed: Hashable {
    var scalar: Unicode.Scalar
    var column: Int
}

/// The smallest piece of a statement that means something.
struct Token: Hashable {
    enum Kind: Hashable {
        /// A run without spaces, except inside `{…}`.
        case word
        /// `"…"`; `content` is without the quotes, its escapes replaced.
        case string
        /// `{…}` or `[…]` after the word `json`.
        case json
        /// `<`, `<=`, `>`, `>=`, `=` and what people write for them.
        case comparison
        case comma
    }

    var kind: Kind
    /// As written, quotes included.
    var text: String
    var content: [Placed]
    var span: Span
    /// Set on every token of a line whose characters have been complained about: what they were meant to say
    /// is not guessed at.
    var isBroken = false

    var value: String { String(text: content.map(\.scalar)) }

    func isWord(_ word: String) -> Bool { kind == .word && text == word }
}

/// One line of a file, cut into tokens.
struct SourceLine {
    /// Without the line's end.
    var scalars: [Unicode.Scalar]
    /// Columns before the first token; a tab goes to the next multiple of 4.
    var indent: Int
    var tokens: [Token]
    /// With its `#`, without trailing spaces.
    var comment: String?
    var commentColumn: Int

    var isBlank: Bool { tokens.isEmpty && comment == nil }
}
