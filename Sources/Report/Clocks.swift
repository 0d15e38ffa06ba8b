import Plan
import Verdict

/// A moment on both clocks, as every report shows it.
struct Clocks {
    let plan: Plan

    /// Scenario clock: `2m05s`, `-3s`.
    func scenario(_ time: Nanoseconds) -> String {
        let whole = Int(plan.scenario(time).inSeconds.rounded(.down))
        let sign = whole < 0 ? "-" : ""
        let size = abs(whole)
        guard size >= 60 else { return "\(sign)\(size)s" }
        let seconds = size % 60
        return "\(sign)\(size / 60)m\(seconds < 10 ? "0" : "")\(seconds)s"
    }

    /// Real time since the start of the load: `20.4s`.
    func real(_ time: Nanoseconds) -> String {
        let tenths = Int((time.inSeconds * 10).rounded())
        return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)s"
    }
}
