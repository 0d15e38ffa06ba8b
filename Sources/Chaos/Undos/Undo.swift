package import AWS

/// How a fault is changed back: all that is needed, as data, so that any later process can do it.
package enum Undo: Hashable, Codable, Sendable {
    /// Nothing was changed that stays: ECS replaces a stopped task by itself.
    case nothing
    case restoreNetworkAcls(RestoreNetworkAcls)
    case restoreRoutes(RestoreRoutes)
    case cancelCommand(CancelCommand)
    case restoreDesiredCount(RestoreDesiredCount)
    case restoreScale(RestoreScale)
    case restoreRevision(RestoreRevision)
    case restorePlacement(RestorePlacement)
    case stopTasks(StopTasks)
    case endShell(EndShell)
    /// With its second copy on the platform.
    indirect case marked(Marked)
    /// All of them, the last first: a later step may stand on an earlier one.
    indirect case several([Undo])

    /// Whether there is something to undo on this machine, wherever the platform has gone.
    var outlivesPlatform: Bool { if case .endShell = self { true } else { false } }

    /// Changes back what still carries our value, and nothing else. May be called again at any time.
    ///
    /// Returns what it did, one line each; empty when there was nothing left to do.
    package func revert(
        on platform: AWSPlatform, applied: [String: String]
    ) async throws(UndoFailure) -> [String] {
        switch self {
        case .nothing: []
        case .restoreNetworkAcls(let undo): try await undo.revert(on: platform, applied: applied)
        case .restoreRoutes(let undo): try await undo.revert(on: platform)
        case .cancelCommand(let undo): try await undo.revert(on: platform, applied: applied)
        case .restoreDesiredCount(let undo): try await undo.revert(on: platform)
        case .restoreScale(let undo): try await undo.revert(on: platform)
        case .restoreRevision(let undo): try await undo.revert(on: platform, applied: applied)
        case .restorePlacement(let undo): try await undo.revert(on: platform)
        case .stopTasks(let undo): try await undo.revert(on: platform)
        case .endShell(let undo): try await undo.revert(on: platform, applied: applied)
        case .marked(let undo): try await undo.revert(on: platform, applied: applied)
        case .several(let undos): try await Self.revert(undos, on: platform, applied: applied)
        }
    }

    /// The AWS CLI's commands that do the same by hand, whatever the live state is by now.
    package func commands(on platform: AWSPlatform, applied: [String: String]) -> [String] {
        switch self {
        case .nothing: []
        case .restoreNetworkAcls(let undo): undo.commands(on: platform, applied: applied)
        case .restoreRoutes(let undo): undo.commands(on: platform)
        case .cancelCommand(let undo): undo.commands(on: platform, applied: applied)
        case .restoreDesiredCount(let undo): [undo.command(on: platform)]
        case .restoreScale(let undo): undo.commands(on: platform)
        case .restoreRevision(let undo): undo.commands(on: platform, applied: applied)
        case .restorePlacement(let undo): [undo.command(on: platform)]
        case .stopTasks(let undo): undo.commands(on: platform)
        case .endShell(let undo): undo.commands
        case .marked(let undo): undo.commands(on: platform, applied: applied)
        case .several(let undos):
            undos.reversed().flatMap { $0.commands(on: platform, applied: applied) }
        }
    }

    /// One that fails does not keep the others from being tried.
    private static func revert(
        _ undos: [Undo], on platform: AWSPlatform, applied: [String: String]
    ) async throws(UndoFailure) -> [String] {
        var done: [String] = []
        var failure: UndoFailure?
        for undo in undos.reversed() {
            do {
                done += try await undo.revert(on: platform, applied: applied)
            } catch {
                let before = failure ?? UndoFailure(problems: [], commands: [])
                failure = UndoFailure(
                    problems: before.problems + error.problems, commands: before.commands + error.commands,
                    isConnectionRefused: error.isConnectionRefused)
            }
        }
        if let failure { throw failure }
        return done
    }
}

/// Something could not be changed back: the evidence is kept.
package struct UndoFailure: Error, Sendable, CustomStringConvertible {
    /// What failed, one line each.
    package var problems: [String]
    /// What to run by hand to finish it.
    package var commands: [String]
    /// Nobody listens at the platform's endpoint.
    package var isConnectionRefused = false

    package var description: String {
        let byHand = commands.isEmpty ? [] : ["to undo it by hand:"] + commands.map { "  \($0)" }
        return (problems + byHand).joined(separator: "\n")
    }
}
