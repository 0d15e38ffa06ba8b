/// When a run ends early and heals at once, by the scenario's own word.
package struct StopCondition: Hashable, Codable, Sendable {
    package enum Kind: Hashable, Codable, Sendable {
        /// Of the requests that were due in the last `length` of the scenario's clock, more than this part have failed.
        case errorRate(above: Double, length: Nanoseconds)
        /// A CloudWatch alarm, by its name, is in ALARM.
        case alarm(String)
    }

    /// As the scenario words it.
    package var text: String
    package var kind: Kind

    package init(text: String, kind: Kind) {
        self.text = text
        self.kind = kind
    }
}

extension Plan {
    /// The CloudWatch alarms that stop the run.
    package var stoppingAlarms: [String] {
        stops.compactMap { if case .alarm(let name) = $0.kind { name } else { nil } }
    }
}

extension KeyedDecodingContainer {
    /// Recordings of Plans from before there were stops have none: the synthesised decoding finds this overload.
    func decode(_ type: [StopCondition].Type, forKey key: Key) throws -> [StopCondition] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}
