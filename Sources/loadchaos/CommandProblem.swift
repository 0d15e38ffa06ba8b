import AWS
import ArgumentParser
import Chaos
import Lab
import Recorder

/// Why a command cannot go on, with the exit code it ends with. Its words go to stderr.
struct CommandProblem: Error, CustomStringConvertible {
    var status: ExitStatus
    var description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    /// What any error comes to. Only what nobody foresaw is a bug of ours.
    init(_ error: any Error) {
        switch error {
        case let problem as CommandProblem: self = problem
        case let refusal as ChaosRefusal: self.init(.unreachable, "nothing was started: \(refusal)")
        case LabError.cancelled: self.init(.interrupted, "interrupted while the lab was starting")
        case is LabError, is RecorderError, is JournalError, is AWSError: self.init(.unreachable, "\(error)")
        default: self.init(.ourBug, "\(error)")
        }
    }

    /// With which code a command ends; a problem is said on stderr.
    static func exitCode(of play: () async throws -> ExitStatus) async -> ExitCode {
        do { return try await play().code } catch let said as ExitCode {
            return said
        } catch {
            let problem = CommandProblem(error)
            Terminal.note("loadchaos: \(problem)")
            return problem.status.code
        }
    }
}
