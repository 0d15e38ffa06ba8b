import Conductor
import Foundation
import History
import Plan
import Report
import Verdict

/// What a person sees while a run goes on: a screen; one line a second on a terminal that is too small for it; else
/// each event as it happens.
struct RunProgress: Sendable {
    let plan: Plan
    /// No events and no screen: only the line on a terminal.
    var isQuiet = false
    /// `--no-screen`.
    var isScreenRefused = false

    /// Until it is cancelled.
    func show(_ live: LiveRecording, _ clock: any RunClock) async {
        if !isQuiet, !isScreenRefused, TerminalScreen.isPossible {
            await showScreen(live, clock)
        } else {
            await showLines(live, clock)
        }
    }

    private func showScreen(_ live: LiveRecording, _ clock: any RunClock) async {
        TerminalScreen.begin()
        defer { TerminalScreen.end() }
        let style = Terminal.style(of: STDERR_FILENO)
        while !Task.isCancelled {
            let soFar = live.soFar
            let now = clock.now
            if let size = TerminalScreen.size {
                let screen = LiveScreen(
                    soFar.timeline, now: now, standings: standings(soFar, now: now),
                    notice: TerminalScreen.notice)
                TerminalScreen.paint(screen.lines(style, width: size.columns, height: size.rows))
            }
            // Cancelled is the only way out, and the loop sees it.
            do { try await clock.sleep(for: .seconds(1)) } catch { break }
        }
    }

    private func showLines(_ live: LiveRecording, _ clock: any RunClock) async {
        var shown = 0
        while !Task.isCancelled {
            let soFar = live.soFar
            // A task's complaints come by the hundred: the report counts them.
            for event in soFar.events[shown...] where !isQuiet && event.kind != .log {
                Terminal.clearLine()
                Terminal.note(EventLog.line(event, plan, Terminal.style))
            }
            shown = soFar.events.count
            if Terminal.isWatched {
                Terminal.line(
                    ProgressLine.text(
                        soFar.timeline, now: clock.now, Terminal.style, width: Terminal.width - 1))
            }
            // Cancelled is the only way out, and the loop sees it.
            do { try await clock.sleep(for: .seconds(1)) } catch { break }
        }
        Terminal.clearLine()
    }
}
