import Dispatch
import Glibc
import History
package import Plan
import Synchronization

/// Runs a command to its end. Whatever of its group is left when `run` returns has been killed.
package struct LocalShell: ShellRunner {
    /// Between SIGTERM and SIGKILL, real time.
    package static let grace = Nanoseconds.seconds(1)

    /// Where commands run; nil: in our own directory.
    private let directory: String?

    package init(directory: String? = nil) { self.directory = directory }

    package func run(
        _ command: String, _ variables: [String: String], timeout: Nanoseconds
    ) async -> CommandEnding {
        let isCancelled = Mutex(false)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // It blocks, so not on one of Swift's own few threads.
                DispatchQueue.global().async {
                    let ending = carryOut(command, variables, timeout) { isCancelled.withLock { $0 } }
                    continuation.resume(returning: ending)
                }
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
    }

    private func carryOut(
        _ command: String, _ variables: [String: String], _ timeout: Nanoseconds, isCancelled: () -> Bool
    ) -> CommandEnding {
        let process: ShellProcess
        do { process = try ShellProcess(command, variables, directory: directory) } catch {
            return CommandEnding(.noStart("\(error)"))
        }
        var output = ProbeOutput()
        /// Why we end it; nil: it ends by itself.
        var end: CommandEnding.End?
        var killAt: Nanoseconds?
        let deadline = MonotonicClock.machineTime + timeout
        while true {
            process.drain { output.add($0) }
            if let code = process.ending() {
                // Nothing of it outlives its first process, as in a container.
                process.signal(SIGKILL)
                process.drain { output.add($0) }
                return CommandEnding(end ?? .exited(code), output: output)
            }
            let now = MonotonicClock.machineTime
            if let killAt {
                if now >= killAt { process.signal(SIGKILL) }
            } else if isCancelled() || now >= deadline {
                end = now >= deadline ? .timedOut : .cancelled
                process.signal(SIGTERM)
                killAt = now + Self.grace
            }
            process.pause()
        }
    }
}
