import Plan

/// `stress cpu of SERVICE for D`: other work takes the CPU of its tasks.
struct StressCPU: FaultAction {
    var service: String

    func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        try await TaskCommand(
            document: TaskCommand.cpuStress, parameters: ["LoadPercent": "100", "CPU": "0"],
            order: "100% of every CPU", seen: { "other work takes the CPU of \($0)" }
        ).resolve(try await TaskChoice.all(of: service, context), context)
    }
}

extension StressCPU {
    static let about = TaskCommand.about(
        "at TIME  stress cpu of SERVICE for DURATION", by: TaskCommand.cpuStress,
        what: "Keeps every CPU of the service's running tasks busy with other work.",
        limits: """
            The service competes for its CPU and gets a part of it; how much is the scheduler's to say. Autoscaling \
            sees the use and adds tasks, which are not stressed. The lab refuses it without CPU quotas: it would take \
            this machine's own.
            """)
}
