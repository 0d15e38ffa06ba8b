import AWS
package import Plan

/// `interrupt N tasks of SERVICE`: what happens to a task when AWS takes its Fargate Spot capacity back.
///
/// AWS has no call for that. It is a FIS experiment whose template carries the tag `loadchaos:fault` = `interrupt
/// SERVICE`: the lab has one for each service with tasks on Spot; on AWS it is yours to write, or it is refused.
package struct InterruptSpot: FaultAction {
    package var count: TaskCount
    package var service: String

    package init(count: TaskCount, service: String) {
        self.count = count
        self.service = service
    }

    static let tag = "loadchaos:fault"

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let choice = try await TaskChoice.choose(
            count, of: service, toBe: "interrupted", among: " on FARGATE_SPOT", context,
            fits: { $0.capacityProvider == "FARGATE_SPOT" })
        let templates = try await asking { () async throws(AWSError) in
            try await context.platform.fis.listExperimentTemplates()
        }
        guard let template = templates.first(where: { $0.tags[Self.tag] == "interrupt \(service)" }) else {
            throw .noTarget(
                "AWS has no call that interrupts a Fargate Spot task, and no FIS experiment template is tagged "
                    + "\(Self.tag) = \"interrupt \(service)\": "
                    + "use `kill` in its place")
        }
        return Resolved(
            context: context, service: choice.service, strike: choice.strike, template: template.id)
    }

    /// An interruption before its victims are known: the experiment chooses them.
    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let service: ECSService
        let strike: Strike
        let template: String

        private var count: Int { strike.struck }
        private var fis: FIS { context.platform.fis }
        private var cluster: String { context.system.cluster }

        package var targets: [String] {
            [
                "\(count) task\(count == 1 ? "" : "s") of \(service.name) on FARGATE_SPOT, "
                    + "chosen by template \(template)"
            ]
        }
        package var guarded: [GuardedTarget] { [GuardedTarget(id: service.arn, tags: service.tags)] }
        package func strikes() async throws(FaultProblem) -> [Strike] { [strike] }
        package var calls: [String] {
            (1...count).map { "fis StartExperiment \(template) (\($0) of \(count))" }
        }
        package var undo: Undo { .nothing }

        package func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            var applied: [String: String] = [:]
            for number in 1...count {
                applied["experiment \(number)"] = try await asking { () async throws(AWSError) in
                    try await fis.startExperiment(
                        template: template, token: "\(context.run)-\(context.index)-\(number)")
                }
            }
            return applied
        }

        private enum Victims {
            case known([ECSTask])
            case notYet(String)
        }

        /// The tasks the experiments have hit.
        private func victims(_ applied: [String: String]) async throws(FaultProblem) -> Victims {
            var arns: [String] = []
            for id in applied.values.sorted() {
                let state = try await asking { () async throws(AWSError) in try await fis.experimentStatus(id)
                }
                if state.status == "failed" { return .notYet("experiment \(id) failed: \(state.reason)") }
                arns += try await asking { () async throws(AWSError) in try await fis.resolvedTasks(id) }
            }
            guard arns.count >= count else { return .notYet("\(arns.count) of \(count) tasks are chosen") }
            let found = arns
            return .known(
                try await asking { () async throws(AWSError) in
                    try await context.platform.ecs.describeTasks(cluster: cluster, found)
                })
        }

        /// ECS says of every victim that it was a Spot interruption.
        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
            switch try await victims(applied) {
            case .notYet(let words): return .notYet(words)
            case .known(let tasks):
                if let other = tasks.first(where: { $0.stopCode != "SpotInterruption" }) {
                    return .notYet(
                        "task \(other.id) is \(other.lastStatus), stop code \(other.stopCode ?? "none")")
                }
                return .proved(
                    tasks.map { "task \($0.id) is \($0.lastStatus), SpotInterruption" }.joined(
                        separator: "; "))
            }
        }

        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            switch try await victims(applied) {
            case .notYet(let words): return .notYet(words)
            case .known(let tasks):
                if let still = tasks.first(where: { $0.lastStatus != "STOPPED" }) {
                    return .notYet("task \(still.id) is \(still.lastStatus)")
                }
                return try await ServiceHealth.look(context, service: service.name)
            }
        }
    }
}

extension InterruptSpot {
    package static let about = FaultDescription(
        syntax: "at TIME  interrupt N tasks of SERVICE",
        what: "Takes the Fargate Spot capacity of tasks back, with AWS's two minutes' warning.",
        calls: ["fis StartExperiment of the template tagged loadchaos:fault = \"interrupt SERVICE\" (each)"],
        effect: "ECS shows each task's stop code SpotInterruption.",
        undo: "None: ECS replaces the tasks.",
        healed: "The victims are STOPPED, and the service is as for kill.",
        limits: """
            AWS has no call for it: without such a template it is refused there, and kill is the nearest. The lab has \
            the templates. The experiment chooses the tasks, not the run's seed.
            """,
        permissions: FaultDescription.reads + [
            "fis:ListExperimentTemplates", "fis:StartExperiment", "fis:GetExperiment",
            "fis:ListExperimentResolvedTargets",
        ])
}
