package import History
package import Plan

/// When a run ends early because going on would tell nothing more.
package enum StopRule {
    /// How long without any good answer, on the real clock, is a target that went down.
    package static let silenceLimit = Nanoseconds.seconds(15)

    /// Why the run must stop, or nil.
    package static func reason(_ timeline: Timeline, now: Nanoseconds) -> String? {
        for condition in timeline.run.plan.stops {
            if let why = reason(condition, timeline, now: now) { return "\(condition.text): \(why)" }
        }
        return silence(timeline, now: now)
    }

    private static func reason(
        _ condition: StopCondition, _ timeline: Timeline, now: Nanoseconds
    ) -> String? {
        switch condition.kind {
        case .alarm(let name):
            let alarm = timeline.events.last { $0.isOf(alarm: name) }
            return alarm?.saysAlarm == true ? alarm?.text : nil
        case .errorRate(let limit, let length):
            let seconds = max(1, timeline.run.plan.real(length).second)
            return worst(of: seconds, timeline, now: now).flatMap { bad, counted in
                Double(bad) > limit * Double(counted) ? "\(bad) of \(counted) requests failed" : nil
            }
        }
    }

    /// The stretch of so many whole seconds in which the largest part of the requests has failed so far.
    ///
    /// A request fails in the second in which it was due, and that may come out a deadline later: every stretch is
    /// looked at that can still have changed. What is still waited for has not failed.
    private static func worst(
        of length: Int, _ timeline: Timeline, now: Nanoseconds
    ) -> (bad: UInt64, counted: UInt64)? {
        let deadline = timeline.run.plan.requests.map(\.deadline).max() ?? Request.defaultDeadline
        let last = now.second - 1
        let first = max(0, last - Int(deadline.inSeconds.rounded(.up)) - length + 1)
        guard last - first + 1 >= length else { return nil }
        var counted = [UInt64](repeating: 0, count: last - first + 1)
        var bad = counted
        for second in timeline.seconds where first...last ~= second.second {
            counted[second.second - first] = second.planned - second.droppedByUs
            bad[second.second - first] = second.bad - second.unfinished
        }
        return (0...counted.count - length).map { start in
            (
                bad[start..<start + length].reduce(0, +),
                counted[start..<start + length].reduce(0, +)
            )
        }.filter { $0.1 > 0 }.max { $0.0 * $1.1 < $1.0 * $0.1 }
    }

    /// A silence that a fault may explain stops nothing: it is what is being measured.
    private static func silence(_ timeline: Timeline, now: Nanoseconds) -> String? {
        let faultUnderWay = timeline.faults.contains { fault in
            fault.injected != nil && fault.healed == nil && fault.state != .notHealed
        }
        guard !faultUnderWay else { return nil }
        let last = now.second - 1
        let first = last - Int(silenceLimit.inSeconds) + 1
        guard first >= 0 else { return nil }
        let seconds = timeline.seconds.filter { first...last ~= $0.second }
        let sent = seconds.reduce(0) { $0 + $1.sent }
        let planned = seconds.reduce(0) { $0 + $1.planned }
        let ok = seconds.reduce(0) { $0 + $1.ok }
        // Slow is not down: an answer of any kind, or requests still waiting within their time, is not silence.
        let unreachable = seconds.reduce(0) { sum, second in
            [.connect, .dns, .tls].reduce(sum) { $0 + (second.failures[$1] ?? 0) }
        }
        guard planned > 0, ok == 0, sent > 0, unreachable * 10 >= sent * 9 else { return nil }
        return
            "target down: no connection for \(silenceLimit) (\(unreachable) of \(sent) requests could not connect)"
    }
}
