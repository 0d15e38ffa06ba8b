import AWS
import Foundation
import History
import Plan
import Shell

/// Ends the command of a `shell` fault, if it still runs, and runs the one that undoes it. It must be one that may be
/// run again, or though there is nothing to undo: nobody but the person who wrote it can tell.
package struct EndShell: Hashable, Codable, Sendable {
    package var command: String
    package var directory: String
    /// Variables that say whose it is.
    package var variables: [String: String]

    /// Real time that it has: a process is no faster for a scenario's speed.
    private static let timeout = Nanoseconds.seconds(60)

    func revert(on platform: AWSPlatform, applied: [String: String]) async throws(UndoFailure) -> [String] {
        if let process = try identity(in: applied) { process.endGroup() }
        let ending = await LocalShell(directory: directory).run(
            command, environment(on: platform), timeout: Self.timeout)
        let problem: String
        switch ending.end {
        case .exited(0): return ["`\(command)` has ended with 0"]
        case .exited(let code): problem = "ended with \(code)"
        case .timedOut: problem = "did not end within \(Self.timeout)"
        case .cancelled: problem = "was interrupted"
        case .noStart(let why): problem = why
        }
        let output = ending.output.lastLines
        throw UndoFailure(
            problems: ["`\(command)` \(problem)" + (output.isEmpty ? "" : ": \(output)")], commands: commands)
    }

    /// What both commands get on top of our own variables: whose they are, and where the platform is.
    func environment(on platform: AWSPlatform) -> [String: String] {
        platform.configuration.surroundings.merging(variables) { $1 }
    }

    var commands: [String] {
        let settings = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.quoted($0.value)) " }
        return ["cd \(Self.quoted(directory)) && \(settings.joined())sh -c \(Self.quoted(command))"]
    }

    private func identity(in applied: [String: String]) throws(UndoFailure) -> ProcessIdentity? {
        guard let text = applied["process"] else { return nil }
        do { return try JSONDecoder().decode(ProcessIdentity.self, from: Data(text.utf8)) } catch {
            throw UndoFailure(problems: ["the journal's process cannot be read: \(text)"], commands: commands)
        }
    }

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
