/// How requests arrive.
package enum LoadModel: Hashable, Codable, Sendable {
    /// Open model: each request has a due time that does not depend on earlier answers.
    case open([Phase])
    /// Closed model: each user sends its next request when the last has ended and it has thought.
    case closed([UserPhase], think: ThinkTime)
    /// Open model, with the times of a recording in the place of rates.
    case replay(Replay)

    /// The same number of users all the time.
    package static func closed(
        users: Int, duration: Nanoseconds, think: ThinkTime = .none
    ) -> LoadModel {
        .closed([UserPhase(.hold, startUsers: users, endUsers: users, duration: duration)], think: think)
    }

    /// The highest planned rate, per second of real time; nil: users have none.
    ///
    /// - Parameter speed: the Plan's. Only a replay's rate grows with it.
    package func peakRate(at speed: Double) -> Double? {
        switch self {
        case .open(let phases): phases.map { max($0.startRate, $0.endRate) }.max() ?? 0
        case .closed: nil
        case .replay(let replay): Double(replay.most(within: .seconds(speed)))
        }
    }

    /// What its phases are, and how long, whichever the model.
    package var phases: [(kind: Phase.Kind, duration: Nanoseconds)] {
        switch self {
        case .open(let phases): phases.map { ($0.kind, $0.duration) }
        case .closed(let phases, _): phases.map { ($0.kind, $0.duration) }
        case .replay(let replay): [(.replay, replay.duration)]
        }
    }
}

/// A stretch of load with one law for its rate.
package struct Phase: Hashable, Codable, Sendable {
    package enum Kind: String, Hashable, Codable, Sendable {
        /// Sent and recorded, but never judged.
        case warmUp = "warm up"
        case ramp
        case hold
        /// A sine: from the start rate to the end rate and back in each period.
        case wave
        /// The whole of a replay.
        case replay
    }

    package var kind: Kind
    /// Requests per second of real time at the start and the end of the phase; equal unless it ramps. A wave's two
    /// extremes, the one it starts at first.
    package var startRate: Double
    package var endRate: Double
    /// On the scenario clock.
    package var duration: Nanoseconds
    /// Of a wave, on the scenario clock; nil for all else.
    package var period: Nanoseconds?

    package init(
        _ kind: Kind, startRate: Double, endRate: Double, duration: Nanoseconds, period: Nanoseconds? = nil
    ) {
        self.kind = kind
        self.startRate = startRate
        self.endRate = endRate
        self.duration = duration
        self.period = period
    }
}

/// How long a connection is used, beside what the server decides; without it, for as long as it lasts.
package enum Reconnect: Hashable, Codable, Sendable {
    /// Each request dials, and says `Connection: close`.
    case eachRequest
    /// A connection this old, in real time, carries no further request.
    case after(Nanoseconds)
}

/// When the requests of an open load come, about the planned rate.
package enum Arrivals: String, Hashable, Codable, Sendable {
    /// At equal distances, as far as the rate is the same.
    case even
    /// Each independent of all others, as those of many users are: a Poisson process with the planned rate.
    case poisson
}

extension KeyedDecodingContainer {
    /// Plans from before there was a choice came evenly: the synthesised decoding finds this overload.
    func decode(_ type: Arrivals.Type, forKey key: Key) throws -> Arrivals {
        try decodeIfPresent(type, forKey: key) ?? .even
    }
}
