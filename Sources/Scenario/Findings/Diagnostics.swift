/// Collects the findings of one file while it is read to the end.
struct Diagnostics {
    let file: String
    let lines: [SourceLine]
    private(set) var findings: [Finding] = []

    init(file: String, lines: [SourceLine]) {
        self.file = file
        self.lines = lines
    }

    var errors: Int { findings.count { $0.severity == .error } }

    mutating func add(_ problem: any Problem, at span: Span, severity: Finding.Severity = .error) {
        let isInside = lines.indices.contains(span.line - 1)
        let excerpt = isInside ? Excerpt(lines[span.line - 1].scalars, around: span) : nil
        findings.append(Finding(problem, file: file, place: span, excerpt: excerpt, severity: severity))
    }

    mutating func add(_ complaint: Complaint) { add(complaint.problem, at: complaint.span) }

    /// About the file as a whole.
    mutating func add(_ problem: any Problem) { findings.append(Finding(problem, file: file)) }

    /// In the order of the file, each place once per message.
    var sorted: [Finding] {
        let order = findings.enumerated().sorted { a, b in
            let (left, right) = (a.element.place, b.element.place)
            return (left?.line ?? 0, left?.column ?? 0, a.offset) < (
                right?.line ?? 0, right?.column ?? 0, b.offset
            )
        }
        return order.map(\.element)
    }
}
