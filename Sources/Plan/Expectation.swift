/// One promise, as a check over a window of the run.
package struct Expectation: Hashable, Codable, Sendable {
    /// As the scenario words it: `p95 latency < 100ms when calm`.
    package var text: String
    package var check: Check
    package var window: Window
    /// The name of the load whose requests it is about; nil: all of them.
    package var stream: String?
    /// Set if it is kept under a promise of the system file.
    package var promise: String?

    package init(
        text: String, check: Check, window: Window, stream: String? = nil, promise: String? = nil
    ) {
        self.text = text
        self.check = check
        self.window = window
        self.stream = stream
        self.promise = promise
    }

    package enum Check: Hashable, Codable, Sendable {
        /// The user-view percentile (a failure is infinitely slow) of due → done. `percentile` in 0…100.
        case latency(percentile: Double, Bound<Nanoseconds>)
        /// A percentile of one of the system's hops, as its answers tell it. `percentile` in 0…100.
        case hop(String, percentile: Double, Bound<Nanoseconds>)
        /// (failed + dropped + unfinished) / planned, as a fraction.
        case errorRate(Bound<Double>)
        /// Ok answers per real second.
        case throughput(Bound<Double>)
        /// From the first bad second after the injection to lasting calm, on the scenario clock.
        case recovery(Bound<Nanoseconds>)
        /// Acknowledged tracked writes that are gone.
        case lostWrites(Bound<Int>)
        /// At every moment of the window. `service` nil: each service of the system.
        case tasks(TaskCount, service: String?, Bound<Int>)
        /// What the probe of this name answered.
        case probe(String, ProbeAnswer)
        /// Every step of autoscaling comes in its window after the CPU crossed the bound, and none is missing.
        case scaling(Scaling)
        /// The desired counts of a service over the measured load, one after the other.
        case steps(service: String, [Int])
        /// How often the desired count of a service changed its direction over the measured load: up and then down, or
        /// down and then up.
        case reversals(service: String, Bound<Int>)
        /// The platform itself has taken a deployment of the service back.
        case rolledBack(service: String)
    }

    /// `scale out of flask-app between 60s and 180s after cpu > 70%`.
    package struct Scaling: Hashable, Codable, Sendable {
        package enum Direction: String, Hashable, Codable, Sendable { case out, `in` }

        package var direction: Direction
        package var service: String
        /// On the scenario clock, from the beginning of the first minute that is beyond the bound, or from the last
        /// step if that is later.
        package var earliest: Nanoseconds
        package var latest: Nanoseconds
        /// A fraction: 0.7 is 70 %.
        package var cpu: Bound<Double>

        package init(
            _ direction: Direction, of service: String, earliest: Nanoseconds, latest: Nanoseconds,
            cpu: Bound<Double>
        ) {
            self.direction = direction
            self.service = service
            self.earliest = earliest
            self.latest = latest
            self.cpu = cpu
        }
    }

    package enum TaskCount: String, Hashable, Codable, Sendable {
        /// What the service asks for.
        case desired = "tasks"
        case running = "running tasks"
        /// Running and healthy at the balancer, or by container health where there is none.
        case healthy = "healthy tasks"
    }
}

extension Plan {
    /// The promise it is kept under.
    package func promise(of expectation: Expectation) -> System.Promise? {
        expectation.promise.flatMap { name in system?.promises.first { $0.name == name } }
    }

    /// Why it cannot be kept, if the system file says so.
    package func knownBroken(_ expectation: Expectation) -> String? { promise(of: expectation)?.knownBroken }
}

/// Which part of the run a check looks at.
package enum Window: Hashable, Codable, Sendable {
    /// Everything but the warm-up.
    case measured
    /// The measured load minus the aftermath of each fault (DESIGN §4).
    case calm
    /// From injected to healed of the fault with this name.
    case during(fault: String)
    /// From injected of the fault with this name to the end, or to the next fault.
    case after(fault: String)
}

/// What a measured value must satisfy.
package enum Bound<Value: Hashable & Codable & Comparable & Sendable>: Hashable, Codable, Sendable {
    case below(Value)
    case atMost(Value)
    case above(Value)
    case atLeast(Value)
    case equal(Value)
    /// Both ends included.
    case between(Value, Value)

    package func holds(for value: Value) -> Bool {
        switch self {
        case .below(let limit): value < limit
        case .atMost(let limit): value <= limit
        case .above(let limit): value > limit
        case .atLeast(let limit): value >= limit
        case .equal(let target): value == target
        case .between(let low, let high): low <= value && value <= high
        }
    }
}
