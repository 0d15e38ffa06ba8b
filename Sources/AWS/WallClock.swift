import Glibc

/// The machine's wall clock: only for what AWS dates by wall clock, never for measuring.
package enum WallClock {
    /// Seconds since 1970, CLOCK_REALTIME.
    @Sendable package static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
