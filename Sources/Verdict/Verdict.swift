package import History
package import Plan

/// What can be said of a promise. Ordered: the worst wins.
package enum Answer: String, Hashable, Codable, Sendable, CaseIterable, Comparable {
    case kept
    /// Broken, as the system file says it must be: a finding about what was promised, not about the run.
    case knownBroken = "known-broken"
    /// The evidence does not decide it.
    case unknown
    case broken
    /// A fault is still in place.
    case notHealed = "not-healed"

    package static func < (a: Answer, b: Answer) -> Bool { a.weight < b.weight }

    private var weight: Int {
        switch self {
        case .kept: 0
        case .knownBroken: 1
        case .unknown: 2
        case .broken: 3
        case .notHealed: 4
        }
    }

    /// For people.
    package var word: String {
        switch self {
        case .knownBroken: "known broken"
        case .notHealed: "not healed"
        case .kept, .unknown, .broken: rawValue
        }
    }
}

/// What is said of one expectation, and why.
package struct Finding: Hashable, Sendable {
    package var expectation: Expectation
    package var answer: Answer
    /// In words, with interval and count: `p95 41.2ms (95% interval 39.8ms to 43ms, n 3,120)`.
    package var measured: String
    /// The same as numbers; nil: nothing was measured.
    package var figure: Figure?
    /// Why it is not plainly kept; empty if it is.
    package var reason: String
    /// What made it unknown although its figures would decide; `reason` begins with its words.
    package var doubt: Doubt?
}

/// A measured value with its 95 % interval. An end that is not bounded is nil.
package struct Figure: Hashable, Sendable {
    package var value: Double?
    package var low: Double?
    package var high: Double?
    /// `ms`, `fraction`, `per_second`, `scenario_s`, `writes`, `tasks`.
    package var unit: String
    /// Requests, writes or samples behind it.
    package var count: UInt64
}

/// What a recording says of its Plan's promises. A pure function of the recording: judging twice gives the same.
package struct Verdict: Hashable, Sendable {
    package var answer: Answer
    /// In the Plan's order.
    package var findings: [Finding]
    /// What happened after each injected fault, in the Plan's order.
    package var aftermaths: [Aftermath]
    /// Whether the generator could have been the bottleneck, over the measured load.
    package var generator: GeneratorHealth
    /// What weakens or explains the answer as a whole: a fault in place, a stop, an interruption.
    package var notes: [String]
    package var ending: RunRecord.Ending
    /// Real seconds that were measured, calm, and bad.
    package var measuredSeconds: Int
    package var calmSeconds: Int
    package var badSeconds: Int
}
