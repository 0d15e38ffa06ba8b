/// `family:number`.
struct RevisionID: Hashable, Sendable, CustomStringConvertible {
    let family: String
    let number: Int

    var description: String { "\(family):\(number)" }
}

/// One revision of a task definition. It never changes, but that it can be deregistered.
struct TaskDefinition: Hashable, Sendable {
    struct PortMapping: Hashable, Sendable {
        var containerPort: Int
        var name: String?
        var networkProtocol = "tcp"
        var appProtocol: String?
    }

    /// Seconds of scenario time, but for `timeout`.
    struct HealthCheck: Hashable, Sendable {
        var command: [String]
        var interval = 30
        var timeout = 5
        var retries = 3
        var startPeriod = 0
    }

    struct LogConfiguration: Hashable, Sendable {
        var driver: String
        var options: [String: String]

        /// Nil for a driver other than CloudWatch's.
        func place(container: String, task: TaskID) -> ContainerSettings.LogPlace? {
            guard driver == "awslogs", let group = options["awslogs-group"] else { return nil }
            let prefix = options["awslogs-stream-prefix"] ?? "ecs"
            return ContainerSettings.LogPlace(group: group, stream: "\(prefix)/\(container)/\(task)")
        }
    }

    struct Container: Hashable, Sendable {
        var name: String
        var image: String
        var cpu = 0
        var memory: Int?
        var memoryReservation: Int?
        var entryPoint: [String] = []
        var command: [String] = []
        /// In the order it was written.
        var environment: [Tag] = []
        var portMappings: [PortMapping] = []
        var healthCheck: HealthCheck?
        var log: LogConfiguration?
    }

    var id: RevisionID
    /// A task of the lab is one container and its sidecar.
    var container: Container
    var networkMode = "awsvpc"
    var compatibilities = ["FARGATE"]
    /// 1024 = 1 vCPU; MiB.
    var cpu: Int
    var memory: Int
    var executionRole: String?
    var taskRole: String?
    var tags: [Tag] = []
    var registeredAt: Duration
    var deregisteredAt: Duration?

    var isActive: Bool { deregisteredAt == nil }

    /// What its container is started with. The environment's later entries win, as in Docker.
    func settings(task: TaskID, overrides: ContainerOverrides) -> ContainerSettings {
        var settings = ContainerSettings(image: container.image)
        let command = container.entryPoint + (overrides.command ?? container.command)
        settings.command = command.isEmpty ? nil : command
        for variable in container.environment + overrides.environment {
            settings.environment[variable.key] = variable.value
        }
        if let check = container.healthCheck, check.command.first != "NONE" {
            settings.healthCommand = check.command
            settings.healthTimeout = .seconds(check.timeout)
        }
        settings.log = container.log?.place(container: container.name, task: task)
        return settings
    }
}

/// What RunTask changes of a container.
struct ContainerOverrides: Hashable, Sendable {
    var command: [String]?
    var environment: [Tag] = []
}

/// When a container's health is looked at, divided by the lab's speed.
struct HealthSchedule: Hashable, Sendable {
    var interval: Duration
    var startPeriod: Duration
    var retries: Int

    /// Nil for a container without a check.
    init?(_ check: TaskDefinition.HealthCheck?, speed: Double) {
        guard let check, check.command.first != "NONE" else { return nil }
        interval = .seconds(check.interval) / speed
        startPeriod = .seconds(check.startPeriod) / speed
        retries = check.retries
    }

    init(interval: Duration, startPeriod: Duration, retries: Int) {
        self.interval = interval
        self.startPeriod = startPeriod
        self.retries = retries
    }
}

extension TaskDefinition {
    /// Revision 1 of a service of the document.
    init(_ blueprint: ServiceBlueprint, settings: ControlSettings, at now: Duration) {
        var container = Container(name: blueprint.name, image: blueprint.image)
        container.portMappings = [PortMapping(containerPort: blueprint.port, name: blueprint.name)]
        container.healthCheck = HealthCheck(
            command: ["CMD-SHELL", blueprint.healthCommand],
            interval: Int(settings.times.healthInterval.inSeconds), retries: settings.healthRetries,
            startPeriod: Int(settings.times.healthStart.inSeconds))
        if blueprint.name == "flask-app" { container.environment += Self.variables(of: settings.flaw) }
        container.log = LogConfiguration(
            driver: "awslogs",
            options: [
                "awslogs-group": "/ecs/\(settings.project)/\(blueprint.name)",
                "awslogs-region": settings.region,
                "awslogs-stream-prefix": "ecs",
            ])
        self.init(
            id: RevisionID(family: "\(settings.project)-\(blueprint.name)", number: 1), container: container,
            cpu: blueprint.cpu, memory: blueprint.memory,
            tags: ResourceTags.standard(project: settings.project), registeredAt: now)
    }

    /// What the application is told in a lab that is bad on purpose.
    private static func variables(of flaw: LabFlaw?) -> [Tag] {
        switch flaw {
        case .redisRequired: [Tag(key: "REDIS_REQUIRED", value: "1")]
        case .smallPool: [Tag(key: "DATABASE_POOL", value: "1"), Tag(key: "DATABASE_WAIT_MS", value: "40")]
        default: []
        }
    }
}
