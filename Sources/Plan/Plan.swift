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
    /// At least one; all begin at the same time.
    package var streams: [Stream]
    /// Those of the first stream, then those of the next.
    package var requests: [Request]
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
    /// divided; what a replay has recorded is times, so its rates are multiplied.
    package var speed: Double
    /// A request's start is never waited for longer than this in flight; see `Load`.
    package var inFlightLimit: Int
    package var windows: RecoveryWindows

    /// - Parameter inFlightLimit: nil: what the streams can have open at once if nothing answers.
    package init(
        name: String, streams: [Stream], requests: [Request], faults: [PlannedFault] = [],
        probes: [Probe] = [], expectations: [Expectation] = [], system: System? = nil, speed: Double = 1,
        inFlightLimit: Int? = nil, windows: RecoveryWindows = RecoveryWindows(), transport: Transport? = nil,
        tags: [Tag] = [], stops: [StopCondition] = [], tables: [DataTable] = [],
        handshakes: Handshakes = .whole
    ) {
        self.name = name
        self.tags = tags
        self.stops = stops
        self.transport = transport
        self.handshakes = handshakes
        self.streams = streams
        self.tables = tables
        self.requests = requests
        self.faults = faults
        self.probes = probes
        self.expectations = expectations
        self.system = system
        self.speed = speed
        self.windows = windows
        self.inFlightLimit = inFlightLimit ?? Plan.inFlightLimit(streams, requests, speed: speed)
    }

    /// A Plan of one stream.
    package init(
        name: String, load: LoadModel, requests: [Request], faults: [PlannedFault] = [],
        probes: [Probe] = [], expectations: [Expectation] = [], system: System? = nil, speed: Double = 1,
        inFlightLimit: Int? = nil, windows: RecoveryWindows = RecoveryWindows(), transport: Transport? = nil,
        tags: [Tag] = [], stops: [StopCondition] = [], arrivals: Arrivals = .even,
        tables: [DataTable] = [], reconnect: Reconnect? = nil, handshakes: Handshakes = .whole,
        journey: Journey? = nil
    ) {
        let stream = Stream(
            load: load, arrivals: arrivals, reconnect: reconnect, journey: journey,
            requestCount: requests.count)
        self.init(
            name: name, streams: [stream], requests: requests, faults: faults, probes: probes,
            expectations: expectations, system: system, speed: speed, inFlightLimit: inFlightLimit,
            windows: windows, transport: transport, tags: tags, stops: stops, tables: tables,
            handshakes: handshakes)
    }

    /// The same at another speed, with room for what a replay then brings at once.
    package func played(at speed: Double) -> Plan {
        var plan = self
        plan.speed = speed
        plan.inFlightLimit = Plan.inFlightLimit(streams, requests, speed: speed)
        return plan
    }

    /// Scenario clock → real clock.
    package func real(_ scenario: Nanoseconds) -> Nanoseconds { scenario / speed }
    /// Real clock → scenario clock.
    package func scenario(_ real: Nanoseconds) -> Nanoseconds { real * speed }

    /// The steps inside the system that its answers tell the time of.
    package var hops: [System.Hop] { system?.hops ?? [] }

    /// Where each request's part of the mix ends, in their order: what `Draw.pick` chooses by. Of one stream.
    package var cumulativeWeights: [Double] {
        var sum = 0.0
        return requests.map { request in
            sum += request.weight
            return sum
        }
    }

    /// Whether writes are read back after the run.
    package var tracksWrites: Bool { requests.contains { $0.tracking != nil } }

    /// How long requests are sent, on the scenario clock.
    package var duration: Nanoseconds { streams.map(\.duration).max() ?? .zero }

    /// Where the last warm-up ends and measuring starts, on the scenario clock.
    package var measuredFrom: Nanoseconds { streams.map(\.measuredFrom).max() ?? .zero }
}

extension Plan {
    /// What a Plan held itself before there were streams.
    private enum SingleStreamKeys: String, CodingKey {
        case load, arrivals, reconnect, journey
    }

    /// Also of recordings from before there were streams.
    package init(from decoder: any Decoder) throws {
        let plan = try decoder.container(keyedBy: CodingKeys.self)
        let requests = try plan.decode([Request].self, forKey: .requests)
        let streams: [Stream]
        if plan.contains(.streams) {
            streams = try plan.decode([Stream].self, forKey: .streams)
        } else {
            let single = try decoder.container(keyedBy: SingleStreamKeys.self)
            streams = [
                Stream(
                    load: try single.decode(LoadModel.self, forKey: .load),
                    arrivals: try single.decode(Arrivals.self, forKey: .arrivals),
                    reconnect: try single.decodeIfPresent(Reconnect.self, forKey: .reconnect),
                    journey: try single.decodeIfPresent(Journey.self, forKey: .journey),
                    requestCount: requests.count)
            ]
        }
        self.init(
            name: try plan.decode(String.self, forKey: .name), streams: streams, requests: requests,
            faults: try plan.decode([PlannedFault].self, forKey: .faults),
            probes: try plan.decode([Probe].self, forKey: .probes),
            expectations: try plan.decode([Expectation].self, forKey: .expectations),
            system: try plan.decodeIfPresent(System.self, forKey: .system),
            speed: try plan.decode(Double.self, forKey: .speed),
            inFlightLimit: try plan.decode(Int.self, forKey: .inFlightLimit),
            windows: try plan.decode(RecoveryWindows.self, forKey: .windows),
            transport: try plan.decodeIfPresent(Transport.self, forKey: .transport),
            tags: try plan.decode([Tag].self, forKey: .tags),
            stops: try plan.decode([StopCondition].self, forKey: .stops),
            tables: try plan.decode([DataTable].self, forKey: .tables),
            handshakes: try plan.decode(Handshakes.self, forKey: .handshakes))
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
