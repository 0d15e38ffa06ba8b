import Foundation

/// The lab's clock, handed in so that tests can turn it by hand.
package protocol LabClock: Sendable {
    /// Real time since the clock's origin; never goes back.
    var now: Duration { get }
    /// The origin on the calendar, in seconds since 1970: what API answers count their dates from.
    var origin: Double { get }
    /// Returns at once if `time` is past. Throws CancellationError when the task is cancelled.
    func sleep(until time: Duration) async throws
}

extension LabClock {
    /// A point of this clock on the calendar, in seconds since 1970.
    func calendar(_ time: Duration) -> Double { origin + time.inSeconds }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// The machine's monotonic clock; the calendar is read once, at the origin.
package struct MachineClock: LabClock {
    private let start = ContinuousClock.now
    package let origin: Double = Date().timeIntervalSince1970

    package init() {}

    package var now: Duration { start.duration(to: .now) }

    package func sleep(until time: Duration) async throws {
        try await Task.sleep(until: start + time, clock: .continuous)
    }
}
