import Synchronization

@testable import Lab

/// A machine that does what the test says: no process, no packet.
final class FakeDataPlane: DataPlane {
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    struct State {
        /// Tasks that run, by id.
        var running: [TaskID: TaskLaunch] = [:]
        var targets: [String: TargetReading] = [:]
        var blocked: Set<String> = []
        var policy: NetworkPolicy?
        var impairments: [TaskID: Set<TaskImpairment>] = [:]
        /// Everything asked of the machine, in words.
        var log: [String] = []
        /// Tasks whose container health check fails, by id; services none of whose tasks start.
        var sick: Set<TaskID> = []
        var unstartable: Set<String> = []
        /// Tasks whose command is `exit 1`, until the test has told of their end.
        var crashed: [TaskID] = []
        /// Targets the balancer finds unhealthy, by address.
        var unreachable: Set<String> = []
        /// Everything but starting and stopping fails.
        var isSilent = false
        /// What the counters stand at.
        var reading = MachineReading()
    }

    /// The database's part of the machine.
    let database = FakeDatabasePlane()
    var databases: any DatabasePlane { database }

    private let state = Mutex(State())
    let exits: AsyncStream<(TaskID, String)>
    private let ending: AsyncStream<(TaskID, String)>.Continuation

    init() { (exits, ending) = AsyncStream.makeStream() }

    var now: State { state.withLock { $0 } }

    func script(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    /// The task's main process ends by itself.
    func end(_ id: TaskID, _ how: String) {
        state.withLock { $0.running[id] = nil }
        ending.yield((id, how))
    }

    private func record(_ line: String, _ change: (inout State) -> Void = { _ in }) throws {
        try state.withLock {
            if $0.isSilent { throw Refused(description: "the machine is silent") }
            $0.log.append(line)
            change(&$0)
        }
    }

    func start(_ task: TaskLaunch) async throws {
        try state.withLock {
            if $0.unstartable.contains(task.service) { throw Refused(description: "no such image") }
            $0.log.append("start \(task.service) in \(task.zone) at \(task.address)")
            if task.settings.command?.last == "exit 1" {
                $0.crashed.append(task.id)
            } else {
                $0.running[task.id] = task
            }
        }
    }

    /// Those that have ended since the last call.
    func takeCrashed() -> [TaskID] {
        state.withLock { state in
            defer { state.crashed = [] }
            return state.crashed
        }
    }

    func stop(_ id: TaskID, grace: Duration) async throws {
        state.withLock {
            $0.log.append("stop \($0.running[id]?.address ?? "what is gone") within \(grace)")
            $0.running[id] = nil
        }
    }

    func isHealthy(_ id: TaskID) async -> Bool {
        state.withLock {
            guard let task = $0.running[id] else { return false }
            return !$0.sick.contains(id) && task.settings.healthCommand?.last != "exit 1"
        }
    }

    func register(target address: String, port: Int) async throws {
        try record("register \(address):\(port)") {
            $0.targets[address] = TargetReading(address: address, port: port, state: .initial)
        }
    }

    func drain(target address: String, port: Int) async throws {
        try record("drain \(address):\(port)") { $0.targets[address]?.state = .draining }
    }

    func deregister(target address: String, port: Int) async throws {
        try record("deregister \(address):\(port)") { $0.targets[address] = nil }
    }

    /// A target is healthy from the first look on, unless it cannot be reached.
    func targetReadings() async throws -> [TargetReading] {
        try state.withLock { state in
            if state.isSilent { throw Refused(description: "the machine is silent") }
            for (address, target) in state.targets where target.state != .draining {
                let isDead = state.unreachable.contains(address)
                state.targets[address]?.state = isDead ? .unhealthy : .healthy
                state.targets[address]?.reason = isDead ? "Target.Timeout" : nil
            }
            return state.targets.values.sorted { $0.address < $1.address }
        }
    }

    func nodes() async throws -> [BalancerNodeReading] {
        [("ap-south-1a", "127.0.1.10"), ("ap-south-1b", "127.0.2.10")].map { zone, address in
            BalancerNodeReading(
                zone: zone, address: address, port: 8080, tlsPort: 8443,
                inService: !now.blocked.contains(zone == "ap-south-1a" ? "10.0.1.0/24" : "10.0.2.0/24"))
        }
    }

    func enforce(_ policy: NetworkPolicy) async throws {
        try record("enforce") {
            $0.blocked = policy.cutOff
            $0.policy = policy
        }
    }

    func usage() async -> MachineReading { now.reading }

    func impair(_ impairments: Set<TaskImpairment>, of id: TaskID) async throws {
        let words = impairments.map { "\($0)" }.sorted().joined(separator: ", ")
        try record("impair by \(impairments.isEmpty ? "nothing" : words)") {
            $0.impairments[id] = impairments.isEmpty ? nil : impairments
        }
    }
}
