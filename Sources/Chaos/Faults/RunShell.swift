import AWS
import Dispatch
import Foundation
import Glibc
import History
import Plan
import Shell
import Spawn
import Synchronization

/// `shell "COMMAND" undo "COMMAND" for D`: whatever this machine can do and the catalogue has not. The first command
/// may last as long as the fault, or be over at once.
struct RunShell: FaultAction {
    var command: String
    var undoing: String

    func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        let variables = ["LOADCHAOS_RUN": context.run, "LOADCHAOS_FAULT": context.name]
        return Resolved(
            context: context, command: command,
            end: EndShell(
                command: undoing, directory: FileManager.default.currentDirectoryPath, variables: variables))
    }

    struct Resolved: ResolvedFault {
        let context: FaultContext
        let command: String
        let end: EndShell
        private let running = RunningCommand()

        var targets: [String] { ["this machine, in \(end.directory)"] }
        var guarded: [GuardedTarget] { [] }
        func strikes() async throws(FaultProblem) -> [Strike] { [] }
        var calls: [String] { ["sh -c \(command)"] }
        var undo: Undo { .endShell(end) }

        /// It is on record before it does anything: whoever comes after us ends it first.
        func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            let held: HeldCommand
            do {
                held = try HeldCommand(command, end.environment(on: context.platform), in: end.directory)
            } catch {
                throw .noTarget("\(error)")
            }
            running.watch(held.process)
            let applied: [String: String]
            do {
                guard let identity = ProcessIdentity(of: held.process.id) else {
                    throw FaultProblem.changed("process \(held.process.id) is not there")
                }
                applied = ["process": String(decoding: try JSONEncoder().encode(identity), as: UTF8.self)]
                try made(applied)
            } catch {
                held.process.signal(SIGKILL)
                throw .changed("it was not let go, as it could not be journaled: \(error)")
            }
            held.go()
            return applied
        }

        /// Clients must notice: what a command does nobody else can tell.
        func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem) -> Observation {
            let (code, output) = running.state
            if let code, code != 0 {
                return .notYet("the command ended with \(code)" + (output.isEmpty ? "" : ": \(output)"))
            }
            let seen = code == nil ? "the command runs" : "the command ended with 0"
            return harm.map { .proved("\(seen); \($0)") } ?? .notYet("\(seen), but no client has noticed")
        }

        /// What undoes it has ended with 0, or it would not be reverted; that all is well again the balancer's
        /// targets say.
        func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            try await ServiceHealth.look(context, service: context.system.balancedService)
        }
    }
}

/// A command under way, reaped and its output read by a thread of its own.
private final class RunningCommand: Sendable {
    private let known = Mutex<(code: Int?, output: ProbeOutput)>((nil, ProbeOutput()))

    var state: (code: Int?, output: String) { known.withLock { ($0.code, $0.output.lastLines) } }

    /// Until it has ended.
    func watch(_ process: Child) {
        DispatchQueue.global().async { [self] in
            while true {
                process.drain { bytes in known.withLock { $0.output.add(bytes) } }
                if let code = process.ending() {
                    known.withLock { $0.code = code }
                    return
                }
                process.pause()
            }
        }
    }
}

extension RunShell {
    static let about = FaultDescription(
        syntax: "at TIME  shell \"COMMAND\" undo \"COMMAND\" for DURATION",
        what: """
            Runs a command of the machine that loadchaos runs on, with the platform's AWS_ variables. It may last as \
            long as the fault, which ends it, or be over at once.
            """,
        calls: ["none of AWS's: what the command makes of them is not known"],
        effect: "The command runs or has ended with 0, and clients feel it.",
        undo:
            "The second command, in the same directory, until it ends with 0: it must bear to be run again.",
        healed: "The undo has ended with 0; the balanced service is as for kill.",
        limits: """
            No guard sees what it strikes, and no tag says what it owes: only the journal of this machine does. Its \
            command is ended with the fault, with its children; what leaves its session, the undo must end.
            """,
        permissions: FaultDescription.reads)
}
