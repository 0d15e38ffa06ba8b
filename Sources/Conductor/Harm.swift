package import History
import Plan

/// Whether clients feel a fault: the client-side half of its proof.
package enum Harm {
    /// In words, when requests due since `injected` failed, and none did in as many seconds (at least five) before; or
    /// when those that succeeded became much slower, all or again and again some; or when the way inside the system
    /// that the fault cuts is hardly taken any more.
    package static func seen(_ recording: Recording, since injected: Int, now: Int) -> String? {
        let after = recording.seconds.filter { injected...max(injected, now) ~= $0.second }
        let span = span(since: injected, now: now)
        let before = recording.seconds.filter { (injected - span)..<injected ~= $0.second }
        return failures(before, after, span) ?? slowness(before, after, span) ?? outliers(before, after, span)
            ?? silence(recording, injected, before, after, span)
    }

    /// How many seconds before the fault are looked at.
    package static func span(since injected: Int, now: Int) -> Int { max(5, now - injected) }

    private static func failures(_ before: [LoadSecond], _ after: [LoadSecond], _ span: Int) -> String? {
        // What this machine could not send proves nothing of the system.
        let (was, now) = (Totals(before), Totals(after))
        let lost = now.failed + now.dropped - now.droppedByUs
        guard lost > 0, was.failed + was.dropped == was.droppedByUs else { return nil }
        return "\(lost) of \(now.planned) requests failed, none in the \(span) s before"
    }

    /// The median, so that a few slow ones prove nothing: at least doubled, and by more than what a scheduler's mood
    /// adds.
    private static func slowness(_ before: [LoadSecond], _ after: [LoadSecond], _ span: Int) -> String? {
        let (was, now) = (Totals(before), Totals(after))
        guard was.ok >= fewest, now.ok >= fewest, let old = was.latency.value(atPercentile: 50),
            let new = now.latency.value(atPercentile: 50), new >= old + old, new - old >= least
        else { return nil }
        return "the median latency is \(new), and was \(old) in the \(span) s before"
    }

    /// A part of the requests that waits for a timeout moves no median. A machine's own stall hits all requests of one
    /// moment, so they must come in several seconds.
    private static func outliers(_ before: [LoadSecond], _ after: [LoadSecond], _ span: Int) -> String? {
        let was = Totals(before)
        guard was.ok >= fewest, let slowest = was.latency.value(atPercentile: 100) else { return nil }
        let bound = slowest + slowest + slow
        let seconds = Set(
            after.filter { $0.okLatency.value(atPercentile: 100) ?? .zero > bound }.map(\.second))
        guard seconds.count >= 3 else { return nil }
        return
            "requests take longer than \(bound) in \(seconds.count) seconds, and none longer than \(slowest) in the "
            + "\(span) s before"
    }

    /// A service that leaves what does not answer alone, for a while, makes few requests slow: but its answers tell no
    /// more of that hop. Only of the fault's own hop, as others come and go with what is in a cache.
    private static func silence(
        _ recording: Recording, _ injected: Int, _ before: [LoadSecond], _ after: [LoadSecond], _ span: Int
    ) -> String? {
        let plan = recording.run.plan
        for record in recording.faults where record.injected?.second == injected {
            guard plan.faults.indices.contains(record.index),
                case .cut(let service, let dependency) = plan.faults[record.index].fault,
                let place = plan.hops.firstIndex(where: { $0.name == "\(service) to \(dependency.words)" })
            else { continue }
            let (was, now) = (Totals(before), Totals(after))
            let (told, tells) = (before.hop(place).total, after.hop(place).total)
            guard was.ok > 0, told >= fewest else { continue }
            let expected = Double(told) * Double(now.ok) / Double(was.ok)
            guard expected >= Double(fewest), Double(tells) <= expected / 2 else { continue }
            return
                "\(tells) of \(now.ok) answers tell of \(plan.hops[place].name), and \(told) of \(was.ok) did in the "
                + "\(span) s before"
        }
        return nil
    }

    private static let fewest: UInt64 = 20
    private static let least = Nanoseconds.milliseconds(5)
    private static let slow = Nanoseconds.milliseconds(50)
}
