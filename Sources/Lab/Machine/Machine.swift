import Glibc

/// The real data plane: real processes, in namespaces of their own where the mode has them.
package actor Machine: DataPlane {
    let mode: LabMode
    let speed: Double
    let flaw: LabFlaw?
    let parts: Parts
    let state: StateDirectory
    let addressing: Addressing
    let processes: ProcessTable
    let network: Network?
    let quotas: CPUQuotas?
    let balancer: Balancer
    let logs: LogStore

    var tasks: [TaskID: RunningTask] = [:]
    /// By zone.
    var instances: [String: DatabaseInstance] = [:]
    /// Where the database's endpoint leads.
    var databaseZone = Topology.firstPrimary
    /// The name of its endpoint, and what else the lab's /etc/hosts holds; nil until it resolves in the lab.
    var endpointName: (name: String, own: String)?
    var isTellingEndpoint = false
    /// Zones frozen in loopback mode.
    var frozen: Set<String> = []
    var coreSpeed: CoreSpeed
    /// Set when the lab goes: from then on, ends are not reported.
    var isGoing = false

    package nonisolated let exits: AsyncStream<(TaskID, String)>
    let exitsContinuation: AsyncStream<(TaskID, String)>.Continuation

    /// The fds of the host's listening sockets, one for each node and one for the API.
    struct Listeners: Codable, Sendable {
        struct Node: Codable, Sendable {
            var zone: String
            var address: String
            var port: Int
            var fd: Int32
            var tlsPort: Int
            var tls: Int32
        }
        var nodes: [Node]
        var api: Int32
    }
    let listeners: Listeners

    init(
        mode: LabMode, speed: Double, flaw: LabFlaw? = nil, strength: Double = 1, parts: Parts,
        state: StateDirectory,
        listeners: Listeners,
        quotas: CPUQuotas?,
        processes: ProcessTable, logs: LogStore = LogStore(clock: MachineClock())
    ) {
        self.mode = mode
        self.speed = speed
        self.flaw = flaw
        coreSpeed = CoreSpeed(strength: strength)
        self.parts = parts
        self.state = state
        self.listeners = listeners
        self.quotas = quotas
        self.processes = processes
        self.logs = logs
        addressing = Addressing(mode: mode)
        network = mode.hasNamespaces ? Network(processes: processes) : nil
        balancer = Balancer(
            nodes: listeners.nodes.map {
                Balancer.Node(
                    zone: $0.zone, address: $0.address, port: $0.port, tlsPort: $0.tlsPort,
                    socket: HAProxySocket(path: state.path + "/sockets/alb-\($0.zone).sock"))
            }, addressing: addressing)
        (exits, exitsContinuation) = AsyncStream.makeStream()
    }

    // MARK: The balancer's part of the contract

    package func register(target address: String, port: Int) async throws {
        try await balancer.register(address, port)
    }

    package func drain(target address: String, port: Int) async throws {
        try await balancer.drain(address, port)
    }

    package func deregister(target address: String, port: Int) async throws {
        try await balancer.deregister(address, port)
    }

    package func targetReadings() async throws -> [TargetReading] { await balancer.readings() }

    package func nodes() async throws -> [BalancerNodeReading] { await balancer.nodeReadings() }

    // MARK: The network

    package func enforce(_ policy: NetworkPolicy) async throws {
        if let network { return try await network.enforce(policy) }
        // Frozen is a zone of which a subnet with processes in it is cut off; the balancer's nodes keep running.
        let zones = Set(
            Topology.subnets.filter {
                policy.cutOff.contains($0.cidr) && !["br1", "br2"].contains($0.bridge)
            }.map(
                \.zone))
        let (freeze, thaw) = (zones.subtracting(frozen), frozen.subtracting(zones))
        frozen = zones
        for zone in freeze { signalAll(in: zone, SIGSTOP) }
        for zone in thaw { signalAll(in: zone, SIGCONT) }
    }

    func signalAll(in zone: String, _ signal: Int32) {
        var roots = Set(tasks.values.filter { $0.launch.zone == zone }.flatMap(\.processes))
        if let pid = instances[zone]?.pid { roots.insert(pid) }
        for pid in ProcessTree.descendants(of: roots) { kill(pid, signal) }
    }
}

extension Sidecar {
    /// The port a service listens on, as its task definition says.
    static func port(of service: String) -> Int {
        switch service {
        case "nginx": 80
        case "flask-app": 5000
        default: 6379
        }
    }
}
