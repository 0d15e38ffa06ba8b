import Foundation

/// Where progress, warnings and errors go: stderr. Results go to stdout, by the verbs' own `print`.
enum Terminal {
    static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// A person is watching stderr.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Colour only on a terminal that can show it, and only if nobody said no (no-color.org).
    static var hasColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
            && (environment["NO_COLOR"] ?? "").isEmpty
    }
}
