/// All the control plane knows of its cluster. A value: `decide` reads it, the API shows it.
struct ClusterState: Sendable {
    var services: [ECSService] = []
    var definitions = TaskDefinitions()
    /// In order of creation; stopped ones for a while too.
    var tasks: [ECSTask] = []
    /// What RunTask has begun, by its caller's token.
    var runTokens: [String: [TaskID]] = [:]
    /// Registered and draining targets of the balancer.
    var targets: [BalancerTarget] = []
    /// Where tasks are placed.
    let zones: [String]
    /// The private subnets of the zones, where tasks go.
    let subnets: [String]
    /// As the API shows them, and divided by the speed, as they are kept.
    let scenarioTimes: ControlTimes
    let times: ControlTimes
    var speed: Double = 1

    func service(_ name: String) -> ECSService? { services.first { $0.name == name } }

    func task(_ id: TaskID) -> ECSTask? { tasks.first { $0.id == id } }

    /// Tasks ECS wants to run, of one service.
    func wanted(_ service: String) -> [ECSTask] { tasks.filter { $0.service == service && $0.isWanted } }

    func count(_ service: String, _ status: ClosedRange<TaskStatus>) -> Int {
        tasks.count { $0.service == service && status.contains($0.status) }
    }

    func runningCount(_ service: String) -> Int { count(service, .running ... .running) }
    func pendingCount(_ service: String) -> Int { count(service, .provisioning ... .activating) }

    /// The registration of an address that still takes requests.
    func target(of task: ECSTask) -> BalancerTarget? {
        targets.first { $0.address == task.address && $0.task == task.id }
    }

    mutating func update(_ id: TaskID, _ change: (inout ECSTask) -> Void) {
        guard let index = tasks.firstIndex(where: { $0.id == id }) else { return }
        change(&tasks[index])
    }

    mutating func update(service name: String, _ change: (inout ECSService) -> Void) {
        guard let index = services.firstIndex(where: { $0.name == name }) else { return }
        change(&services[index])
    }
}

/// A target of the balancer from its registration to the end of its deregistration delay.
struct BalancerTarget: Hashable, Sendable {
    let task: TaskID
    let address: String
    let port: Int
    let zone: String
    /// Nil while it takes requests.
    var drainingSince: Duration?
    var isLeaving = false
}

/// What was seen of the machine at one moment.
struct Observations: Sendable {
    /// As the balancer sees its targets, by address.
    var targets: [String: TargetReading] = [:]
}
