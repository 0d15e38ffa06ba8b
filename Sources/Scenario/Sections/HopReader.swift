import Plan

/// `nginx to flask-app`: a hop as it is named, and where.
struct NamedHop {
    var name: String
    var span: Span

    static func read(_ cursor: inout Cursor) throws(Complaint) -> NamedHop {
        let from = try cursor.name("where the hop begins")
        try cursor.keyword("to")
        let to = try cursor.name("where the hop ends")
        return NamedHop(name: "\(from.value) to \(to.value)", span: Cursor.span([from, to]))
    }
}

/// Reads one hop of a system: its name, and which metrics of `Server-Timing` tell its time.
enum HopReader {
    static let example = "nginx to flask-app = nginx - app  resolution 1ms"

    static func read(_ statement: Statement) throws(Complaint) -> (hop: System.Hop, name: NamedHop) {
        var cursor = Cursor(statement, shape: example)
        let name = try NamedHop.read(&cursor)
        let equals = try cursor.any("`=`")
        guard equals.text == "=" else { throw cursor.unexpected(equals, expected: "`=`", among: ["="]) }
        var hop = System.Hop(name: name.name, whole: try metric(&cursor))
        if cursor.take("-") { hop.part = try metric(&cursor) }
        if cursor.take("resolution") { hop.resolution = try cursor.duration("the resolution") }
        try cursor.finish()
        return (hop, name)
    }

    private static func metric(_ cursor: inout Cursor) throws(Complaint) -> String {
        let token = try cursor.any("a metric of Server-Timing such as app")
        guard token.kind == .word, token.text.utf8.count <= System.Hop.longestMetric,
            token.text.utf8.allSatisfy(isTokenByte)
        else { throw Complaint(HopProblem.metric(token.text), at: token.span) }
        return token.text
    }

    /// What a metric's name is made of: a token of RFC 9110 §5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// What is wrong with a hop.
enum HopProblem: Problem {
    case metric(String)
    /// A check looks at a hop of a system that names none.
    case none(system: String)

    var message: String {
        switch self {
        case .metric(let text): "`\(text)` cannot be a metric of Server-Timing"
        case .none(let system): "\(system) names no hops"
        }
    }

    var help: String? {
        switch self {
        case .metric:
            "a metric is one word of at most \(System.Hop.longestMetric) letters, digits and !#$%&'*+-.^_`|~"
        case .none: "add a section `hops` to it, and indented below it: \(HopReader.example)"
        }
    }
}

extension Cursor {
    /// From the first of some tokens to the last, as far as they stand on one line.
    static func span(_ tokens: [Token]) -> Span {
        let (first, last) = (tokens[0].span, tokens[tokens.count - 1].span)
        let length = first.line == last.line ? last.column + last.length - first.column : first.length
        return Span(line: first.line, column: first.column, length: length)
    }
}

extension Diagnostics {
    mutating func look(up hop: NamedHop, _ system: System) {
        let known = system.hops.map(\.name)
        if known.contains(hop.name) { return }
        if known.isEmpty {
            add(HopProblem.none(system: system.name), at: hop.span)
        } else {
            add(NameProblem.unknown(kind: "hop", hop.name, known: known, system: system.name), at: hop.span)
        }
    }
}
