import Plan

/// `lose N% of packets of SERVICE for D`: of all that its tasks send.
package struct LosePackets: FaultAction {
    package var percent: Int
    package var service: String

    package init(percent: Int, service: String) {
        self.percent = percent
        self.service = service
    }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let percent = percent
        return try await TaskCommand(
            document: TaskCommand.packetLoss, parameters: ["LossPercent": "\(percent)", "Sources": "ALL"],
            order: "\(percent)% of packets sent", seen: { "\($0) lose \(percent)% of the packets they send" }
        ).resolve(try await TaskChoice.all(of: service, context), context)
    }
}

extension LosePackets {
    package static let about = FaultDescription(
        syntax: "at TIME  lose N% of packets of SERVICE for DURATION",
        what: "Drops a part of the packets that the service's running tasks send, at random.",
        calls: ["ssm SendCommand \(TaskCommand.packetLoss) (comment \"loadchaos RUN FAULT\")"],
        effect:
            "The command runs in each task, and clients feel it or the balancer finds a target unhealthy.",
        undo: TaskCommand.undoWords,
        healed: TaskCommand.healedWords,
        limits: """
            What is sent to the tasks arrives. TCP sends again, so a small loss shows as latency in the tail. Tasks \
            that start later lose nothing. \(TaskCommand.needs)
            """,
        permissions: FaultDescription.reads + TaskCommand.permissions)
}
