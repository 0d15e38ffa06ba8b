/// What should happen: immutable, valid, without I/O. Times are on the scenario clock unless a name says
/// real.
///
/// A Plan is stored whole in each recording, so a verdict can be recomputed from the recording alone.
package struct Plan: Hashable, Codable, Sendable {
    /// The scenario's title, or the URL for `hit`.
    package var name: String
    /// In the order of the scenario.
    package var tags: [Tag]
    /// What the load travels by; nil: whatever its target speaks, HTTP on the lab and on AWS.
    package var transport: Transport?
    /// Of its TLS connections.
    package var handshakes: Handshakes
    package var load: LoadModel
    /// Of an open load.
    package var arrivals: Arrivals
    package var reconnect: Reconnect?
    package var requests: [Request]
    /// Set if they are not a mix, but come one after the other; of a closed load.
    package var journey: Journey?
    /// What their templates take values from.
    package var tables: [DataTable]
    /// In the order in which they are due.
    package var faults: [PlannedFault]
    /// In the order in which they are due.
    package var probes: [Probe]
    package var expectations: [Expectation]
    /// What ends the run early, beside a target that went down.
    package var stops: [StopCondition]
    package var system: System?
    /// How many scenario seconds pass in one real second; 1 on AWS. Rates, latencies and timeouts are not
    /// divided.
    package var speed: Double
    /// A request's start is never waited for longer than this in flight; see `Load`.
    package var inFlightLimit: Int
    package var windows: RecoveryWindows

    package init(
        name: String, load: LoadModel, requests: [Request], faults: [PlannedFault] = [],
        probes: [Probe] = [], expectations: [Expectation] = [], system: System? = nil, speed: Double = 1,
        inFlightLimit: Int? = nil, windows: RecoveryWindows = RecoveryWindows(), transport: Transport? = nil,
        tags: [Tag] = [], stops: [StopCondition] = [], arrivals: Arrivals = .even,
        tables: [DataTable] = [], reconnect: Reconnect? = nil, handshakes: Handshakes = .whole,
        journey: Journey? = nil
    ) {
        self.name = name
        self.tags = tags
        self.stops = stops
        self.transport = transport
        self.handshakes = handshakes
        self.load = load
        self.arrivals = arrivals
        self.tables = tables
        self.reconnect = reconnect
        self.requests = requests
        self.journey = journey
        self.faults = faults
        self.probes = probes
        self.expectations = expectations
        self.system = system
        self.speed = speed
        self.windows = windows
        self.inFlightLimit = inFlightLimit ?? Plan.defaultInFlightLimit(load, requests)
    }

    /// Rate × the longest deadline: what can be open at once if nothing answers. With users: one each.
    package static func defaultInFlightLimit(_ load: LoadModel, _ requests: [Request]) -> Int {
        let deadline = requests.map(\.deadline).max() ?? Request.defaultDeadline
        switch load {
        case .open: return max(64, Int(((load.peakRate ?? 0) * deadline.inSeconds).rounded(.up)))
        case .closed(let phases, _): return max(1, phases.map { max($0.startUsers, $0.endUsers) }.max() ?? 0)
        }
    }

    /// Scenario clock → real clock.
    package func real(_ scenario: Nanoseconds) -> Nanoseconds { scenario / speed }
    /// Real clock → scenario clock.
    package func scenario(_ real: Nanoseconds) -> Nanoseconds { real * speed }

    /// The steps inside the system that its answers tell the time of.
    package var hops: [System.Hop] { system?.hops ?? [] }

    /// Where each request's part of the mix ends, in their order: what `Draw.pick` chooses by.
    package var cumulativeWeights: [Double] {
        var sum = 0.0
        return requests.map { request in
            sum += request.weight
            return sum
        }
    }

    /// How long requests are sent, on the scenario clock.
    package var duration: Nanoseconds { load.phases.reduce(.zero) { $0 + $1.duration } }

    /// Where the warm-up ends and measuring starts, on the scenario clock.
    package var measuredFrom: Nanoseconds {
        load.phases.prefix { $0.kind == .warmUp }.reduce(.zero) { $0 + $1.duration }
    }
}

/// What requests travel by.
package enum Transport: String, Hashable, Codable, Sendable {
    /// TLS, with the server's certificate verified.
    case https
    /// HTTP/2 by TLS, as above.
    case http2
}

/// What a TLS connection begins with.
package enum Handshakes: String, Hashable, Codable, Sendable {
    /// The server proves who it is, each time.
    case whole
    /// From the second on, an earlier connection's session is taken up where the server allows it.
    case resumed
}

extension KeyedDecodingContainer {
    /// Plans from before there was a choice had whole ones: the synthesised decoding finds this overload.
    func decode(_ type: Handshakes.Type, forKey key: Key) throws -> Handshakes {
        try decodeIfPresent(type, forKey: key) ?? .whole
    }
}

/// The two windows that define recovery (DESIGN §4), on the scenario clock.
package struct RecoveryWindows: Hashable, Codable, Sendable {
    /// How long without a bad second counts as recovered; never under one real second.
    package var window: Nanoseconds
    /// How long it must stay so.
    package var hold: Nanoseconds

    package init(window: Nanoseconds = .seconds(5), hold: Nanoseconds = .seconds(30)) {
        self.window = window
        self.hold = hold
    }
}
