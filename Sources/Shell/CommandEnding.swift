package import History
package import Plan

/// How a command came to its end, and what it printed, stdout and stderr together.
package struct CommandEnding: Hashable, Sendable {
    package enum End: Hashable, Sendable {
        /// A signal is 128 + its number, as shells have it.
        case exited(Int)
        case timedOut
        case cancelled
        case noStart(String)
    }

    package var end: End
    package var output: ProbeOutput
    /// What went wrong around it and takes nothing from its answer; nil: nothing.
    package var remark: String?

    package init(_ end: End, output: ProbeOutput = ProbeOutput(), remark: String? = nil) {
        self.end = end
        self.output = output
        self.remark = remark
    }
}

/// Runs a command of this machine. `LocalShell` is the one; tests script another.
package protocol ShellRunner: Sendable {
    /// `sh -c`, with these variables on top of our own. Nothing of it is left when it returns.
    func run(_ command: String, _ variables: [String: String], timeout: Nanoseconds) async -> CommandEnding
}
