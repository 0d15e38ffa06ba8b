import AWS
import Plan

/// Whether the system's guard is kept in what only AWS knows: account and tag. What is left of a service is limited
/// everywhere.
package enum GuardPolicy: Hashable, Sendable {
    case enforced
    /// Not kept, and why in words: for a platform on this machine, where nobody's production can be.
    case waived(because: String)

    /// Enforced, but on loopback, where the lab's account and tags are its own.
    static func standard(isLoopback: Bool) -> GuardPolicy {
        isLoopback ? .waived(because: "the platform is on this machine") : .enforced
    }
}

extension System.Guard {
    /// nil: the account is as expected, or none is.
    package func objection(toAccount found: String) -> String? {
        guard let account, account != found else { return nil }
        return "the guard allows account \(account), but these credentials are of account \(found)"
    }

    /// nil: every target carries the tag, or none is asked for.
    func objection(to targets: [GuardedTarget]) -> String? {
        guard let tagKey else { return nil }
        let wanted = tagValue.map { "\(tagKey)=\($0)" } ?? tagKey
        let bare = targets.filter { target in
            guard let value = target.tags[tagKey] else { return true }
            return tagValue.map { $0 != value } ?? false
        }
        guard !bare.isEmpty else { return nil }
        return "the guard asks for the tag \(wanted), missing on \(bare.map(\.id).joined(separator: ", "))"
    }

    /// nil: enough of each service is left, or nothing limits it.
    func objection(to strikes: [Strike]) -> String? {
        for strike in strikes where strike.struck > 0 {
            let what = "\(strike.struck) of \(strike.running) running tasks of \(strike.service)"
            if let leastLeft, strike.running - strike.struck < leastLeft {
                return
                    "it strikes \(what), and the guard leaves \(leastLeft): strike fewer, or change `leave` in the "
                    + "system's guard"
            }
            if let largestShare, Double(strike.struck) > largestShare * Double(strike.running) {
                let percent = (largestShare * 1000).rounded() / 10
                return "it strikes \(what), and the guard allows at most "
                    + "\(percent == percent.rounded() ? "\(Int(percent))" : "\(percent)")%: strike fewer, or change "
                    + "`strike` in the system's guard"
            }
        }
        return nil
    }

    /// Whether it has to be known what faults strike.
    var limitsStrikes: Bool { leastLeft != nil || largestShare != nil }
}

extension ChaosEngine {
    /// Why the fault must not be injected into the system as it is now; nil: it may. Changes nothing.
    func objection(to fault: any ResolvedFault, _ system: System) async throws(FaultProblem) -> String? {
        let guardrail = system.guardrail
        if case .enforced = guards, let objection = guardrail.objection(to: fault.guarded) {
            return objection
        }
        if guardrail.limitsStrikes, let objection = guardrail.objection(to: try await fault.strikes()) {
            return objection
        }
        return nil
    }

    /// Why the fault must not be begun from this machine, which does not move meanwhile; nil: it may.
    func objectionToPlace(of fault: any ResolvedFault) async throws(FaultProblem) -> String? {
        let own = try await fault.cutOff().first { ownAddresses.contains($0.hardwareAddress) }
        return own.map { mine in
            "it would cut off this machine (\(mine.id) in \(mine.subnet)), which could then not revert it: run "
                + "loadchaos from another zone, or from outside of the VPC"
        }
    }
}
