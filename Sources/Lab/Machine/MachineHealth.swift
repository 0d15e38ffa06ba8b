import Foundation
import Glibc
import Spawn

/// The container health check of a task's revision.
extension Machine {
    package func isHealthy(_ id: TaskID) async -> Bool {
        guard let task = tasks[id], !task.isStopping else { return false }
        let settings = task.launch.settings
        guard let command = settings.healthCommand else { return true }
        let isUsual = ServiceBlueprint.settings(of: task.launch.service).healthCommand == command
        let passed =
            isUsual
            ? await answersProbe(task) : await succeeds(command, in: task, within: settings.healthTimeout)
        if passed { limit(id) }
        return passed
    }

    /// What the document's own checks ask with curl and redis-cli, without a process for each look.
    private func answersProbe(_ task: RunningTask) async -> Bool {
        let service = task.launch.service
        let (question, answer) = HealthProbe.question(of: service)
        let probe = HealthProbe(
            network: task.network,
            address: mode.hasNamespaces ? "127.0.0.1" : addressing.address(task.launch.address),
            port: addressing.port(Sidecar.port(of: service)), question: question, answer: answer)
        let patience = task.launch.settings.healthTimeout
        return await aside { probe.ask(patience: patience) }
    }

    /// Any other command is run as it stands, in the container's surroundings.
    private func succeeds(_ command: [String], in task: RunningTask, within limit: Duration) async -> Bool {
        var program = task.program
        let words = Array(command.dropFirst())
        if command.first == "CMD-SHELL" {
            (program.path, program.arguments) = ("/bin/sh", ["-c"] + words)
        } else {
            guard
                let path = ServiceCommand(parts: parts, addressing: addressing).executable(words.first ?? "")
            else {
                return false
            }
            (program.path, program.arguments) = (path, Array(words.dropFirst()))
        }
        program.output = nil
        let processes = processes
        let pid: pid_t
        do { pid = try processes.spawn(program) } catch { return false }  // as docker: it failed
        let end = await withTaskGroup(of: ProcessEnd?.self) { group in
            group.addTask { await processes.exit(of: pid) }
            group.addTask {
                // Throws only when the wait is over already.
                try? await Task.sleep(for: limit)
                processes.signalGroup(pid, SIGKILL)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        return end == .exited(0)
    }
}
