import History
package import Plan

/// What became of a load, in whole.
package struct LoadSummary: Hashable, Sendable {
    /// Real length of the load as it was played, without the drain.
    package var loadEnded = Nanoseconds.zero
    /// Ended by `stop()` before its time.
    package var wasStopped = false
    package var planned: UInt64 = 0
    package var sent: UInt64 = 0
    package var dropped: UInt64 = 0
    package var ok: UInt64 = 0
    package var failed: UInt64 = 0
    package var unfinished: UInt64 = 0
    /// Why the ledger could not be written, if so: tracked requests were dropped for it.
    package var ledgerProblem: String?

    mutating func add(_ part: LoadSecond) {
        planned += part.planned
        sent &+= part.sent  // as LoadSecond.add
        dropped += part.dropped
        ok += part.ok
        failed += part.failed
        unfinished = sent - ok - failed
    }
}
