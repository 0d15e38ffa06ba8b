import Plan

/// A check with the tokens that must still be looked up: its fault, its service.
struct ExpectationDraft {
    enum Time {
        case measured, calm
        case during([Token])
        case after([Token])
    }

    var text: String
    var check: Expectation.Check
    var time: Time
    var span: Span
    var service: Token?
    /// The name of the load that it is about.
    var load: Token?
    /// Where it names a probe.
    var probeSpan: Span?
    var hop: NamedHop?

    /// The words that name a fault, if the check looks at one.
    var faultWords: [Token]? {
        switch time {
        case .during(let words), .after(let words): words
        case .measured, .calm: nil
        }
    }
}

/// `expect`: what must hold, and the promises of the system that the scenario keeps.
struct ExpectSection {
    enum Statement {
        case check(ExpectationDraft)
        case keeps(Token)
    }

    private(set) var statements: [Statement] = []
    private(set) var isBroken = false

    static let example = "p95 latency < 100ms when calm"

    init(_ section: Section, _ diagnostics: inout Diagnostics) {
        let before = diagnostics.errors
        for statement in section.statements where !statement.isBroken {
            var cursor = Cursor(statement, shape: Self.example)
            do throws(Complaint) {
                if cursor.take("keeps") {
                    cursor.shape = "keeps \"tasks stay between 2 and 4\""
                    let name = try cursor.string("the name of a promise")
                    try cursor.finish()
                    statements.append(.keeps(name))
                } else {
                    let draft = try ExpectationReader.read(&cursor)
                    try cursor.finish()
                    statements.append(.check(draft))
                }
            } catch {
                diagnostics.add(error)
            }
        }
        isBroken = diagnostics.errors > before || section.isSuspect
    }
}

/// Reads one check: subject, bound, window.
enum ExpectationReader {
    /// What a check can be about, as it is written.
    static let subjects = [
        "p95 latency", "max latency", "p95 hop … to …", "error rate", "throughput", "recovery", "lost writes",
        "tasks", "running tasks", "healthy tasks", "scale out", "scale in", "reversals of", "deployment of",
        "probe",
    ]

    /// - Parameter stops: the words at which a fault's name ends; in a promise another clause may follow.
    static func read(_ cursor: inout Cursor, stops: [String] = []) throws(Complaint) -> ExpectationDraft {
        let start = cursor.position
        let span = cursor.here
        let subject = try cursor.any("a check such as `p95 latency`")
        var service: Token?
        var load: Token?
        var probeSpan: Span?
        var hop: NamedHop?
        let check: Expectation.Check
        switch subject.text {
        case "error":
            cursor.shape = "error rate < 0.5% when calm"
            try cursor.keyword("rate")
            load = try loadName(&cursor)
            check = .errorRate(try bound(&cursor, percentage))
        case "throughput":
            cursor.shape = "throughput > 70/s"
            load = try loadName(&cursor)
            check = .throughput(try bound(&cursor, rate))
        case "recovery":
            cursor.shape = "recovery < 120s after block zone"
            load = try loadName(&cursor)
            check = .recovery(try bound(&cursor, duration))
        case "lost":
            cursor.shape = "lost writes = 0"
            try cursor.keyword("writes")
            check = .lostWrites(try bound(&cursor, count))
        case "probe":
            cursor.shape = "probe \"redis operations\" > 50000"
            let name = try cursor.string("the name of a probe")
            probeSpan = name.span
            check = .probe(name.value, try probeAnswer(&cursor))
        case "scale":
            check = .scaling(try ScalingReader.scaling(&cursor, &service))
        case "reversals":
            cursor.shape = "reversals of flask-app <= 1"
            try cursor.keyword("of")
            let name = try cursor.name("the name of a service")
            service = name
            check = .reversals(service: name.value, try bound(&cursor, count))
        case "deployment":
            cursor.shape = "deployment of flask-app rolled back after deploy flask-app"
            try cursor.keyword("of")
            let name = try cursor.name("the name of a service")
            try cursor.keyword("rolled")
            try cursor.keyword("back")
            service = name
            check = .rolledBack(service: name.value)
        case "tasks", "running", "healthy":
            cursor.shape = "healthy tasks of flask-app >= 2"
            if subject.text != "tasks" { try cursor.keyword("tasks") }
            if cursor.take("of") { service = try cursor.name("the name of a service") }
            let kind: Expectation.TaskCount =
                subject.text == "tasks" ? .desired : subject.text == "running" ? .running : .healthy
            if kind == .desired, let named = service, cursor.take("step") {
                check = .steps(service: named.value, try ScalingReader.steps(&cursor))
            } else {
                check = .tasks(kind, service: service?.value, try bound(&cursor, count))
            }
        default:
            let percentile = try percentile(subject, cursor)
            if cursor.take("hop") {
                cursor.shape = "p95 hop nginx to flask-app < 5ms when calm"
                let named = try NamedHop.read(&cursor)
                hop = named
                check = .hop(named.name, percentile: percentile, try bound(&cursor, latency))
                break
            }
            try cursor.keyword("latency")
            load = try loadName(&cursor)
            check = .latency(percentile: percentile, try bound(&cursor, latency))
        }
        let time = check.looksAtWholeLoad ? .measured : try window(&cursor, stops)
        let draft = ExpectationDraft(
            text: cursor.text(since: start), check: check, time: time, span: span, service: service,
            load: load,
            probeSpan: probeSpan, hop: hop)
        try checkSense(draft)
        return draft
    }

