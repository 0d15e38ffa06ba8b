package import Plan

/// What became of one planned fault: its four times, its proofs, and what went wrong.
package struct FaultRecord: Hashable, Sendable {
    package enum State: String, Hashable, Codable, Sendable, CaseIterable {
        case planned
        /// Its undo is in the journal; mutations may have begun.
        case journaled
        case injected
        case reverted
        /// Back as before: observed, not assumed.
        case healed
        /// Not injected: steady state not met, a guard, nothing to act on.
        case skipped
        /// Could not be reverted, or not proved healed in time: exit code 3.
        case notHealed = "not-healed"
    }

    /// Index into the Plan's faults.
    package var index: Int
    package var name: String
    package var state: State
    /// The resources it acts on, as resolved.
    package var targets: [String]
    /// The API had accepted every mutating call. Times are real time since the start of the load.
    package var injected: Nanoseconds?
    /// The harm was observed, not assumed; nil: not proved.
    package var effect: Nanoseconds?
    package var reverted: Nanoseconds?
    package var healed: Nanoseconds?
    package var effectProof: String?
    package var healedProof: String?
    /// Why it was skipped, failed or could not be healed; with what is left to do by hand.
    package var problem: String?

    package init(index: Int, name: String, state: State = .planned, targets: [String] = []) {
        self.index = index
        self.name = name
        self.state = state
        self.targets = targets
    }
}
