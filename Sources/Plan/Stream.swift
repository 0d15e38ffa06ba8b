/// One of the loads that a Plan puts on its system at the same time, each by its own law and with requests of its own.
package struct Stream: Hashable, Codable, Sendable {
    /// nil: the load that has no name.
    package var name: String?
    package var load: LoadModel
    /// Of an open load.
    package var arrivals: Arrivals
    package var reconnect: Reconnect?
    /// Set if its requests are not a mix, but come one after the other; of a closed load.
    package var journey: Journey?
    /// How many of the Plan's requests are its own: they follow those of the streams before it.
    package var requestCount: Int

    package init(
        name: String? = nil, load: LoadModel, arrivals: Arrivals = .even, reconnect: Reconnect? = nil,
        journey: Journey? = nil, requestCount: Int
    ) {
        self.name = name
        self.load = load
        self.arrivals = arrivals
        self.reconnect = reconnect
        self.journey = journey
        self.requestCount = requestCount
    }

    /// How long it lasts, on the scenario clock.
    package var duration: Nanoseconds { load.phases.reduce(.zero) { $0 + $1.duration } }

    /// Where its warm-up ends, on the scenario clock.
    package var measuredFrom: Nanoseconds {
        load.phases.prefix { $0.kind == .warmUp }.reduce(.zero) { $0 + $1.duration }
    }

    func schedule(speed: Double, seed: UInt64?) -> Schedule? {
        switch load {
        case .open(let phases):
            Schedule(RateCurve(phases: phases, speed: speed), poisson: arrivals == .poisson ? seed : nil)
        case .closed: nil
        case .replay(let replay): Schedule(replay, speed: speed)
        }
    }

    /// What comes due within the longest deadline, and so can be open at once if nothing answers. With users: one each.
    func inFlightLimit(_ requests: some Sequence<Request>, speed: Double) -> Int {
        let deadline = requests.map(\.deadline).max() ?? Request.defaultDeadline
        switch load {
        case .open:
            return max(64, Int(((load.peakRate(at: speed) ?? 0) * deadline.inSeconds).rounded(.up)))
        case .replay(let replay): return max(64, replay.most(within: deadline * speed))
        case .closed(let phases, _): return max(1, phases.map { max($0.startUsers, $0.endUsers) }.max() ?? 0)
        }
    }
}

extension Plan {
    /// Which of the Plan's requests are the stream's own.
    package func requests(of stream: Int) -> Range<Int> {
        let first = streams[..<stream].reduce(0) { $0 + $1.requestCount }
        return first..<first + streams[stream].requestCount
    }

    /// The first of those that last longest: where a run is, its phases say.
    package var longestStream: Stream { streams.first { $0.duration == duration } ?? streams[0] }

    /// When each request of each stream is due; nil for one that has users: its requests come when answers do.
    ///
    /// - Parameter seed: the run's. Without it the arrivals are even, which Poisson ones are on average.
    package func schedules(seed: UInt64?) -> [Schedule?] {
        streams.indices.map { schedule(of: $0, seed: seed) }
    }

    /// The same of one of them.
    package func schedule(of stream: Int, seed: UInt64?) -> Schedule? {
        // Arrivals that are drawn must not come together in two streams.
        streams[stream].schedule(speed: speed, seed: seed.map { $0 &+ UInt64(stream) })
    }

    /// nil: no stream is called so.
    package func stream(named name: String) -> Int? { streams.firstIndex { $0.name == name } }

    /// The highest planned rate, per second, of all streams that have one; 0: none has.
    package var peakRate: Double { streams.reduce(0) { $0 + ($1.load.peakRate(at: speed) ?? 0) } }

    /// What all streams can have open at once if nothing answers.
    static func inFlightLimit(_ streams: [Stream], _ requests: [Request], speed: Double) -> Int {
        var rest = requests[...]
        return streams.reduce(0) { limit, stream in
            defer { rest = rest.dropFirst(stream.requestCount) }
            return limit + stream.inFlightLimit(rest.prefix(stream.requestCount), speed: speed)
        }
    }

    /// The Plan with this stream alone: what the stream's workers play.
    package func alone(_ stream: Int) -> Plan {
        var plan = self
        plan.requests = Array(requests[requests(of: stream)])
        plan.streams = [streams[stream]]
        // A limit of the whole that was asked for is shared as the streams' own limits are.
        let own = plan.streams[0].inFlightLimit(plan.requests, speed: speed)
        plan.inFlightLimit = max(
            1, own * inFlightLimit / max(1, Plan.inFlightLimit(streams, requests, speed: speed)))
        return plan
    }
}
