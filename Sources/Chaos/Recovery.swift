package import AWS

/// Pays the debts that runs have left behind, from any process.
package enum Recovery {
    /// What became of one debt.
    package enum Outcome: Sendable {
        /// Changed back; one line for each thing done.
        case reverted([String])
        /// There is nothing left to change back, and why.
        case paid(String)
        /// Not changed back: why, and the commands that do it by hand.
        case failed(String, commands: [String])
    }

    /// Goes through all open debts, the newest first: a later fault may stand on an earlier one.
    ///
    /// `run`: only what this one owes. `connect` makes the platform of a debt. A debt of another account than the
    /// credentials' is left alone.
    package static func recover(
        _ journal: Journal, of run: String? = nil,
        connect: @Sendable (PlatformIdentity) throws(AWSConfigurationError) -> AWSPlatform
    ) async throws(JournalError) -> [(debt: Debt, outcome: Outcome)] {
        var outcomes: [(debt: Debt, outcome: Outcome)] = []
        for debt in try journal.unpaid().reversed() where run == nil || debt.run == run {
            let platform: AWSPlatform
            do {
                platform = try connect(debt.platform)
            } catch {
                outcomes.append((debt, .failed("\(error)", commands: [])))
                continue
            }
            let outcome = await pay(debt, platform)
            switch outcome {
            case .reverted(let done):
                let note = done.isEmpty ? "nothing to change back" : done.joined(separator: ", ")
                try journal.close(debt.id, as: .reverted, note: "recovered: \(note)")
            case .paid(let why): try journal.close(debt.id, as: .paid, note: why)
            case .failed(let why, _): try journal.failed(debt.id, note: why)
            }
            outcomes.append((debt, outcome))
        }
        return outcomes
    }

    private static func pay(_ debt: Debt, _ platform: AWSPlatform) async -> Outcome {
        if debt.undo.outlivesPlatform { return await revert(debt.undo, on: platform, applied: debt.applied) }
        do {
            let account = try await platform.sts.getCallerIdentity().account
            guard account == debt.platform.account else {
                let endpoint = debt.platform.endpoints.description
                if platform.isLoopback {
                    return .paid(goneWords("\(endpoint) of account \(debt.platform.account)"))
                }
                return .failed(
                    "it needs credentials of account \(debt.platform.account), these are of \(account)",
                    commands: [])
            }
        } catch {
            if error.isConnectionRefused && platform.isLoopback {
                return .paid(goneWords(debt.platform.endpoints.description))
            }
            return .failed("\(error)", commands: [])
        }
        return await revert(debt.undo, on: platform, applied: debt.applied)
    }

    static func revert(
        _ undo: Undo, on platform: AWSPlatform, applied: [String: String] = [:]
    ) async -> Outcome {
        do {
            return .reverted(try await undo.revert(on: platform, applied: applied))
        } catch {
            return .failed(error.problems.joined(separator: "; "), commands: error.commands)
        }
    }

    static func goneWords(_ endpoint: String) -> String {
        "the lab at \(endpoint) is gone, and what was changed in it with it: nothing is left to revert"
    }

    /// Closes the debt as paid if nobody listens at its loopback endpoint any more.
    static func payIfLabIsGone(_ debt: Debt, _ journal: Journal, _ platform: AWSPlatform) async -> Outcome {
        guard !debt.undo.outlivesPlatform else { return .failed("it is owed to this machine", commands: []) }
        do {
            _ = try await platform.sts.getCallerIdentity()
            return .failed("its lab is up", commands: [])
        } catch {
            guard error.isConnectionRefused else { return .failed("\(error)", commands: []) }
        }
        let words = goneWords(debt.platform.endpoints.description)
        do {
            try journal.close(debt.id, as: .paid, note: words)
            return .paid(words)
        } catch {
            return .failed("\(error)", commands: [])
        }
    }
}
