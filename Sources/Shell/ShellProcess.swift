import CLab
package import Glibc

/// `sh -c COMMAND` in a session of its own, with none of our files and signals: Ctrl-C at the terminal ends loadchaos'
/// work, and loadchaos ends the command. `drain`, `ending` and `pause` are one thread's, `go` another's if need be.
package final class ShellProcess: @unchecked Sendable {
    /// Of the shell, and of its process group.
    package let id: pid_t
    private let output: Int32
    /// Closed by `go`; -1: it went at once.
    private var gate: Int32

    /// Starts it in `directory` (nil: ours), with these variables in the place of our own of the same name. One that is
    /// `held` does nothing until `go`, and ends if we do before.
    package init(
        _ command: String, _ variables: [String: String], directory: String? = nil, held: Bool = false
    ) throws(NoStart) {
        let (reading, writing) = try Self.pipe()
        defer { close(writing) }
        // A grandchild that leaves the group may hold the pipe open for ever: its end is never waited for.
        _ = fcntl(reading, F_SETFL, O_NONBLOCK)
        do throws(NoStart) {
            guard held else {
                id = try Self.spawn(command, variables, directory, input: -1, output: writing)
                (output, gate) = (reading, -1)
                return
            }
            let (entrance, gate) = try Self.pipe()
            defer { close(entrance) }
            do throws(NoStart) {
                // The end of its input is not the word that lets it go.
                id = try Self.spawn(
                    "read -r word && [ \"$word\" = go ] || exit 0\n\(command)", variables, directory,
                    input: entrance, output: writing)
            } catch {
                close(gate)
                throw error
            }
            (output, self.gate) = (reading, gate)
        } catch {
            close(reading)
            throw error
        }
    }

    deinit {
        close(output)
        if gate >= 0 { close(gate) }
    }

    package struct NoStart: Error, CustomStringConvertible {
        package var description: String

        init(_ what: String, _ code: Int32) {
            description = "it could not be started (\(what)): \(String(cString: strerror(code)))"
        }
    }

    /// Lets one that is held begin. Its input is empty from then on.
    package func go() {
        guard gate >= 0 else { return }
        // One that has been killed meanwhile reads no more: then SIGPIPE, which loadchaos ignores, says so.
        _ = write(gate, "go\n", 3)
        close(gate)
        gate = -1
    }

    /// How it ended, as a shell has it: its code, or 128 + the signal that ended it; nil: it runs. Not to be asked
    /// again once it has ended.
    package func ending() -> Int? {
        var status: Int32 = 0
        let ended = waitpid(id, &status, WNOHANG)
        guard ended == id || (ended < 0 && errno != EINTR) else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? Int((status >> 8) & 0xFF) : 128 + Int(signal)
    }

    /// Everything of its group.
    package func signal(_ number: Int32) { kill(-id, number) }

    /// Hands over what it has printed by now, stdout and stderr together.
    package func drain(into take: (ArraySlice<UInt8>) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        // Bounded, so that a command which prints without end does not keep us from looking at the time.
        for _ in 0..<64 {
            let count = read(output, &buffer, buffer.count)
            guard count > 0 else { return }
            take(buffer[..<count])
        }
    }

    /// Blocks until it prints, or 20 ms have gone.
    package func pause() {
        var wait = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        poll(&wait, 1, 20)
        // A closed pipe would answer at once, and the caller's loop spin until the process has gone too.
        if Int32(wait.revents) & POLLIN == 0, wait.revents != 0 { usleep(20_000) }
    }

    private static func pipe() throws(NoStart) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        let result = clab_pipe(&ends)
        guard result == 0 else { throw NoStart("a pipe", -result) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ script: String, _ variables: [String: String], _ directory: String?, input: Int32, output: Int32
    ) throws(NoStart) -> pid_t {
        var failedStep: UnsafePointer<CChar>?
        let pid = withCStrings(["sh", "-c", script]) { arguments in
            withCStrings(environment(with: variables)) { environment in
                withCStrings(["/bin/sh", directory ?? "."]) { paths in
                    var program = clab_program()
                    program.path = UnsafePointer(paths[0])
                    program.arguments = arguments
                    program.environment = environment
                    program.directory = UnsafePointer(paths[1])
                    program.input = input
                    program.output = output
                    program.network = -1
                    return clab_spawn(&program, &failedStep)
                }
            }
        }
        guard pid > 0 else {
            throw NoStart("/bin/sh, \(failedStep.map { String(cString: $0) } ?? "start")", -pid)
        }
        return pid
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
