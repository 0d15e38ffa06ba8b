import Foundation
import Glibc
import Spawn

/// Starting and stopping tasks.
extension Machine {
    package func start(_ launch: TaskLaunch) async throws {
        guard tasks[launch.id] == nil else { return }
        let namespace = try await network?.attach(
            launch.address, groups: launch.securityGroups.isEmpty ? nil : launch.securityGroups)
        var sidecar: (pid: pid_t, socket: HAProxySocket)?
        do {
            let cgroups = try quotas?.add(launch.id.description) ?? []
            let folder = "\(state.path)/tasks/\(launch.id)"
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                throw LabError.file(operation: "make", path: folder, error: errno)
            }
            sidecar = try await startSidecar(launch, namespace, cgroups, folder)
            if launch.service == "nginx" { try writeNginxConfiguration(launch) }
            var program = try ServiceCommand(parts: parts, addressing: addressing).program(
                of: launch, folder: folder)
            program.network = namespace
            program.cgroups = cgroups
            program.diesWithParent = !mode.hasNamespaces
            let main = try spawn(program, of: launch)
            tasks[launch.id] = RunningTask(
                launch: launch, network: namespace, program: program, main: main, sidecar: sidecar?.pid,
                sidecarSocket: sidecar?.socket)
            if let socket = sidecar?.socket { try await introduce(launch, socket) }
        } catch {
            if let task = tasks.removeValue(forKey: launch.id) { processes.signalGroup(task.main, SIGKILL) }
            if let sidecar { processes.signalGroup(sidecar.pid, SIGKILL) }
            if let sidecar { _ = await processes.exit(of: sidecar.pid) }
            await removeTraces(of: launch)
            throw error
        }
        await announce(launch)
        watch(launch.id)
        // Others get theirs with their first success, so that they start in time; these may never be asked.
        if launch.isStandalone || launch.settings.healthCommand == nil { limit(launch.id) }
        if frozen.contains(launch.zone) { signalAll(in: launch.zone, SIGSTOP) }
    }

    package func stop(_ id: TaskID, grace: Duration) async throws {
        guard let task = tasks[id] else { return }
        tasks[id]?.isStopping = true
        await withdraw(task.launch)
        // Callers have been told, but a request may be on its way: Service Connect drains before SIGTERM, too.
        if grace > .zero, !task.launch.isStandalone, Sidecar.isCalled(task.launch.service) {
            // Throws only when cancelled: then the task ends a moment sooner.
            try? await Task.sleep(for: Self.callersPause)
        }
        processes.signal(task.main, ServiceCommand.stopSignal(of: task.launch.service))
        let processes = processes
        let ended = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                _ = await processes.exit(of: task.main)
                return true
            }
            group.addTask {
                // Throws only when the wait is over already.
                try? await Task.sleep(for: grace)
                processes.signalGroup(task.main, SIGKILL)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
        _ = ended
        await bury(task)
    }

    /// Ends what is left of the task, and removes its namespace, cgroup and folder.
    private func bury(_ task: RunningTask) async {
        for pid in task.processes { processes.signalGroup(pid, SIGKILL) }
        // A worker has no group of its own, so that reaches all; the kernel takes a moment.
        for pid in ProcessTree.descendants(of: Set(task.processes)) { kill(pid, SIGKILL) }
        for pid in task.processes { _ = await processes.exit(of: pid) }
        await removeTraces(of: task.launch)
        tasks[task.launch.id]?.packetDelay?.stop()
        tasks[task.launch.id] = nil
        await forget(task.launch)
    }

    private func removeTraces(of launch: TaskLaunch) async {
        await network?.detach(launch.address)
        if let quotas {
            for _ in 0..<100 where !quotas.remove(launch.id.description) {
                // Orphans of a killed master are still ending; a cancelled sleep only shortens the wait.
                try? await Task.sleep(for: .milliseconds(10))
            }
        }
        // Not there if the start failed early.
        try? FileManager.default.removeItem(atPath: "\(state.path)/tasks/\(launch.id)")
    }

    /// Reports the end of the main process or the sidecar, unless we ended it: both are essential containers. A
    /// container's first process takes all others along.
    private func watch(_ id: TaskID) {
        guard let task = tasks[id] else { return }
        for pid in task.essential {
            Task {
                let status = await processes.exit(of: pid)
                guard !isGoing, let current = tasks[id], !current.isStopping else { return }
                tasks[id]?.isStopping = true
                // As docker does: nothing of the container outlives its first process.
                kill(-pid, SIGKILL)
                await withdraw(task.launch)
                await bury(current)
                let whose = pid == task.main ? "" : "Service Connect's proxy "
                exitsContinuation.yield((id, whose + status.description))
            }
        }
    }

    private static let callersPause = Duration.milliseconds(500)

    /// The container's own process; what it writes goes where its definition says.
    private func spawn(_ program: Program, of launch: TaskLaunch) throws(LabError) -> pid_t {
        let name = "\(launch.service)-\(launch.id.description.prefix(8))"
        guard let place = launch.settings.log else { return try spawn(program, log: name) }
        let (file, _) = try state.log(name)
        let read: Int32
        let write: Int32
        do throws(LabError) { (read, write) = try pipe() } catch {
            close(file)
            throw error
        }
        defer { close(write) }
        var program = program
        program.output = write
        do throws(LabError) {
            let pid = try processes.spawn(program)
            LogPump(store: logs, place: place).follow(read, into: file)
            return pid
        } catch {
            close(read)
            close(file)
            throw error
        }
    }

    func spawn(_ program: Program, log name: String) throws(LabError) -> pid_t {
        var program = program
        let (log, _) = try state.log(name)
        defer { close(log) }
        program.output = log
        program.diesWithParent = !mode.hasNamespaces
        return try processes.spawn(program)
    }

    private func writeNginxConfiguration(_ launch: TaskLaunch) throws {
        let source = "\(parts.stack)/nginx/nginx.conf"
        let template: String
        do { template = try String(contentsOfFile: source, encoding: .utf8) } catch {
            throw LabError.missingPart("nginx.conf", lookedIn: [source])
        }
        let text = NginxConfiguration.text(
            template: template, run: "\(state.path)/tasks/\(launch.id)",
            listen:
                "\(mode.hasNamespaces ? "0.0.0.0" : addressing.address(launch.address)):\(addressing.port(80))",
            flask: "\(addressing.local(to: launch.address)):\(addressing.port(5000))",
            ownNamespace: mode.hasNamespaces)
        try state.write(text, to: "tasks/\(launch.id)/nginx.conf")
    }
}
