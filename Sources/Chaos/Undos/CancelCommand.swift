import AWS

/// Ends the SSM commands of a fault. They are known by their comment, which the very call that starts one sets: so one
/// is found even if its id was never journaled, and also one that a repeated call has started twice.
package struct CancelCommand: Hashable, Codable, Sendable {
    package var document: String
    package var comment: String

    package init(document: String, comment: String) {
        self.document = document
        self.comment = comment
    }

    func revert(on platform: AWSPlatform, applied: [String: String]) async throws(UndoFailure) -> [String] {
        var done: [String] = []
        var problems: [String] = []
        for command in try await running(platform, applied) {
            do {
                try await platform.ssm.cancelCommand(command.id)
                done.append("command \(command.id) is cancelled")
            } catch {
                problems.append("command \(command.id) is still \(command.status): \(error)")
            }
        }
        // Only what is seen counts. One that is being cancelled will be, and healing waits for it.
        let left = try await running(platform, applied).filter { $0.status != "Cancelling" }
        guard left.isEmpty else {
            if problems.isEmpty { problems = left.map { "command \($0.id) is still \($0.status)" } }
            throw UndoFailure(problems: problems, commands: commands(left.map(\.id), platform))
        }
        return done
    }

    private func running(
        _ platform: AWSPlatform, _ applied: [String: String]
    ) async throws(UndoFailure) -> [SSMCommand] {
        do {
            return try await platform.ssm.listCommands(document: document)
                .filter { $0.comment == comment && !$0.isOver }
        } catch {
            throw UndoFailure(
                problems: ["the live state cannot be read: \(error)"],
                commands: commands(on: platform, applied: applied),
                isConnectionRefused: error.isConnectionRefused)
        }
    }

    /// Without the id of a command that may have been started: how to find it.
    func commands(on platform: AWSPlatform, applied: [String: String]) -> [String] {
        if let id = applied["command"] { return commands([id], platform) }
        let ssm = platform.command("ssm")
        let query = "Commands[?Comment=='\(comment)' && Status=='InProgress'].CommandId"
        return [
            """
            \(ssm) cancel-command --command-id "$(\(ssm) list-commands --filters key=DocumentName,value=\(document) \
            --query "\(query) | [0]" --output text)"
            """
        ]
    }

    private func commands(_ ids: [String], _ platform: AWSPlatform) -> [String] {
        ids.map { "\(platform.command("ssm")) cancel-command --command-id \($0)" }
    }
}
