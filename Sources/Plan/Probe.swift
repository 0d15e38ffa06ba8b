/// A question with an answer that is no request of the load: a command that runs once, while the load goes on.
package struct Probe: Hashable, Codable, Sendable {
    /// Where its command runs.
    package enum Place: Hashable, Codable, Sendable {
        /// On the machine that loadchaos runs on: `shell "…"`.
        case harness
        /// In a task of its own, from the service's task definition and in its subnets: `in redis run "…"`.
        /// `group`: the security group the task is put in, by name or id; nil: the service's own.
        case task(of: String, group: String?)
    }

    /// Unique within a Plan: expectations and promises call it by this.
    package var name: String
    /// On the scenario clock.
    package var at: Nanoseconds
    package var place: Place
    /// For `sh -c`.
    package var command: String
    /// Real time from its start to its answer; no speed divides it, as a process is no faster for it.
    package var timeout: Nanoseconds

    package init(
        name: String, at: Nanoseconds, place: Place, command: String, timeout: Nanoseconds? = nil
    ) {
        self.name = name
        self.at = at
        self.place = place
        self.command = command
        self.timeout = timeout ?? place.defaultTimeout
    }

    /// The service whose task runs it, if one does.
    package var service: String? { if case .task(let service, _) = place { service } else { nil } }
}

extension Probe.Place {
    /// A Fargate task takes about a minute to start, which is part of its time.
    package var defaultTimeout: Nanoseconds {
        switch self {
        case .harness: .seconds(30)
        case .task: .seconds(180)
        }
    }
}

extension Expectation {
    /// What a probe must answer.
    package enum ProbeAnswer: Hashable, Codable, Sendable {
        /// It ends with exit code 0.
        case succeeds
        /// It ends with another exit code. A command that could not be run has not failed: it has no answer.
        case fails
        /// The first number of its output, in whatever unit the command prints.
        case number(Bound<Double>)
    }
}

extension KeyedDecodingContainer {
    /// Recordings of Plans from before there were probes have none: the synthesised decoding finds this overload.
    func decode(_ type: [Probe].Type, forKey key: Key) throws -> [Probe] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}
