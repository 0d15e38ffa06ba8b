package import Plan

/// `delay SERVICE by D for D`: every packet its tasks send leaves late.
package struct DelayPackets: FaultAction {
    package var service: String
    package var delay: Nanoseconds

    package init(service: String, delay: Nanoseconds) {
        self.service = service
        self.delay = delay
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
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
    package static let about = FaultDescription(
        syntax: "at TIME  delay SERVICE by DURATION for DURATION",
        what: "Delays every packet that the service's running tasks send, to whomever.",
        calls: ["ssm SendCommand \(TaskCommand.latency) (comment \"loadchaos RUN FAULT\")"],
        effect:
            "The command runs in each task, and clients feel it or the balancer finds a target unhealthy.",
        undo: TaskCommand.undoWords,
        healed: TaskCommand.healedWords,
        limits: """
            A request pays it once for each time that one side waits for the other, so more than once. In the lab it \
            needs a kernel that has netem. Tasks that start later are not delayed. \(TaskCommand.needs)
            """,
        permissions: FaultDescription.reads + TaskCommand.permissions)
}
