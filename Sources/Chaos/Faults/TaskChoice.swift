import AWS
import Plan

/// The tasks of a service that a fault strikes: running ones, drawn by the run's seed.
struct TaskChoice {
    var service: ECSService
    var tasks: [ECSTask]
    /// Of the service, wherever they are.
    var running: Int
    /// By ARN.
    var zones: [String: String]

    /// `toBe`: the fault's verb, for the refusal. `fits` narrows the choice; `among` says to what.
    static func choose(
        _ asked: TaskCount, of name: String, in zone: String? = nil, toBe verb: String, among: String = "",
        _ context: FaultContext, fits: (ECSTask) -> Bool = { _ in true }
    ) async throws(FaultProblem) -> TaskChoice {
        var choice = try await running(of: name, context)
        let running = choice.tasks.filter { (zone == nil || choice.zones[$0.arn] == zone) && fits($0) }
        let place = zone.map { " in zone \($0)" } ?? ""
        guard let count = asked.count(of: running.count) else {
            throw .noTarget(
                "\(running.count) task\(running.count == 1 ? " runs" : "s run") of \(name)\(place)\(among), and the "
                    + "percentage to be \(verb) comes to none of them or to all: say how many")
        }
        guard running.count >= count else {
            throw .noTarget(
                "\(running.count) tasks of \(name) run\(place)\(among), \(count) are to be \(verb): ask for fewer"
            )
        }
        choice.tasks = KillTasks.pick(count, of: running, seed: context.seed, index: context.index)
        return choice
    }

    /// All that run, for a fault that takes none of them out.
    static func all(of name: String, _ context: FaultContext) async throws(FaultProblem) -> TaskChoice {
        let choice = try await running(of: name, context)
        guard !choice.tasks.isEmpty else { throw .noTarget("no task of \(name) runs") }
        return choice
    }

    private static func running(of name: String, _ context: FaultContext) async throws(FaultProblem)
        -> TaskChoice
    {
        let service = try await context.service(name)
        let tasks = try await asking { () async throws(AWSError) in
            try await context.platform.ecs.tasks(cluster: context.system.cluster, service: name)
        }.filter(\.isRunning)
        return TaskChoice(
            service: service, tasks: tasks, running: tasks.count,
            zones: try await TaskZones.find(for: tasks, context))
    }

    var strike: Strike { Strike(service: service.name, struck: tasks.count, running: running) }

    /// For people.
    var targets: [String] {
        tasks.map { "task \($0.id) of \(service.name) in \(zones[$0.arn] ?? "an unknown zone")" }
    }
}
