package import History
package import Plan

/// When a run ends early because going on would tell nothing more.
package enum StopRule {
    /// How long without any good answer, on the real clock, is a target that went down.
    package static let silence = Nanoseconds.seconds(15)

    /// Why the run must stop, or nil. A silence that a fault may explain stops nothing: it is what is being measured.
    package static func reason(_ recording: Recording, now: Nanoseconds) -> String? {
        let faultUnderWay = recording.faults.contains { fault in
            fault.injected != nil && fault.healed == nil && fault.state != .notHealed
        }
        guard !faultUnderWay else { return nil }
        let last = now.second - 1
        let first = last - Int(silence.inSeconds) + 1
        guard first >= 0 else { return nil }
        let rows = recording.seconds.filter { first...last ~= $0.second }
        let sent = rows.reduce(0) { $0 + $1.sent }
        let planned = rows.reduce(0) { $0 + $1.planned }
        let ok = rows.reduce(0) { $0 + $1.ok }
        // Slow is not down: an answer of any kind, or requests still waiting within their time, is not silence.
        let unreachable = rows.reduce(0) { sum, row in
            sum
                + row.failures.filter { $0.failure == .connect || $0.failure == .dns || $0.failure == .tls }
                .reduce(0) { $0 + $1.count }
        }
        guard planned > 0, ok == 0, sent > 0, unreachable * 10 >= sent * 9 else { return nil }
        return
            "target down: no connection for \(silence) (\(unreachable) of \(sent) requests could not connect)"
    }
}
