import History
package import Plan
import Spawn

/// Runs a command to its end. Whatever of its group is left when `run` returns has been killed.
package struct LocalShell: ShellRunner {
    /// Where commands run; nil: in our own directory.
    private let directory: String?

    package init(directory: String? = nil) { self.directory = directory }

    package func run(
        _ command: String, _ variables: [String: String], timeout: Nanoseconds
    ) async -> CommandEnding {
        do throws(NoStart) {
            let (end, output) = try await Child.run(
                .shell(command, variables, in: directory), within: .nanoseconds(timeout.count),
                into: ProbeOutput(), adding: { $0.add($1) })
            return CommandEnding(Self.end(end), output: output)
        } catch {
            return CommandEnding(.noStart("\(error)"))
        }
    }

    private static func end(_ end: Child.End) -> CommandEnding.End {
        switch end {
        case .exited(let code): .exited(code)
        case .timedOut: .timedOut
        case .cancelled: .cancelled
        }
    }
}
