/// SSM's commands in tasks: each runs a document that impairs them, for its duration on the scenario's clock.
///
/// It ends by itself, as AWS's document does, or when it is cancelled, or with its task.
actor CommandControl {
    enum Status: String, Sendable {
        case inProgress = "InProgress"
        case success = "Success"
        case cancelled = "Cancelled"
        case failed = "Failed"
    }

    struct Invocation: Sendable {
        let task: TaskID
        let instance: String
        let endsAt: Duration
        var status = Status.inProgress
        /// Why it failed; empty otherwise.
        var details = ""
    }

    struct Command: Sendable {
        let id: String
        let document: String
        let comment: String
        let parameters: [(name: String, values: [String])]
        let impairment: TaskImpairment
        let requestedAt: Duration
        var invocations: [Invocation]

        /// In progress as long as one is, else the worst.
        var status: Status {
            let all = Set(invocations.map(\.status))
            return [.inProgress, .failed, .cancelled].first { all.contains($0) } ?? .success
        }
    }

    /// What SendCommand asks for; `seconds` on the scenario's clock.
    struct Order: Sendable {
        var document: String
        var comment: String
        var parameters: [(name: String, values: [String])]
        var impairment: TaskImpairment
        var seconds: Int
        var tasks: [TaskID]
    }

    private let dataPlane: any DataPlane
    private let clock: any LabClock
    private let speed: Double
    private var ids: ResourceIDs
    /// Oldest first; the last hundred are kept.
    private(set) var commands: [Command] = []
    private var enforcement: Task<Void, any Error>?

    init(dataPlane: any DataPlane, clock: any LabClock, speed: Double, seed: UInt64) {
        self.dataPlane = dataPlane
        self.clock = clock
        self.speed = speed
        ids = ResourceIDs(seed: seed &+ 5)
    }

    /// The managed instance a task is to SSM.
    static func instance(of task: TaskID) -> String { "mi-" + task.description.prefix(17) }

    /// Returns when the tasks are impaired; what failed says so in its invocation.
    func send(_ order: Order) async -> Command {
        let id = ids.uuid()
        let now = clock.now
        let invocations = order.tasks.map {
            Invocation(
                task: $0, instance: Self.instance(of: $0), endsAt: now + .seconds(order.seconds) / speed)
        }
        let command = Command(
            id: id, document: order.document, comment: order.comment, parameters: order.parameters,
            impairment: order.impairment, requestedAt: now, invocations: invocations)
        commands.append(command)
        if commands.count > 100, let old = commands.firstIndex(where: { $0.status != .inProgress }) {
            commands.remove(at: old)
        }
        for task in order.tasks {
            do { try await enforce(on: task) } catch { end(id, task, .failed, "\(error)") }
        }
        return commands.first { $0.id == id } ?? command
    }

    /// Ends a command in all tasks, or in those of the instances named. False if it is not known.
    func cancel(_ id: String, instances: [String]) async -> Bool {
        guard let command = commands.first(where: { $0.id == id }) else { return false }
        for invocation in command.invocations
        where instances.isEmpty || instances.contains(invocation.instance) {
            await lift(id, invocation.task, .cancelled)
        }
        return true
    }

    /// Ends what is over, and what has lost its task. Called with each pass of the control loop.
    func pass(running: [TaskID]) async {
        for command in commands {
            for invocation in command.invocations where invocation.status == .inProgress {
                if !running.contains(invocation.task) {
                    // Its namespace goes with it: there is nothing to lift.
                    end(command.id, invocation.task, .failed, "Undeliverable")
                } else if clock.now >= invocation.endsAt {
                    await lift(command.id, invocation.task, .success)
                }
            }
        }
    }

    private func lift(_ id: String, _ task: TaskID, _ status: Status) async {
        guard end(id, task, status) else { return }
        // What cannot be lifted is in a task that is going: the next set of the task's is right again.
        do { try await enforce(on: task) } catch { end(id, task, .failed, "\(error)") }
    }

    @discardableResult
    private func end(_ id: String, _ task: TaskID, _ status: Status, _ details: String = "") -> Bool {
        guard let row = commands.firstIndex(where: { $0.id == id }),
            let column = commands[row].invocations.firstIndex(where: { $0.task == task })
        else { return false }
        let isOver = commands[row].invocations[column].status != .inProgress
        guard !isOver || status == .failed else { return false }
        commands[row].invocations[column].status = status
        commands[row].invocations[column].details = details
        return true
    }

    /// One at a time: the set the machine is told last must be the newest.
    private func enforce(on task: TaskID) async throws {
        let previous = enforcement
        let next = Task {
            // Its error went to its own caller.
            _ = await previous?.result
            try await dataPlane.impair(impairments(of: task), of: task)
        }
        enforcement = next
        try await next.value
    }

    private func impairments(of task: TaskID) -> Set<TaskImpairment> {
        Set(
            commands.filter { $0.invocations.contains { $0.task == task && $0.status == .inProgress } }
                .map(\.impairment))
    }
}
