import Glibc
import Spawn

/// Service Connect: each task's sidecar, and telling all of them who is there.
extension Machine {
    func startSidecar(
        _ launch: TaskLaunch, _ namespace: Int32?, _ cgroups: [String], _ folder: String
    ) async throws -> (pid: pid_t, socket: HAProxySocket)? {
        guard Sidecar.upstreams(of: launch.service) != nil else { return nil }
        let socket = HAProxySocket(path: "\(state.path)/sockets/\(launch.id.description.prefix(12)).sock")
        let sidecar = sidecar(of: launch, socket)
        try state.write(sidecar.text, to: "tasks/\(launch.id)/sidecar.cfg")
        var program = Program("haproxy", ["-db", "-q", "-f", "\(folder)/sidecar.cfg"])
        program.network = namespace
        program.cgroups = cgroups
        let name = "sidecar-\(launch.service)-\(launch.id.description.prefix(8))"
        let pid = try spawn(program, log: name)
        do {
            try await answers(socket, pid, log: name)
        } catch {
            processes.signalGroup(pid, SIGKILL)
            _ = await processes.exit(of: pid)
            throw error
        }
        return (pid, socket)
    }

    /// Tells a new task's sidecar who is there.
    ///
    /// Called when the task stands in `tasks`: one that starts meanwhile is in the list by then, or announces
    /// itself. Asked before, two that start together could miss each other. Told twice does no harm.
    func introduce(_ launch: TaskLaunch, _ socket: HAProxySocket) async throws {
        let sidecar = sidecar(of: launch, socket)
        for upstream in Sidecar.upstreams(of: launch.service) ?? [] {
            for task in tasks.values
            where task.launch.service == upstream.service && !task.isStopping
                && !task.launch.isStandalone
            {
                _ = try await socket.ask(
                    sidecar.adding(task.launch.id, at: task.launch.address, upstream))
            }
        }
    }

    /// Waits until a HAProxy takes commands.
    func answers(_ socket: HAProxySocket, _ pid: pid_t, log: String) async throws {
        for _ in 0..<500 {
            guard processes.isLive(pid) else { break }
            // Silence is what is waited out here; the error below tells of it.
            if (try? await socket.ask(["show version"])) != nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw LabError.bootFailed(
            step: "HAProxy (\(log)) does not answer", log: state.tail(of: "\(state.path)/logs/\(log).log"))
    }

    /// Makes a task known to the sidecars of all that call its service.
    func announce(_ launch: TaskLaunch) async {
        await tellCallers(of: launch) { sidecar, upstream in
            sidecar.adding(launch.id, at: launch.address, upstream)
        }
    }

    /// Takes a task out of their rotation.
    func withdraw(_ launch: TaskLaunch) async {
        await tellCallers(of: launch) { _, upstream in Sidecar.leaving(launch.id, upstream) }
    }

    /// Removes it. A server with an idle connection left refuses; in maintenance under its own name it does
    /// no harm.
    func forget(_ launch: TaskLaunch) async {
        await tellCallers(of: launch) { _, upstream in Sidecar.removing(launch.id, upstream) }
    }

    private func tellCallers(
        of launch: TaskLaunch, _ commands: (Sidecar, Sidecar.Upstream) -> [String]
    ) async {
        guard !launch.isStandalone else { return }
        for task in tasks.values {
            guard let socket = task.sidecarSocket, task.launch.id != launch.id, !task.isStopping,
                !frozen.contains(task.launch.zone),
                let upstream = Sidecar.upstreams(of: task.launch.service)?
                    .first(where: { $0.service == launch.service })
            else { continue }
            // A sidecar that does not answer is a task that is ending; one that starts reads the list itself.
            _ = try? await socket.ask(commands(sidecar(of: task.launch, socket), upstream))
        }
    }

    private func sidecar(of launch: TaskLaunch, _ socket: HAProxySocket) -> Sidecar {
        Sidecar(
            service: launch.service, local: addressing.local(to: launch.address), socket: socket.path,
            addressing: addressing, databaseZone: databaseZone)
    }
}
