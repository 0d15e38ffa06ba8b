import Plan

/// What one check found, before the rules about faults, generator and ending are applied.
struct Measurement {
    var answer: Answer
    var measured: String
    var figure: Figure?
    var reason = ""

    static func unknown(_ reason: String, measured: String = "nothing") -> Measurement {
        Measurement(answer: .unknown, measured: measured, figure: nil, reason: reason)
    }

    /// The usual reason for an answer that an interval decided.
    static func reason(_ answer: Answer, point: Bool) -> String {
        switch answer {
        case .kept: ""
        case .broken: "the whole interval misses the bound"
        case .unknown, .knownBroken, .notHealed:
            point
                ? "the value meets the bound, but its interval does not: too little data to be sure"
                : "the value misses the bound, but its interval reaches it: too little data to be sure"
        }
    }
}
