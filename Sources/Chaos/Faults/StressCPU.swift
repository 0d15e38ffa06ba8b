import Plan

/// `stress cpu of SERVICE for D`: other work takes the CPU of its tasks.
package struct StressCPU: FaultAction {
    package var service: String

    package init(service: String) { self.service = service }

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        try await TaskCommand(
            document: TaskCommand.cpuStress, parameters: ["LoadPercent": "100", "CPU": "0"],
            order: "100% of every CPU", seen: { "other work takes the CPU of \($0)" }
        ).resolve(try await TaskChoice.all(of: service, context), context)
    }
}

extension StressCPU {
    package static let about = FaultDescription(
        syntax: "at TIME  stress cpu of SERVICE for DURATION",
        what: "Keeps every CPU of the service's running tasks busy with other work.",
        calls: ["ssm SendCommand \(TaskCommand.cpuStress) (comment \"loadchaos RUN FAULT\")"],
        effect:
            "The command runs in each task, and clients feel it or the balancer finds a target unhealthy.",
        undo: TaskCommand.undoWords,
        healed: TaskCommand.healedWords,
        limits: """
            The service competes for its CPU and gets a part of it; how much is the scheduler's to say. Autoscaling \
            sees the use and adds tasks, which are not stressed. The lab refuses it without CPU quotas: it would take \
            this machine's own. \(TaskCommand.needs)
            """,
        permissions: FaultDescription.reads + TaskCommand.permissions)
}
