package import AWS

/// Why a run with these faults must not start. Nothing was changed.
package enum ChaosRefusal: Error, Sendable, CustomStringConvertible {
    /// The Plan has faults but no system to inject them into.
    case noSystem
    case platform(AWSError)
    case journal(JournalError)
    /// Debts of earlier runs, in the journal at this path.
    case unpaid([Debt], journal: String)
    /// Debts that the platform's own resources tell of, and resources whose debt cannot be read.
    case marked([TaggedDebt], unreadable: [String])
    case wrongRegion(system: String, platform: String)
    case guardrail(String)
    /// Another run is at work on the system.
    case lock(String)
    /// The fault of this name finds nothing to act on.
    case fault(String, why: String)

    package var description: String {
        switch self {
        case .noSystem:
            "the scenario has faults, but names no system to inject them into: add `use \"….system\"`"
        case .platform(let error): "\(error)"
        case .journal(let error): "\(error)"
        case .unpaid(let debts, let journal):
            """
            faults of an earlier run are not reverted yet; first: loadchaos recover --journal \(journal)
            \(debts.map(Self.line).joined(separator: "\n"))
            """
        case .marked(let debts, let unreadable):
            """
            a run on another machine breaks this system now, or one that has died has left something behind; wait for \
            its end, or, if none is alive: loadchaos recover --tags FILE.system
            \((debts.map { "  \($0.fault), run \($0.run)" } + unreadable.map { "  \($0)" }).joined(separator: "\n"))
            """
        case .wrongRegion(let system, let platform):
            "the system is in \(system), but the platform speaks for \(platform): set AWS_REGION=\(system)"
        case .guardrail(let words), .lock(let words): "\(words); nothing was changed"
        case .fault(let name, let why): "\(name): \(why)"
        }
    }

    private static func line(_ debt: Debt) -> String {
        "  \(debt.fault), run \(debt.run), since \(debt.openedAt), on \(debt.platform)"
    }
}
