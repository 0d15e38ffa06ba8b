import Foundation
import Glibc
import Spawn

/// A lab in a process of its own: `loadchaos lab up`, started by another command of loadchaos.
package final class LabProcess: Sendable {
    package let address: LabAddress
    private let pid: pid_t
    /// Closed, it takes the lab down; the kernel closes it when this process ends, by whatever end. Nil if
    /// detached.
    private let lifeline: Int32?

    private init(address: LabAddress, pid: pid_t, lifeline: Int32?) {
        self.address = address
        self.pid = pid
        self.lifeline = lifeline
    }

    /// Starts a lab and returns when it is ready.
    ///
    /// `executable` is the loadchaos to run. It dies with this process, also after SIGKILL, unless it is
    /// `detached`. Throws what the lab said when it did not
    /// come up.
    package static func start(
        _ settings: LabSettings, detached: Bool = false, in state: StateDirectory = .ofThisUser(),
        executable: String = Parts.executablePath()
    ) async throws(LabError) -> LabProcess {
        var arguments = ["lab", "up", "--speed", "\(settings.speed)", "--seed", "\(settings.seed)"]
        if let mode = settings.mode { arguments += ["--mode", mode.rawValue] }
        if let flaw = settings.flaw { arguments += ["--bad", flaw.rawValue] }
        if settings.strength != 1 { arguments += ["--cpu-strength", "\(settings.strength)"] }
        if let port = settings.port { arguments += ["--port", "\(port)"] }
        let (announceRead, announceWrite) = try pipe()
        arguments += ["--announce", "\(announceWrite)"]
        arguments += ["--state", state.path]
        var program = Program(executable, arguments)
        // Foundation's copy is the only list of what a user set.
        program.environment = ProcessInfo.processInfo.environment
        program.directory = FileManager.default.currentDirectoryPath
        program.inherited = [announceWrite]
        let words = try memoryFile("")
        program.output = words
        defer { close(words) }
        var lifeline: (reading: Int32, writing: Int32)?
        if !detached {
            let made = try pipe()
            program.input = made.reading
            program.arguments.append("--lifeline")
            lifeline = made
        }
        let pid: pid_t
        do throws(LabError) { pid = try program.spawnPart() } catch {
            for file in [announceRead, announceWrite] { close(file) }
            throw error
        }
        close(announceWrite)
        if let lifeline { close(lifeline.reading) }
        let announced = await withTaskCancellationHandler {
            await aside { readToEnd(announceRead) }
        } onCancel: {
            kill(pid, SIGTERM)
        }
        // What is announced is the address or nothing; the lab's own words, thrown below, say why.
        guard let address = try? JSONDecoder().decode(LabAddress.self, from: Data(announced.utf8)) else {
            if let lifeline { close(lifeline.writing) }
            await wait(for: pid)
            if Task.isCancelled { throw .cancelled }
            throw .didNotStart(contents(of: words).trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return LabProcess(address: address, pid: pid, lifeline: lifeline?.writing)
    }

    /// Takes the lab down; returns when nothing of it is left. Called once.
    package func stop() async {
        if let lifeline { close(lifeline) }
        kill(pid, SIGTERM)
        await Self.wait(for: pid)
    }

    private static func wait(for pid: pid_t) async {
        await aside {
            var status: Int32 = 0
            for step in 0..<2000 {
                // Ended, or not our child any more: either way there is nothing to wait for.
                if waitpid(pid, &status, WNOHANG) != 0 { return }
                if step == 1500 { kill(pid, SIGKILL) }
                usleep(10_000)
            }
        }
    }
}
