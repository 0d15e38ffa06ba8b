import Glibc
import Logging
import Spawn

private let logger = Logger(label: "lab.machine")

/// The balancer's nodes and the API's front door: AWS keeps them running, so a dead one is started again.
///
/// Their listening sockets stay open in this process. Who connects meanwhile waits in the backlog.
extension Machine {
    func startNode(_ node: Listeners.Node, certificate: String) async throws {
        guard let place = Topology.balancerNodes.first(where: { $0.0 == node.zone }) else {
            throw LabError.bootFailed(step: "no subnet for a balancer node in \(node.zone)", log: "")
        }
        let namespace = try await network?.attach(place.1)
        let socket = HAProxySocket(path: state.path + "/sockets/alb-\(node.zone).sock")
        let name = "alb-\(node.zone)"
        let text = BalancerConfiguration(
            listener: node.fd, socket: socket.path, speed: speed, tls: (node.tls, certificate),
            checks: flaw != .noHealthChecks
        ).text
        let pid = try startProxy(name, text, node.fd, node.tls, network: namespace)
        try await answers(socket, pid, log: name)
        keep(name, pid) { [self] in
            let pid = try await startProxy(name, text, node.fd, node.tls, network: namespace)
            try await answers(socket, pid, log: name)
            await balancer.restore(node: socket)
            return pid
        }
    }

    func startAPIProxy(upstream: String) throws {
        let text = APIProxyConfiguration(listener: listeners.api, upstream: upstream).text
        let pid = try startProxy("api", text, listeners.api)
        keep("api", pid) { [self] in try await startProxy("api", text, listeners.api) }
    }

    func startProxy(_ name: String, _ text: String, _ listeners: Int32..., network: Int32? = nil) throws
        -> pid_t
    {
        try state.write(text, to: "\(name).cfg")
        var program = Program("haproxy", ["-db", "-q", "-f", "\(state.path)/\(name).cfg"])
        program.network = network
        program.inherited = listeners
        return try spawn(program, log: name)
    }

    /// Starts it again whenever it ends, until the lab goes.
    func keep(_ name: String, _ first: pid_t, _ restart: @escaping @Sendable () async throws -> pid_t) {
        Task {
            var pid = first
            while true {
                _ = await processes.exit(of: pid)
                // Not at once: what dies at its start would otherwise keep a core busy. Never cancelled.
                try? await Task.sleep(for: .milliseconds(200))
                while true {
                    guard !isGoing else { return }
                    do {
                        pid = try await restart()
                        break
                    } catch {
                        logger.error("\(name) could not be started again: \(error)")
                        // As above.
                        try? await Task.sleep(for: .seconds(1))
                    }
                }
            }
        }
    }
}
