package import History
import Plan

/// Whether clients feel a fault: the client-side half of its proof.
package enum Harm {
    /// In words, when requests due since `injected` failed, and none did in as many seconds (at least five) before.
    package static func seen(_ recording: Recording, since injected: Int, now: Int) -> String? {
        let after = recording.seconds.filter { injected...max(injected, now) ~= $0.second }
        let bad = after.reduce(0) { $0 + $1.failed + $1.dropped }
        guard bad > 0 else { return nil }
        let span = max(5, now - injected)
        let before = recording.seconds.filter { (injected - span)..<injected ~= $0.second }
        guard before.reduce(0, { $0 + $1.failed + $1.dropped }) == 0 else { return nil }
        let planned = after.reduce(0) { $0 + $1.planned }
        return "\(bad) of \(planned) requests failed, none in the \(span) s before"
    }
}
