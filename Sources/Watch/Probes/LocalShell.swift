import CLab
import Dispatch
import Glibc
import History
package import Plan
import Synchronization

/// Runs a command with `sh -c`, in a session of its own: Ctrl-C at the terminal ends loadchaos' work, and
/// loadchaos ends the command. Whatever of the group is left when `run` returns has been killed.
package struct LocalShell: ShellRunner {
    /// Between SIGTERM and SIGKILL, real time.
    package static let grace = Nanoseconds.seconds(1)

    package init() {}

    package func run(
        _ command: String, _ variables: [String: String], timeout: Nanoseconds
    ) async -> CommandEnding {
        let isCancelled = Mutex(false)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // It blocks, so not on one of Swift's own few threads.
                DispatchQueue.global().async {
                    let ending = Self.carryOut(command, variables, timeout) { isCancelled.withLock { $0 } }
                    continuation.resume(returning: ending)
                }
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
    }

    private static func carryOut(
        _ command: String, _ variables: [String: String], _ timeout: Nanoseconds, isCancelled: () -> Bool
    ) -> CommandEnding {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return CommandEnding(.noStart(words("a pipe", errno))) }
        let (reading, writing) = (ends[0], ends[1])
        defer { close(reading) }
        // A grandchild that leaves the group may hold the pipe open for ever: its end is never waited for.
        _ = fcntl(reading, F_SETFL, O_NONBLOCK)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let started = spawn(command, variables, output: writing)
        close(writing)
        guard case .success(let child) = started else {
            if case .failure(let problem) = started { return CommandEnding(.noStart("\(problem)")) }
            return CommandEnding(.noStart("it could not be started"))
        }
        var output = ProbeOutput()
        var end: CommandEnding.End?
        var killAt: Nanoseconds?
        let deadline = MonotonicClock.machineTime + timeout
        var status: Int32 = 0
        while true {
            drain(reading, into: &output)
            let ended = waitpid(child, &status, WNOHANG)
            if ended == child || (ended < 0 && errno != EINTR) { break }
            let now = MonotonicClock.machineTime
            if let killAt {
                if now >= killAt { kill(-child, SIGKILL) }
            } else if isCancelled() || now >= deadline {
                end = now >= deadline ? .timedOut : .cancelled
                kill(-child, SIGTERM)
                killAt = now + grace
            }
            var wait = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            poll(&wait, 1, 20)
            // A closed pipe would answer at once, and the loop spin until the process has gone too.
            if Int32(wait.revents) & POLLIN == 0, wait.revents != 0 { usleep(20_000) }
        }
        // Nothing of it outlives its first process, as in a container.
        kill(-child, SIGKILL)
        drain(reading, into: &output)
        return CommandEnding(end ?? .exited(exitCode(status)), output: output)
    }

    /// A shell's way to say how a process ended: its code, or 128 + the signal that ended it.
    private static func exitCode(_ status: Int32) -> Int {
        let signal = status & 0x7F
        return signal == 0 ? Int((status >> 8) & 0xFF) : 128 + Int(signal)
    }

    private static func drain(_ file: Int32, into output: inout ProbeOutput) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        // Bounded, so that a command which prints without end does not keep us from looking at the time.
        for _ in 0..<64 {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { return }
            output.add(buffer[..<count])
        }
    }

    struct NoStart: Error, CustomStringConvertible { var description: String }

    private static func words(_ what: String, _ code: Int32) -> String {
        "it could not be started (\(what)): \(String(cString: strerror(code)))"
    }

    private static func spawn(
        _ command: String, _ variables: [String: String], output: Int32
    ) -> Result<pid_t, NoStart> {
        // In a session of its own, with none of our files and signals: a connection of ours that a long command holds
        // open would never be closed for the other side.
        var failedStep: UnsafePointer<CChar>?
        let pid = withCStrings(["sh", "-c", command]) { arguments in
            withCStrings(environment(with: variables)) { environment in
                "/bin/sh".withCString { path in
                    var program = clab_program()
                    program.path = path
                    program.arguments = arguments
                    program.environment = environment
                    program.input = -1
                    program.output = output
                    program.network = -1
                    return clab_spawn(&program, &failedStep)
                }
            }
        }
        guard pid > 0 else {
            let step = failedStep.map { String(cString: $0) } ?? "start"
            return .failure(NoStart(description: words("/bin/sh, \(step)", -pid)))
        }
        return .success(pid)
    }

    /// Our own variables, with these in the place of those of the same name.
    private static func environment(with variables: [String: String]) -> [String] {
        var lines: [String] = []
        var next = environ
        while let line = next.pointee {
            let text = String(cString: line)
            if variables[String(text.prefix { $0 != "=" })] == nil { lines.append(text) }
            next += 1
        }
        return lines + variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
}

/// A NULL-terminated array of C strings, alive during `body`.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeBufferPointer { body($0.baseAddress!) }
}
