import Glibc
package import Plan

extension MonotonicClock {
    /// CLOCK_MONOTONIC of this machine: it never jumps when the wall clock is set.
    package static var machineTime: Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Nanoseconds(Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
