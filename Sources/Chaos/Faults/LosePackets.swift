import Plan

/// `lose N% of packets of SERVICE for D`: of all that its tasks send.
struct LosePackets: FaultAction {
    var percent: Int
    var service: String

    func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let percent = percent
        return try await TaskCommand(
            document: TaskCommand.packetLoss, parameters: ["LossPercent": "\(percent)", "Sources": "ALL"],
            order: "\(percent)% of packets sent", seen: { "\($0) lose \(percent)% of the packets they send" }
        ).resolve(try await TaskChoice.all(of: service, context), context)
    }
}

extension LosePackets {
    static let about = TaskCommand.about(
        "at TIME  lose N% of packets of SERVICE for DURATION", by: TaskCommand.packetLoss,
        what: "Drops a part of the packets that the service's running tasks send, at random.",
        limits: """
            What is sent to the tasks arrives. TCP sends again, so a small loss shows as latency in the tail. Tasks \
            that start later lose nothing.
            """)
}
