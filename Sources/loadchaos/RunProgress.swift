import Conductor
import Foundation
import History
import Plan
import Report

/// What a person sees while a run goes on: one line a second on a terminal, else each event as it happens.
struct RunProgress: Sendable {
    let plan: Plan

    /// Until it is cancelled.
    func show(_ live: LiveRecording, _ clock: any RunClock) async {
        var shown = 0
        while !Task.isCancelled {
            let recording = live.recording
            // A task's complaints come by the hundred: the report counts them.
            for event in recording.events[shown...] where event.kind != .log {
                Terminal.clearLine()
                Terminal.note(EventLog.line(event, plan, Terminal.style))
            }
            shown = recording.events.count
            if Terminal.isWatched {
                Terminal.line(
                    ProgressLine.text(recording, now: clock.now, Terminal.style, width: Terminal.width - 1))
            }
            // Cancelled is the only way out, and the loop sees it.
            do { try await clock.sleep(for: .seconds(1)) } catch { break }
        }
        Terminal.clearLine()
    }
}
