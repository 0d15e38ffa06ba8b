/// ECS's life cycle of a task, in its order.
enum TaskStatus: String, Comparable, Sendable, CaseIterable {
    case provisioning = "PROVISIONING"
    case pending = "PENDING"
    case activating = "ACTIVATING"
    case running = "RUNNING"
    case deactivating = "DEACTIVATING"
    case stopping = "STOPPING"
    case deprovisioning = "DEPROVISIONING"
    case stopped = "STOPPED"

    private var rank: Int {
        switch self {
        case .provisioning: 0
        case .pending: 1
        case .activating: 2
        case .running: 3
        case .deactivating: 4
        case .stopping: 5
        case .deprovisioning: 6
        case .stopped: 7
        }
    }

    static func < (a: TaskStatus, b: TaskStatus) -> Bool { a.rank < b.rank }
}

/// Why a task was told to stop, and how ECS words it.
enum StopCause: Hashable, Sendable {
    case user(reason: String)
    case exited
    case failedToStart(String)
    case failedContainerHealth
    case failedTargetHealth(targetGroup: String)
    case scaling(deployment: String)
    case spotInterruption

    var code: String {
        switch self {
        case .user: "UserInitiated"
        case .exited: "EssentialContainerExited"
        case .failedToStart: "TaskFailedToStart"
        case .failedContainerHealth, .failedTargetHealth, .scaling: "ServiceSchedulerInitiated"
        case .spotInterruption: "SpotInterruption"
        }
    }

    var reason: String {
        switch self {
        case .user(let reason): reason
        case .exited: "Essential container in task exited"
        case .failedToStart(let what): "CannotStartContainerError: \(what)"
        case .failedContainerHealth: "Task failed container health checks"
        case .failedTargetHealth(let group): "Task failed ELB health checks in (target-group \(group))"
        case .scaling(let deployment): "Scaling activity initiated by (deployment \(deployment))"
        case .spotInterruption: "Your Spot Task was interrupted."
        }
    }
}

/// One task: a copy of a service with an address of its own.
struct ECSTask: Hashable, Sendable {
    let id: TaskID
    let service: String
    /// The revision of the service's task definition it runs, and the deployment that started it.
    let revision: Int
    let deployment: String
    let zone: String
    let subnet: String
    let address: String
    let interface: NetworkInterfaceIDs
    /// Started with the lab: no provisioning, and checked at once.
    let isBoot: Bool
    let createdAt: Duration
    /// The security groups of its interface; empty: those of all tasks.
    var securityGroups: [String] = []
    /// Nil where the service names a launch type instead of a strategy.
    var capacityProvider: CapacityProvider?

    var status = TaskStatus.provisioning
    /// What ECS wants it to be: RUNNING until someone or something stops it.
    var isWanted = true
    var startedAt: Duration?
    var stoppingAt: Duration?
    var stoppedAt: Duration?
    var cause: StopCause?
    /// How its main process ended, if by itself.
    var exit: String?
    var health = ContainerHealth()
    /// When the status was entered.
    var since: Duration
    /// The data plane is carrying out a step of its life; nothing else may be begun.
    var isBusy = false
    /// The service's event log already says that it is unhealthy.
    var isReported = false

    var name: String { id.description }
}

struct NetworkInterfaceIDs: Hashable, Sendable {
    let interface: String
    let attachment: String
    let mac: String
}
