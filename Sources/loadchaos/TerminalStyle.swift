import Foundation
import Report

extension Terminal {
    /// Colour only on a terminal that can show it, and not where NO_COLOR is set to anything (no-color.org).
    static var style: Style { style(of: STDOUT_FILENO) }

    static func style(of file: Int32) -> Style {
        let environment = ProcessInfo.processInfo.environment
        let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return isatty(file) == 1 && !isRefused && environment["TERM"] != "dumb" ? .terminal : .plain
    }

    /// Columns of the terminal; 100 where there is none.
    static var width: Int {
        size(of: STDOUT_FILENO)?.columns ?? 100
    }

    /// As it is now: a person may change it at any time. nil: it is no terminal.
    static func size(of file: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
