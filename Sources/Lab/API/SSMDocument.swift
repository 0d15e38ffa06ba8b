/// A document that SSM runs in tasks: those of AWS FIS, with AWS's names, parameters and defaults.
struct SSMDocument {
    /// What a command with it comes to.
    struct Order {
        var parameters: [(name: String, values: [String])]
        var impairment: TaskImpairment
        var seconds: Int
    }

    let name: String
    /// Beside DurationSeconds and InstallDependencies, which all have.
    private let known: [String]
    private let impairment: @Sendable (Parameters) throws(APIError) -> TaskImpairment

    static func named(_ name: String) throws(APIError) -> SSMDocument {
        guard let document = all.first(where: { $0.name == name }) else {
            throw APIError(
                "InvalidDocument",
                "The lab has the documents \(all.map(\.name).joined(separator: ", ")); not '\(name)'.")
        }
        return document
    }

    private static let all = [
        SSMDocument(
            name: "AWSFIS-Run-Network-Blackhole-Port-ECS", known: ["Port", "Protocol", "TrafficType"]
        ) { given throws(APIError) in
            .blackhole(
                BlackholePort(
                    port: try given.number("Port", in: 1...65535),
                    transport: try given.choice("Protocol", or: .tcp),
                    direction: try given.choice("TrafficType", or: .ingress)))
        },
        SSMDocument(
            name: "AWSFIS-Run-Network-Packet-Loss-ECS", known: ["LossPercent", "Sources", "FlowsPercent"]
        ) { given throws(APIError) in
            try given.onlyAll()
            return .loss(percent: try given.number("LossPercent", in: 1...100, or: 7))
        },
        SSMDocument(
            name: "AWSFIS-Run-Network-Latency-ECS",
            known: ["DelayMilliseconds", "JitterMilliseconds", "Sources", "FlowsPercent"]
        ) { given throws(APIError) in
            try given.onlyAll()
            return .delay(
                milliseconds: try given.number("DelayMilliseconds", in: 1...60_000, or: 200),
                jitter: try given.number("JitterMilliseconds", in: 0...60_000, or: 10))
        },
        SSMDocument(name: "AWSFIS-Run-CPU-Stress", known: ["LoadPercent", "CPU"]) { given throws(APIError) in
            .cpu(
                percent: try given.number("LoadPercent", in: 1...100, or: 100),
                workers: try given.number("CPU", in: 0...64, or: 0))
        },
    ]

    /// What a command's parameters, each a list of one, ask for.
    func order(_ given: JSONParameters?) throws(APIError) -> Order {
        var values: [(name: String, values: [String])] = []
        for parameter in given?.keys ?? [] {
            guard (known + ["DurationSeconds", "InstallDependencies"]).contains(parameter) else {
                throw APIError("InvalidParameters", "\(name) has no parameter \(parameter).")
            }
            values.append((parameter, try given?.strings(parameter) ?? []))
        }
        let parameters = Parameters(values: values)
        return Order(
            parameters: values, impairment: try impairment(parameters),
            seconds: try parameters.number("DurationSeconds", in: 1...43_200))
    }

    struct Parameters {
        let values: [(name: String, values: [String])]

        private func text(_ name: String) -> String? { values.first { $0.name == name }?.values.first }

        private func wrong(_ words: String) -> APIError { APIError("InvalidParameters", words) }

        func number(
            _ name: String, in range: ClosedRange<Int>, or other: Int? = nil
        ) throws(APIError) -> Int {
            guard let text = text(name) else {
                guard let other else { throw wrong("\(name) is missing.") }
                return other
            }
            guard let number = Int(text), range.contains(number) else {
                throw wrong("\(name) must be \(range.lowerBound) to \(range.upperBound).")
            }
            return number
        }

        func choice<Choice: RawRepresentable<String> & CaseIterable>(
            _ name: String, or other: Choice
        ) throws(APIError) -> Choice {
            guard let text = text(name) else { return other }
            guard let choice = Choice(rawValue: text) else {
                throw wrong("\(name) must be \(Choice.allCases.map(\.rawValue).joined(separator: " or ")).")
            }
            return choice
        }

        /// The lab impairs all of a task's traffic or none.
        func onlyAll() throws(APIError) {
            if let sources = text("Sources"), sources != "ALL" {
                throw wrong("The lab knows the Sources ALL alone.")
            }
            if let flows = text("FlowsPercent"), flows != "100" {
                throw wrong("The lab knows FlowsPercent 100 alone.")
            }
        }
    }
}
