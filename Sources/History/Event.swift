package import Plan

/// Something that happened at a known moment, worth a line in the log.
package struct Event: Hashable, Sendable {
    package enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// A phase of the run began: steady state, warm up, hold, drain, read-back…
        case phase
        /// One of a fault's stages: resolved, injected, effect, reverted, healed, refused, failed.
        case fault
        /// A probe began, or has its answer.
        case probe
        /// The platform changed: a task stopped, a target became unhealthy.
        case platform
        /// A task complained: a line of its log.
        case log
        /// Something that weakens the evidence.
        case warning
        /// The run was stopped early, and why.
        case stopped
    }

    /// Real time since the start of the load; negative before it.
    package var at: Nanoseconds
    package var kind: Kind
    /// What it is about: a fault's name, a service, a task id.
    package var subject: String
    /// One line for people.
    package var text: String

    package init(at: Nanoseconds, kind: Kind, subject: String, text: String) {
        self.at = at
        self.kind = kind
        self.subject = subject
        self.text = text
    }
}

/// A CloudWatch alarm that has changed.
extension Event {
    package static func alarm(
        _ name: String, at time: Nanoseconds, from old: String, to new: String, because reason: String
    ) -> Event {
        Event(at: time, kind: .platform, subject: "alarm \(name)", text: "\(old) → \(new): \(reason)")
    }

    package func isOf(alarm name: String) -> Bool { kind == .platform && subject == "alarm \(name)" }

    /// It has gone into ALARM.
    package var saysAlarm: Bool { text.contains(" → ALARM: ") }
}
