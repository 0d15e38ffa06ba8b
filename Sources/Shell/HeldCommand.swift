import Glibc
package import Spawn

/// A shell command that does nothing until `go`, and ends without a deed if we do before: there is time to put it on
/// record first.
package final class HeldCommand: @unchecked Sendable {
    // Thread safety: `go` is one thread's; the process has rules of its own.

    package let process: Child
    /// Closed by `go`; -1: it went.
    private var gate: Int32

    /// Starts it in `directory`, with these variables in the place of our own of the same name.
    package init(
        _ command: String, _ variables: [String: String] = [:], in directory: String? = nil
    ) throws(NoStart) {
        let entrance = try pipeEnds()
        defer { close(entrance.reading) }
        // The end of its input is not the word that lets it go.
        let waiting = "read -r word && [ \"$word\" = go ] || exit 0\n\(command)"
        var program = Program.shell(waiting, variables, in: directory)
        program.input = entrance.reading
        do throws(NoStart) { process = try Child(program) } catch {
            close(entrance.writing)
            throw error
        }
        gate = entrance.writing
    }

    deinit { if gate >= 0 { close(gate) } }

    /// Lets it begin. Its input is empty from then on.
    package func go() {
        guard gate >= 0 else { return }
        // One that has been killed meanwhile reads no more: then SIGPIPE, which loadchaos ignores, says so.
        _ = write(gate, "go\n", 3)
        close(gate)
        gate = -1
    }
}
