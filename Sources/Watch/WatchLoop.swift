package import AWS
import History
package import Plan

/// Looks at something again and again until it is cancelled. A look that fails is one event, and one more when it
/// succeeds again.
struct WatchLoop {
    /// What is looked at: `the platform`.
    let what: String
    let interval: Nanoseconds
    let clock: any RunClock
    let writer: any HistoryWriter

    func run(_ look: () async throws(AWSError) -> Void) async {
        var pace = WatchPace(what, interval: interval)
        while !Task.isCancelled {
            let started = clock.now
            do {
                try await look()
                if let text = pace.answered() { note(.platform, text) }
            } catch {
                if Task.isCancelled { return }
                if let text = pace.failed(error) { note(.warning, text) }
            }
            do {
                try await clock.sleep(until: started + pace.wait)
            } catch {
                // Cancelled while waiting: the end of the watch.
                return
            }
        }
    }

    private func note(_ kind: Event.Kind, _ text: String) {
        writer.record(.event(Event(at: clock.now, kind: kind, subject: "watch", text: text)))
    }
}

/// How long to wait until the next look, and whether its failure is news.
package struct WatchPace: Sendable {
    /// Throttled calls are asked less and less often, down to once a minute.
    package static let waitMax = Nanoseconds.seconds(60)

    private let what: String
    private let interval: Nanoseconds
    private var isFailing = false
    package private(set) var wait: Nanoseconds

    package init(_ what: String = "the platform", interval: Nanoseconds) {
        self.what = what
        self.interval = interval
        wait = interval
    }

    /// What to tell: only the first failure in a row is news.
    package mutating func failed(_ error: AWSError) -> String? {
        if error.isThrottling { wait = min(wait * 2, max(Self.waitMax, interval)) }
        defer { isFailing = true }
        return isFailing ? nil : "\(what) cannot be watched: \(error)"
    }

    /// What to tell: the end of a failure. The pace is regained by halves, not at once.
    package mutating func answered() -> String? {
        wait = max(wait / 2, interval)
        defer { isFailing = false }
        return isFailing ? "\(what) is watched again" : nil
    }
}
