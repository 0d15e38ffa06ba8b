/// How requests arrive.
package enum LoadModel: Hashable, Codable, Sendable {
    /// Open model: each request has a due time that does not depend on earlier answers.
    case open([Phase])
    /// Closed model: each user sends its next request when the last has ended.
    case closed(users: Int, duration: Nanoseconds)
}

/// A stretch of load with one linear rate.
package struct Phase: Hashable, Codable, Sendable {
    package enum Kind: String, Hashable, Codable, Sendable {
        /// Sent and recorded, but never judged.
        case warmUp = "warm up"
        case ramp
        case hold
    }

    package var kind: Kind
    /// Requests per second of real time at the start and the end of the phase; equal unless it ramps.
    package var startRate: Double
    package var endRate: Double
    /// On the scenario clock.
    package var duration: Nanoseconds

    package init(_ kind: Kind, startRate: Double, endRate: Double, duration: Nanoseconds) {
        self.kind = kind
        self.startRate = startRate
        self.endRate = endRate
        self.duration = duration
    }
}
