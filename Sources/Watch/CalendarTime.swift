import AWS
import History
import Plan

/// Points of AWS's calendar on the run's clock, and back.
struct CalendarTime: Sendable {
    let platform: AWSPlatform
    let clock: any RunClock

    /// AWS's clock, as far as its answers tell it; seconds since 1970.
    var wall: Double {
        // On one machine there is one clock; the header's whole seconds would only blur it.
        let offset = platform.isLoopback ? 0 : platform.clockOffset.estimate?.seconds ?? 0
        return platform.configuration.wallClock() + offset
    }

    func onRun(_ calendar: Double) -> Nanoseconds { clock.now - .seconds(wall - calendar) }
}
