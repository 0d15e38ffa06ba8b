import AWS
import Plan

/// Whether the system's guard — account and tag — is kept.
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
    func objection(toAccount found: String) -> String? {
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
}
