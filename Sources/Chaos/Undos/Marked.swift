import AWS

/// An undo that also stands on the platform, as tags: they go when all of it is done, and not before.
package struct Marked: Hashable, Codable, Sendable {
    package var undo: Undo
    package var marks: [Mark]
    /// Of the tags.
    package var keys: [String]

    package init(_ undo: Undo, marks: [Mark], keys: [String]) {
        self.undo = undo
        self.marks = marks
        self.keys = keys
    }

    func revert(on platform: AWSPlatform, applied: [String: String]) async throws(UndoFailure) -> [String] {
        let done = try await undo.revert(on: platform, applied: applied)
        for mark in marks {
            do {
                try await mark.remove(keys, on: platform)
            } catch {
                throw UndoFailure(
                    problems: [
                        "all is undone, but \(mark) still carries the tags that say it is not: \(error)"
                    ],
                    commands: marks.map { $0.command(removing: keys, on: platform) },
                    isConnectionRefused: error.isConnectionRefused)
            }
        }
        return done
    }

    func commands(on platform: AWSPlatform, applied: [String: String]) -> [String] {
        undo.commands(on: platform, applied: applied)
            + marks.map { $0.command(removing: keys, on: platform) }
    }
}
