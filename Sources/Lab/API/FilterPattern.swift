/// CloudWatch's filter patterns for plain text: `a b` needs both, `?a ?b` one of them, `-a` must be missing.
/// Case counts.
struct FilterPattern: Sendable {
    private var needed: [String] = []
    private var optional: [String] = []
    private var excluded: [String] = []

    init(_ text: String) throws(APIError) {
        let text = text.trimmingPrefix { $0 == " " }
        if let first = text.first, first == "{" || first == "[" || first == "%" {
            throw APIError(
                "InvalidParameterException",
                "Invalid filter pattern: the lab knows terms, not JSON, fields or patterns.")
        }
        for (sign, term) in try Self.terms(text) {
            switch sign {
            case "?": optional.append(term)
            case "-": excluded.append(term)
            default: needed.append(term)
            }
        }
    }

    func matches(_ message: String) -> Bool {
        needed.allSatisfy { message.contains($0) } && !excluded.contains { message.contains($0) }
            && (optional.isEmpty || optional.contains { message.contains($0) })
    }

    /// Words, and phrases in quotes, each with its sign.
    private static func terms(_ text: some StringProtocol) throws(APIError) -> [(
        sign: Character, term: String
    )] {
        var found: [(sign: Character, term: String)] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first == " " {
                rest.removeFirst()
                continue
            }
            var sign: Character = " "
            if first == "?" || first == "-" {
                sign = first
                rest.removeFirst()
            }
            if rest.first == "\"" {
                rest.removeFirst()
                guard let end = rest.firstIndex(of: "\"") else {
                    throw APIError(
                        "InvalidParameterException", "Invalid filter pattern: a quote is not closed.")
                }
                found.append((sign, String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            } else {
                let term = rest.prefix { $0 != " " }
                found.append((sign, String(term)))
                rest = rest.dropFirst(term.count)
            }
        }
        return found.filter { !$0.term.isEmpty }
    }
}
