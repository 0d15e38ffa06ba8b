import Synchronization

/// How far AWS's clock is ahead of ours, learnt from the `Date` headers of its answers.
///
/// A header says the whole second in which the answer was written, some time between our sending and receiving:
///
///     date − received ≤ offset < date + 1 − sent
///
/// Each answer gives such an interval; what all have in common is the estimate, so it narrows with every call.
package final class ClockOffset: Sendable {
    package struct Estimate: Hashable, Sendable {
        /// AWS's clock minus ours, in seconds.
        package var seconds: Double
        /// The truth lies within this much of it.
        package var uncertainty: Double
    }

    private let interval = Mutex<(low: Double, high: Double)?>(nil)

    package init() {}

    /// nil until the first answer.
    package var estimate: Estimate? {
        interval.withLock { interval in
            interval.map { Estimate(seconds: ($0.low + $0.high) / 2, uncertainty: ($0.high - $0.low) / 2) }
        }
    }

    /// All in seconds since 1970. When the intervals have nothing in common a clock was set: the estimate starts anew.
    package func note(date: Double, sent: Double, received: Double) {
        let low = date - received
        let high = date + 1 - sent
        interval.withLock { interval in
            guard let known = interval, max(known.low, low) <= min(known.high, high) else {
                interval = (low, high)
                return
            }
            interval = (max(known.low, low), min(known.high, high))
        }
    }
}
