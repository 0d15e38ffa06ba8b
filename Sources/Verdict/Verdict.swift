package import Plan

/// What can be said of a promise. Ordered: the worst wins.
package enum Answer: Int, Comparable, Hashable, Sendable, CaseIterable {
    case kept
    case unknown
    case broken
    case notHealed

    package static func < (a: Answer, b: Answer) -> Bool { a.rawValue < b.rawValue }

    package var word: String {
        switch self {
        case .kept: "kept"
        case .unknown: "unknown"
        case .broken: "broken"
        case .notHealed: "not healed"
        }
    }
}

/// What is said of one expectation, and why.
package struct Finding: Hashable, Sendable {
    package var expectation: Expectation
    package var answer: Answer
    /// The figure with its interval and count: `p95 12.4 ms (95 %: 11.9–13.0, n = 2,750)`.
    package var measured: String
    /// Why it is not kept, or what else must be known.
    package var reason: String

    package init(expectation: Expectation, answer: Answer, measured: String, reason: String = "") {
        self.expectation = expectation
        self.answer = answer
        self.measured = measured
        self.reason = reason
    }
}

/// What a recording says of its Plan's promises. A pure function of the recording: judging twice gives the same.
package struct Verdict: Hashable, Sendable {
    package var answer: Answer
    package var findings: [Finding]
    /// What happened around each injected fault.
    package var aftermaths: [Aftermath]
    /// Whether the generator could have been the bottleneck.
    package var generator: GeneratorHealth
    /// What weakens or explains the answer as a whole.
    package var notes: [String]
}
