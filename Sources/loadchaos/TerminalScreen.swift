import Foundation
import Report
import Synchronization

/// The whole terminal as one picture that is painted again and again, on the alternate screen: what was there before
/// comes back when it ends.
struct TerminalScreen {
    /// What is said while a picture is up is held, and said when it is gone.
    private static let held = Mutex<[String]?>(nil)

    /// False: no picture is up.
    static func hold(_ text: String) -> Bool {
        held.withLock { held in
            held?.append(text)
            return held != nil
        }
    }

    /// The last that was held.
    static var notice: String? { held.withLock { $0?.last } }

    /// A terminal that can be painted on, large enough, and not refused.
    static var isPossible: Bool {
        guard Terminal.isWatched, ProcessInfo.processInfo.environment["TERM"] != "dumb", let size else {
            return false
        }
        return size.columns >= LiveScreen.leastWidth && size.rows >= LiveScreen.leastHeight
    }

    static var size: (columns: Int, rows: Int)? { Terminal.size(of: STDERR_FILENO) }

    /// Alternate screen, no cursor, no wrapping of lines (xterm's control sequences, ECMA-48 private modes).
    static func begin() {
        held.withLock { $0 = [] }
        Terminal.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J")
    }

    /// Paints over what is there; the terminal's rest is cleared.
    static func paint(_ lines: [String]) {
        Terminal.write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    }

    static func end() {
        let said = held.withLock { held in
            defer { held = nil }
            return held ?? []
        }
        Terminal.write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        for text in said { Terminal.note(text) }
    }
}
