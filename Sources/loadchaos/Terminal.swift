import Foundation

/// Where progress, warnings and errors go: stderr. Results go to stdout, by the verbs' own `print`.
enum Terminal {
    static func note(_ text: String) {
        if !TerminalScreen.hold(text) { write(text + "\n") }
    }

    /// A line that the next one replaces; only where a person is watching.
    static func line(_ text: String) { if isWatched { write("\r\u{1B}[2K" + text) } }
    static func clearLine() { if isWatched { write("\r\u{1B}[2K") } }

    /// A person is watching stderr.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
