import Foundation
import Glibc

/// Bringing up what is there before any task, and taking everything down.
extension Machine {
    /// Network, database, balancer and the API's front door. `apiSocket` is where the API will listen.
    func boot(apiSocket: String) async throws {
        try await network?.boot()
        async let database: Void = bootDatabase()
        async let wayOut: Void = bootInternet()
        let certificate = try await Certificate(processes: processes, state: state).make(
            addresses: listeners.nodes.map(\.address))
        for node in listeners.nodes { try await startNode(node, certificate: certificate) }
        try await wayOut
        try startAPIProxy(upstream: apiSocket)
        try await database
    }

    /// Marks targets healthy whose task's own health check passes. For a lab that is booting only: later
    /// tasks go
    /// through the balancer's checks.
    func vouchForHealthyTargets() async throws {
        for reading in await balancer.readings() where reading.state == .initial {
            guard let task = tasks.values.first(where: { $0.launch.address == reading.address }),
                await isHealthy(task.launch.id), await answersThroughSidecar(task)
            else { continue }
            try await balancer.vouch(for: reading.address, reading.port)
        }
    }

    /// Whether the whole path behind an nginx answers: nginx's own health says nothing of Flask.
    private func answersThroughSidecar(_ task: RunningTask) async -> Bool {
        let probe = HealthProbe(
            network: task.network,
            address: mode.hasNamespaces ? "127.0.0.1" : addressing.address(task.launch.address),
            port: addressing.port(80),
            question: "GET /api/items/1 HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n",
            answer: "HTTP/1.1 200")
        return await aside { probe.ask(patience: .seconds(2)) }
    }

    /// Ends every process at once and removes the cgroups. Nothing is asked to finish: the lab is going.
    func shutDown() async {
        isGoing = true
        exitsContinuation.finish()
        // A start that is under way must not put a process where we have been already.
        let roots = processes.shut()
        for pid in ProcessTree.descendants(of: roots) { kill(pid, SIGKILL) }
        for pid in roots { _ = await processes.exit(of: pid) }
        if mode.hasNamespaces && getpid() == 1 {
            // All that is left in our PID namespace, orphans included.
            kill(-1, SIGKILL)
        }
        guard let quotas else { return }
        for _ in 0..<200 {
            for id in tasks.keys { quotas.remove(id.description) }
            quotas.removeAll()
            if quotas.roots.allSatisfy({ access($0, F_OK) != 0 }) { return }
            // Not cancelled here; and if it were, the next start sweeps what is left.
            try? await Task.sleep(for: .milliseconds(10))
        }
    }
}
