import AWS
import History
import Plan
import Synchronization

extension ChaosEngine {
    /// Reverts the fault and proves the healing. Once per fault: later callers wait for the first.
    func settle(_ index: Int) async {
        let task: Task<Void, Never>? = ledger.withLock { ledger in
            if let running = ledger.settling[index] { return running }
            guard let open = ledger.open[index] else { return nil }
            let task = Task { await self.repay(index, open) }
            ledger.settling[index] = task
            return task
        }
        await task?.value
    }

    private func repay(_ index: Int, _ open: Ledger.Open) async {
        switch await revert(index, open) {
        case .reverted: await proveHealed(index, open)
        case .labIsGone, .failed: break
        }
    }

    /// What undoes by hand, with the AWS CLI, whatever is in place now: for who cannot wait for it.
    package var undoByHand: [String] {
        let owed = ledger.withLock { ledger in
            ledger.open.filter { index, _ in
                switch ledger.records[index]?.state {
                case .journaled, .injected, .notHealed: true
                default: false
                }
            }
        }
        return owed.sorted { $0.key > $1.key }.flatMap { _, open in
            open.undo.commands(on: platform, applied: open.applied)
        }
    }

    private enum Reverting {
        case reverted
        case labIsGone
        case failed
    }

    /// Tries again for a while: an undo that fails once must not be the end of it.
    private func revert(_ index: Int, _ open: Ledger.Open) async -> Reverting {
        var pauses = timing.revertPauses[...]
        while true {
            do {
                let done = try await open.undo.revert(on: platform, applied: open.applied)
                let words = done.isEmpty ? "nothing was left to change back" : done.joined(separator: ", ")
                let now = clock.now
                close(index, open.debt, as: .reverted, words)
                update(index) { record in
                    record.state = .reverted
                    record.reverted = now
                }
                event(index, "reverted: \(words)", at: now)
                return .reverted
            } catch {
                if error.isConnectionRefused && platform.isLoopback {
                    let words = Recovery.goneWords(platform.configuration.endpoints.description)
                    close(index, open.debt, as: .paid, words)
                    update(index) { record in
                        record.state = .reverted
                        record.problem = words
                    }
                    event(index, words)
                    return .labIsGone
                }
                guard let pause = pauses.popFirst() else {
                    giveUp(index, open, error)
                    return .failed
                }
                event(
                    index, "reverting failed, tried again: \(error.problems.joined(separator: "; "))",
                    kind: .warning)
                do {
                    try await clock.sleep(for: pause)
                } catch {
                    // This task is never cancelled; if the clock refuses to wait, the next attempt comes at once.
                    continue
                }
            }
        }
    }

    private func giveUp(_ index: Int, _ open: Ledger.Open, _ failure: UndoFailure) {
        do {
            try journal.failed(open.debt, note: failure.description)
        } catch {
            event(index, "the journal could not note it: \(error)", kind: .warning)
        }
        update(index) { record in
            record.state = .notHealed
            record.problem = failure.description
        }
        event(index, "could not be reverted: \(failure)", kind: .warning)
    }

    /// The debt stays open in the file if it cannot be closed: `recover` will find nothing to do and close it.
    private func close(_ index: Int, _ debt: Int64, as state: Debt.State, _ note: String) {
        do {
            try journal.close(debt, as: state, note: note)
        } catch {
            event(index, "the debt could not be closed in the journal: \(error)", kind: .warning)
        }
    }

    private func proveHealed(_ index: Int, _ open: Ledger.Open) async {
        let end = clock.now + timing.healingLimit
        var missing = "not looked at yet"
        repeat {
            do {
                switch try await open.fault.healing(open.applied) {
                case .proved(let proof):
                    let now = clock.now
                    update(index) { record in
                        record.state = .healed
                        record.healed = now
                        record.healedProof = proof
                    }
                    event(index, "healed: \(proof)", at: now)
                    return
                case .notYet(let words): missing = words
                }
            } catch {
                missing = "\(error)"
            }
            do {
                try await clock.sleep(for: timing.pollInterval)
            } catch {
                // This task is never cancelled; the loop is bounded by its end all the same.
                continue
            }
        } while clock.now < end
        update(index) { record in
            record.state = .notHealed
            let waited = plan.scenario(timing.healingLimit)
            record.problem = "reverted, but not healed within \(waited) of scenario time: \(missing)"
        }
        event(index, "not healed in time: \(missing)", kind: .warning)
    }
}
