import Plan

/// `delay SERVICE by D for D`: every packet its tasks send leaves late.
struct DelayPackets: FaultAction {
    var service: String
    var delay: Nanoseconds

    func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let delay = delay
        let milliseconds = Int(delay.inMilliseconds.rounded())
        return try await TaskCommand(
            document: TaskCommand.latency,
            parameters: [
                "DelayMilliseconds": "\(milliseconds)", "JitterMilliseconds": "0", "Sources": "ALL",
            ],
            order: "\(milliseconds) ms later", seen: { "what \($0) send leaves \(delay) late" }
        ).resolve(try await TaskChoice.all(of: service, context), context)
    }
}

extension DelayPackets {
    static let about = TaskCommand.about(
        "at TIME  delay SERVICE by DURATION for DURATION", by: TaskCommand.latency,
        what: "Delays every packet that the service's running tasks send, to whomever.",
        limits: """
            A request pays it once for each time that one side waits for the other, so more than once. Tasks that \
            start later are not delayed.
            """)
}
