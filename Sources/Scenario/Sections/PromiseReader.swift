import Plan

/// Reads one promise of a system: its name, the section of the document it is from, and one check or more.
struct PromiseReader {
    private var cursor: Cursor
    private let name: Token
    /// Named in its checks; to be looked up.
    private(set) var services: [Token] = []
    private(set) var hops: [NamedHop] = []

    static let example = "\"few errors\"  from \"Response Times\"  check error rate < 0.5% when calm"
    static let clauses = ["from", "check", "known", "by"]

    init(_ statement: Statement) {
        name = statement.first
        cursor = Cursor(statement, shape: Self.example, skipping: 1)
    }

    mutating func read(_ diagnostics: inout Diagnostics) -> System.Promise? {
        guard name.kind == .string else {
            diagnostics.add(WordProblem.unquoted(name.text, expected: "the name of a promise"), at: name.span)
            return nil
        }
        let before = diagnostics.errors
        var promise = System.Promise(name: name.value, source: "", expectations: [])
        var seen: Set<String> = []
        while let token = cursor.next() {
            do throws(Complaint) {
                guard token.kind == .word, Self.clauses.contains(token.text) else {
                    throw cursor.unexpected(token, expected: "a clause of the promise", among: Self.clauses)
                }
                if !seen.insert(token.text).inserted, token.text != "check" {
                    diagnostics.add(StructureProblem.duplicateClause(token.text), at: token.span)
                }
                try clause(token.text, &promise)
            } catch {
                diagnostics.add(error)
                cursor.skip(to: Self.clauses)
            }
        }
        let needed = [
            "from": "from \"High Availability Features\"", "check": "check error rate < 0.5% when calm",
        ]
        for clause in Self.clauses where diagnostics.errors == before && !seen.contains(clause) {
            guard let example = needed[clause] else { continue }
            diagnostics.add(
                StructureProblem.missingClause(clause, of: "promise \(name.text)", example: example),
                at: name.span)
        }
        return promise
    }

    private mutating func clause(_ clause: String, _ promise: inout System.Promise) throws(Complaint) {
        switch clause {
        case "from":
            cursor.shape = "from \"High Availability Features\""
            promise.source = try cursor.string("a section of the document").value
        case "check":
            let draft = try ExpectationReader.read(&cursor, stops: Self.clauses)
            if let load = draft.load { throw Complaint(StreamProblem.promised(load.text), at: load.span) }
            if let service = draft.service { services.append(service) }
            if let hop = draft.hop { hops.append(hop) }
            let words = Cursor.text(draft.faultWords ?? [])
            let window: Window =
                switch draft.time {
                case .measured: .measured
                case .calm: .calm
                case .during: .during(fault: words)
                case .after: .after(fault: words)
                }
            promise.expectations.append(
                Expectation(text: draft.text, check: draft.check, window: window, promise: promise.name))
            cursor.shape = Self.example
        case "known":
            cursor.shape = "known broken \"why it cannot be kept\""
            try cursor.keyword("broken")
            promise.knownBroken = try cursor.string("the reason").value
        default:
            cursor.shape = "by construction"
            try cursor.keyword("construction")
            promise.byConstruction = true
        }
    }
}