    /// `of "reports"`
    private static func loadName(_ cursor: inout Cursor) throws(Complaint) -> Token? {
        cursor.take("of") ? try cursor.string("the name of a load") : nil
    }

    private static func percentile(_ subject: Token, _ cursor: Cursor) throws(Complaint) -> Double {
        let text = subject.text
        if text == "max" { return 100 }
        if text == "latency" { throw Complaint(ExpectationProblem.whichLatency, at: subject.span) }
        guard subject.kind == .word, text.hasPrefix("p"), text.dropFirst().first?.isASCIIDigit == true else {
            let first =
                subjects.map { String($0.prefix { $0 != " " }) } + ["p50", "p90", "p99", "p99.9", "keeps"]
            throw Complaint(
                ExpectationProblem.unknownSubject(text, near: Suggestion.nearest(to: text, among: first)),
                at: subject.span)
        }
        let number = WrittenNumber(String(text.dropFirst()))
        guard number.suffix.isEmpty, let value = number.value, value > 0, value < 100 else {
            throw Complaint(ExpectationProblem.percentile(text), at: subject.span)
        }
        return value
    }

    // MARK: Values

    private static func probeAnswer(_ cursor: inout Cursor) throws(Complaint) -> Expectation.ProbeAnswer {
        if cursor.take("succeeds") { return .succeeds }
        if cursor.take("fails") { return .fails }
        let expected = "`succeeds`, `fails` or a comparison such as `>`"
        guard let token = cursor.peek else { throw cursor.missing(expected) }
        if token.kind == .word, token.text != "between" {
            throw cursor.unexpected(token, expected: expected, among: ["succeeds", "fails"])
        }
        return .number(try bound(&cursor, plainNumber))
    }

    /// Bare, because the command's output has its own unit.
    private static func plainNumber(_ cursor: inout Cursor) throws(Complaint) -> Double {
        let token = try cursor.any("a number such as 50000")
        let number = WrittenNumber(token.text)
        guard token.kind == .word, number.suffix.isEmpty, let value = number.value else {
            throw cursor.unexpected(token, expected: "a number without a unit such as 50000")
        }
        return number.negative ? -value : value
    }

    private static func percentage(_ cursor: inout Cursor) throws(Complaint) -> Double {
        try cursor.quantity(.percentage, "the bound")
    }
    private static func rate(_ cursor: inout Cursor) throws(Complaint) -> Double {
        try cursor.rate("the bound")
    }
    private static func latency(_ cursor: inout Cursor) throws(Complaint) -> Nanoseconds {
        try cursor.duration("the latency")
    }
    private static func duration(_ cursor: inout Cursor) throws(Complaint) -> Nanoseconds {
        try cursor.duration("the bound")
    }
    private static func count(_ cursor: inout Cursor) throws(Complaint) -> Int {
        try cursor.count("the bound", in: 0...1_000_000, example: "0")
    }

    private static func bound<Value>(
        _ cursor: inout Cursor, _ value: (inout Cursor) throws(Complaint) -> Value
    ) throws(Complaint) -> Bound<Value> {
        let token = try cursor.any("a comparison such as `<`")
        switch token.text {
        case "<": return .below(try value(&cursor))
        case "<=": return .atMost(try value(&cursor))
        case ">": return .above(try value(&cursor))
        case ">=": return .atLeast(try value(&cursor))
        case "=": return .equal(try value(&cursor))
        case "between":
            let low = try value(&cursor)
            try cursor.keyword("and")
            let span = cursor.here
            let high = try value(&cursor)
            guard low <= high else { throw Complaint(ExpectationProblem.emptyBetween, at: span) }
            return .between(low, high)
        default: throw Complaint(ExpectationProblem.comparison(token.text), at: token.span)
        }
    }

    private static func window(
        _ cursor: inout Cursor, _ stops: [String]
    ) throws(Complaint) -> ExpectationDraft.Time {
        guard let token = cursor.peek, token.kind != .word || !stops.contains(token.text) else {
            return .measured
        }
        _ = cursor.next()
        switch token.text {
        case "when":
            try cursor.keyword("calm")
            return .calm
        case "during", "after":
            var words: [Token] = []
            while let word = cursor.peek, !(word.kind == .word && stops.contains(word.text)) {
                words.append(word)
                _ = cursor.next()
            }
            if words.isEmpty { throw cursor.missing("a fault such as `block zone`") }
            return token.text == "during" ? .during(words) : .after(words)
        default:
            throw cursor.unexpected(
                token, expected: "`when calm`, `during …` or `after …`", among: ["when", "during", "after"])
        }
    }

    /// Combinations that read well and mean nothing.
    private static func checkSense(_ draft: ExpectationDraft) throws(Complaint) {
        switch draft.check {
        case .latency(_, .equal), .hop(_, _, .equal):
            throw Complaint(ExpectationProblem.exactTime(draft.text), at: draft.span)
        case .recovery(let bound):
            guard case .after = draft.time else {
                throw Complaint(ExpectationProblem.recoveryOfWhat, at: draft.span)
            }
            switch bound {
            case .below, .atMost: break
            default: throw Complaint(ExpectationProblem.recoveryBound, at: draft.span)
            }
        case .rolledBack:
            guard case .after = draft.time else {
                throw Complaint(ExpectationProblem.rollbackOfWhat, at: draft.span)
            }
        case .lostWrites:
            guard case .measured = draft.time else {
                throw Complaint(ExpectationProblem.lostWritesWindow, at: draft.span)
            }
        case .probe:
            guard case .measured = draft.time else {
                throw Complaint(ExpectationProblem.probeWindow, at: draft.span)
            }
        default: break
        }
    }
}
