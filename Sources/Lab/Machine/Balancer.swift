/// The load balancer: a HAProxy in each zone's public subnet, told of targets through their runtime sockets.
actor Balancer {
    struct Node: Sendable {
        var zone: String
        /// Where clients reach it, on the host.
        var address: String
        var port: Int
        var tlsPort: Int
        var socket: HAProxySocket
    }

    private struct Target {
        var slot: String
        /// As registered; `real` is where it listens in this mode.
        var address: String
        var port: Int
        var isDraining = false
        var wasHealthy = false
        /// As last seen.
        var isHealthy = false
    }

    let nodes: [Node]
    private let addressing: Addressing
    private var targets: [String: Target] = [:]
    /// Slots in use or being emptied.
    private var taken: Set<String> = []

    init(nodes: [Node], addressing: Addressing) {
        self.nodes = nodes
        self.addressing = addressing
    }

    func register(_ address: String, _ port: Int) async throws {
        let key = "\(address):\(port)"
        guard targets[key] == nil else { return }
        guard let slot = BalancerConfiguration.slots.first(where: { !taken.contains($0) }) else {
            throw LabError.bootFailed(step: "the balancer has no slot left for \(key)", log: "")
        }
        taken.insert(slot)
        targets[key] = Target(slot: slot, address: address, port: port)
        let commands = Self.registration(
            slot: slot, address: addressing.address(address), port: addressing.port(port))
        try await tell(commands)
    }

    /// Tells every node. One that is dead learns all of it when it is started again: see `restore`.
    private func tell(_ commands: [String]) async throws {
        for node in nodes {
            do { _ = try await node.socket.ask(commands) } catch {
                guard error.isDead else { throw error }
            }
        }
    }

    /// Tells a node that was started anew of every target. What was healthy is: the node must not take a whole service
    /// out until its own checks have passed.
    func restore(node: HAProxySocket) async {
        for target in targets.values {
            var commands = Self.registration(
                slot: target.slot, address: addressing.address(target.address),
                port: addressing.port(target.port))
            if target.isHealthy { commands.append("set server checks/\(target.slot) health up") }
            if target.isDraining { commands += Self.draining(target.slot) }
            // Dead once more: then it is started and told again.
            _ = try? await node.ask(commands)
        }
    }

    private static func draining(_ slot: String) -> [String] {
        ["web", "open"].map { "set server \($0)/\(slot) state drain" }
    }

    /// `health down` makes the target wait for its checks; before `state ready` it would have no effect.
    /// `web` opens last.
    static func registration(slot: String, address: String, port: Int) -> [String] {
        ["checks", "open", "web"].map { "set server \($0)/\(slot) addr \(address) port \(port)" } + [
            "set server checks/\(slot) state ready", "set server checks/\(slot) health down",
            "set server open/\(slot) state ready", "set server web/\(slot) state ready",
        ]
    }

    func drain(_ address: String, _ port: Int) async throws {
        let key = "\(address):\(port)"
        guard let slot = targets[key]?.slot else { return }
        targets[key]?.isDraining = true
        try await tell(Self.draining(slot))
    }

    func deregister(_ address: String, _ port: Int) async throws {
        guard let target = targets.removeValue(forKey: "\(address):\(port)") else { return }
        let slot = target.slot
        try await tell(
            ["web", "open", "checks"].map { "set server \($0)/\(slot) state maint" }
                + ["web", "open"].map { "shutdown sessions server \($0)/\(slot)" })
        taken.remove(slot)
    }

    /// Lets the target be healthy at once, without its checks: only for the tasks of a lab that is booting.
    func vouch(for address: String, _ port: Int) async throws {
        guard let target = targets["\(address):\(port)"] else { return }
        try await tell(["set server checks/\(target.slot) health up"])
    }

    /// A target is unhealthy when every node in service finds it so: a node that sees no target at all has
    /// lost its own
    /// network, and must not have the healthy zone's tasks replaced.
    func readings() async -> [TargetReading] {
        let views = await views()
        let inService = Self.inService(views, slots: targets.values.map(\.slot))
        let says = zip(views, inService).filter { $1 }.compactMap { $0.0 }
        return targets.keys.sorted().compactMap { key in
            guard var target = targets[key] else { return nil }
            let isHealthy = says.contains { $0.isUp(proxy: "checks", server: target.slot) == true }
            // Nobody to ask: what was seen last stands.
            if !says.isEmpty { targets[key]?.isHealthy = isHealthy }
            if isHealthy {
                target.wasHealthy = true
                targets[key]?.wasHealthy = true
            }
            return Self.reading(
                slot: target.slot, address: target.address, port: target.port, isDraining: target.isDraining,
                wasHealthy: target.wasHealthy, nodes: says)
        }
    }

    static func reading(
        slot: String, address: String, port: Int, isDraining: Bool, wasHealthy: Bool,
        nodes: [HAProxyStatistics]
    ) -> TargetReading {
        let open = nodes.reduce(0) { sum, node in
            sum
                + ["web", "open"].reduce(0) {
                    $0 + (Int(node.value("scur", proxy: $1, server: slot) ?? "") ?? 0)
                }
        }
        let isUp = nodes.contains { $0.isUp(proxy: "checks", server: slot) == true }
        var reading = TargetReading(address: address, port: port, state: .healthy, reason: nil, open: open)
        if isDraining {
            reading.state = .draining
            reading.reason = "Target.DeregistrationInProgress"
        } else if !isUp {
            let status = nodes.first?.value("check_status", proxy: "checks", server: slot) ?? ""
            reading.state = wasHealthy ? .unhealthy : .initial
            reading.reason = wasHealthy ? reason(checkStatus: status) : "Elb.InitialHealthChecking"
        }
        return reading
    }

    /// HAProxy's word for a failed check in elbv2's; a leading `* ` says that the next check is under way.
    static func reason(checkStatus: String) -> String {
        switch checkStatus.hasPrefix("* ") ? String(checkStatus.dropFirst(2)) : checkStatus {
        case "L4TOUT", "L6TOUT", "L7TOUT": "Target.Timeout"
        case "L7STS", "L7OKC": "Target.ResponseCodeMismatch"
        default: "Target.FailedHealthChecks"
        }
    }

    func nodeReadings() async -> [BalancerNodeReading] {
        let inService = Self.inService(await views(), slots: targets.values.map(\.slot))
        return zip(nodes, inService).map { node, inService in
            BalancerNodeReading(
                zone: node.zone, address: node.address, port: node.port, tlsPort: node.tlsPort,
                inService: inService)
        }
    }

    /// The statistics of each node that answers, by its zone.
    func statistics() async -> [(zone: String, statistics: HAProxyStatistics)] {
        zip(nodes, await views()).compactMap { node, view in view.map { (node.zone, $0) } }
    }

    /// Each node's statistics, or nil where it does not answer.
    private func views() async -> [HAProxyStatistics?] {
        var views: [HAProxyStatistics?] = []
        for node in nodes {
            // A silent node is a node out of service: that is how the nil is read.
            let said = try? await node.socket.ask(["show stat no-maint"])  // free slots are in maintenance
            views.append(said.map(HAProxyStatistics.init(csv:)))
        }
        return views
    }

    /// DNS lists the nodes that find at least one target healthy; when none does, all of them.
    static func inService(_ views: [HAProxyStatistics?], slots: [String]) -> [Bool] {
        let some = views.map { view in
            slots.contains { view?.isUp(proxy: "checks", server: $0) == true }
        }
        return some.contains(true) ? some : views.map { _ in true }
    }
}
