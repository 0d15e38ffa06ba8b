/// What the lab's control plane asks of the machine: real processes, packets and counters, no decisions.
///
/// `Machine/` is the real one. The control plane decides how many tasks run where; the data plane knows how.
package protocol DataPlane: Sendable {
    /// Starts the task's processes (the service and its sidecar) in a network namespace of its own with
    /// `task.address`,
    /// under its CPU quota, and makes it known to the sidecars of the services that call it.
    /// Returns when the processes run; it may still be unhealthy.
    func start(_ task: TaskLaunch) async throws

    /// SIGTERM, and SIGKILL after `grace` (real time). Returns when no process, namespace or cgroup of it is
    /// left.
    /// A task that is not there is no error.
    func stop(_ id: TaskID, grace: Duration) async throws

    /// Tasks whose main process ended without `stop`, with its exit in words: `exited with 1`, `killed by
    /// signal 9`.
    var exits: AsyncStream<(TaskID, String)> { get }

    /// The container health check of the task's service, once; false also when the answer takes over 5 s.
    func isHealthy(_ id: TaskID) async -> Bool

    /// Makes the task a target of the balancer, in state initial.
    func register(target address: String, port: Int) async throws
    /// No new requests go to the target; those under way go on.
    func drain(target address: String, port: Int) async throws
    /// Removes the target; what is still open there is cut.
    func deregister(target address: String, port: Int) async throws
    /// The balancer's own view of each target: unhealthy when every node in service finds it so. A node that
    /// sees no
    /// healthy target while another does is not in service, and has no say.
    func targetReadings() async throws -> [TargetReading]

    /// The balancer's nodes, one per zone, and whether DNS would list them; see `BalancerNodeReading`.
    func nodes() async throws -> [BalancerNodeReading]

    /// The database instances.
    var databases: any DatabasePlane { get }

    /// What passes in the network from now on; replaces all rules of before. Network ACLs and routes hold at once,
    /// also for existing connections; security groups for new ones.
    func enforce(_ policy: NetworkPolicy) async throws

    /// What is wrong with a task from now on; loopback inside the task is spared. Replaces the set of before. A task
    /// that is not there is an error unless the set is empty, and so is what this machine cannot do.
    func impair(_ impairments: Set<TaskImpairment>, of id: TaskID) async throws

    /// Where the counters behind the metrics stand: see `MachineReading`.
    func usage() async -> MachineReading
}

/// What one of SSM's documents does to a task.
package enum TaskImpairment: Hashable, Sendable {
    /// New connections and open ones alike.
    case blackhole(BlackholePort)
    /// Of a hundred packets that leave the task so many are dropped, at random: `AWSFIS-Run-Network-Packet-Loss-ECS`.
    case loss(percent: Int)
    /// Packets leave the task late: `AWSFIS-Run-Network-Latency-ECS`.
    case delay(milliseconds: Int, jitter: Int)
    /// Other work takes its CPU: `AWSFIS-Run-CPU-Stress`. `percent` of each of the `workers` is busy.
    case cpu(percent: Int, workers: Int)
}

/// A port that swallows what is sent to it, as the document `AWSFIS-Run-Network-Blackhole-Port-ECS` has it.
package struct BlackholePort: Hashable, Sendable {
    package enum Transport: String, Hashable, Sendable, CaseIterable { case tcp, udp }
    package enum Direction: String, Hashable, Sendable, CaseIterable { case ingress, egress }

    package var port: Int
    package var transport: Transport
    package var direction: Direction

    package init(port: Int, transport: Transport = .tcp, direction: Direction = .ingress) {
        self.port = port
        self.transport = transport
        self.direction = direction
    }
}

/// ECS's task id: 32 hex digits.
package struct TaskID: Hashable, Codable, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// What is needed to start one task.
package struct TaskLaunch: Hashable, Sendable {
    package var id: TaskID
    /// `nginx`, `flask-app` or `redis`: for a task of its own, the service whose image it runs.
    package var service: String
    package var zone: String
    /// An address of the zone's private subnet; in loopback mode the data plane maps it: see `Machine/`.
    package var address: String
    /// 1024 = 1 vCPU.
    package var cpu: Int
    /// MiB.
    package var memory: Int
    package var settings: ContainerSettings
    /// Run by hand (RunTask): no service, so nobody is told to call it.
    package var isStandalone = false
    /// Ids of the groups its interface is in; empty: those of all tasks.
    package var securityGroups: [String] = []

    /// Without settings: as the image is run by the document's service.
    package init(
        id: TaskID, service: String, zone: String, address: String, cpu: Int, memory: Int,
        settings: ContainerSettings? = nil, securityGroups: [String] = []
    ) {
        self.securityGroups = securityGroups
        self.id = id
        self.service = service
        self.zone = zone
        self.address = address
        self.cpu = cpu
        self.memory = memory
        self.settings = settings ?? ServiceBlueprint.settings(of: service)
    }
}

/// One target as the balancer sees it.
package struct TargetReading: Hashable, Sendable {
    package enum State: String, Hashable, Sendable { case initial, healthy, unhealthy, draining }

    package var address: String
    package var port: Int
    package var state: State
    /// In the words of elbv2: `Target.Timeout`, `Target.FailedHealthChecks`, `Elb.InitialHealthChecking`; nil
    /// if healthy.
    package var reason: String?
    /// Requests open there now.
    package var open: Int

    package init(address: String, port: Int, state: State, reason: String? = nil, open: Int = 0) {
        self.address = address
        self.port = port
        self.state = state
        self.reason = reason
        self.open = open
    }
}

/// One node of the balancer: where clients reach it, and whether the balancer's DNS name would list it.
package struct BalancerNodeReading: Hashable, Sendable {
    package var zone: String
    /// On the host: `127.0.1.10`.
    package var address: String
    package var port: Int
    /// Where it takes HTTPS; nil: nowhere.
    package var tlsPort: Int?
    /// False while none of the targets is healthy for this node's own checks; if that is so on all nodes, all
    /// are true.
    package var inService: Bool

    package init(zone: String, address: String, port: Int, tlsPort: Int? = nil, inService: Bool) {
        self.tlsPort = tlsPort
        self.zone = zone
        self.address = address
        self.port = port
        self.inService = inService
    }
}

extension DataPlane {
    /// For test twins that have no nodes of their own.
    package func nodes() async throws -> [BalancerNodeReading] { [] }
    package func usage() async -> MachineReading { MachineReading() }
}
