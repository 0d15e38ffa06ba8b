/// One thing that is wrong with a file: where it is, and the facts of it. The words come from the problem
/// itself.
package struct Finding: Error, Sendable {
    package enum Severity: String, Sendable {
        /// There is no Plan.
        case error
        /// The file is understood all the same.
        case warning
    }

    package let severity: Severity
    /// As given on the command line, or as a scenario's `use` leads to it.
    package let file: String
    /// nil if it is about the file as a whole.
    package let place: Span?
    /// The source line it is about, for the caret.
    package let excerpt: Excerpt?
    package let problem: any Problem

    init(
        _ problem: any Problem, file: String, place: Span? = nil, excerpt: Excerpt? = nil,
        severity: Severity = .error
    ) {
        self.severity = severity
        self.file = file
        self.place = place
        self.excerpt = excerpt
        self.problem = problem
    }
}

/// A stretch of one line.
package struct Span: Hashable, Sendable {
    /// Both count from 1; columns count Unicode scalars.
    package var line: Int
    package var column: Int
    package var length: Int

    package init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = length
    }
}

/// The facts of a finding. Each area of the language has its own enum of them; the wording stands below the
/// facts.
package protocol Problem: Sendable {
    /// What is wrong, in one line, with the value found and the bound it breaks.
    var message: String { get }
    /// Why it is wrong, or where the other half of it stands.
    var note: String? { get }
    /// What to write instead.
    var help: String? { get }
}

extension Problem {
    package var note: String? { nil }
    package var help: String? { nil }
}

/// What a parser throws to give up one statement; `Diagnostics` turns it into a Finding.
struct Complaint: Error {
    var problem: any Problem
    var span: Span

    init(_ problem: any Problem, at span: Span) {
        self.problem = problem
        self.span = span
    }
}
