import AWS
import History
import Plan
import Synchronization

extension ChaosEngine {
    /// True once every mutating call was accepted. False: nothing was begun, or it was begun and must be settled.
    func inject(_ index: Int) async -> Bool {
        guard let system = plan.system else {
            refuse(index, "\(ChaosRefusal.noSystem)")
            return false
        }
        let fault: any ResolvedFault
        let tags: [String: String]
        let undo: Undo
        let debt: Int64
        do {
            fault = try await plan.faults[index].fault.action.resolve(context(index, system))
            // The system may have lost tasks since the start of the run.
            if let objection = try await objection(to: fault, system) {
                refuse(index, objection)
                return false
            }
            let identity = PlatformIdentity(
                endpoints: platform.configuration.endpoints, account: try await account(),
                region: platform.configuration.region)
            update(index) { $0.targets = fault.targets }
            let name = plan.faults[index].name
            tags = try TaggedDebt(run: runID, index: index, fault: name, undo: fault.undo).tags()
            undo =
                fault.marks.isEmpty
                ? fault.undo : .marked(Marked(fault.undo, marks: fault.marks, keys: tags.keys.sorted()))
            debt = try journal.open(run: runID, fault: name, platform: identity, undo: undo)
        } catch {
            refuse(index, "\(error)")
            return false
        }
        ledger.withLock { $0.open[index] = Ledger.Open(fault: fault, undo: undo, debt: debt) }
        update(index) { $0.state = .journaled }
        do {
            for mark in fault.marks { try await mark.set(tags, on: platform) }
            let maker = Maker(run: runID, fault: plan.faults[index].name)
            let applied = try await fault.inject(tagged: tags.merging(maker.tags) { $1 }) { [self] made in
                try journal.applied(debt, made)
                ledger.withLock { $0.open[index]?.applied = made }
            }
            ledger.withLock { $0.open[index]?.applied = applied }
        } catch {
            update(index) { $0.problem = "not injected whole: \(error)" }
            event(index, "failed while it was injected, and is reverted: \(error)", kind: .warning)
            return false
        }
        let now = clock.now
        update(index) { record in
            record.state = .injected
            record.injected = now
        }
        event(index, "injected: \(fault.targets.joined(separator: ", "))", at: now)
        return true
    }

    private func refuse(_ index: Int, _ reason: String) {
        update(index) { record in
            record.state = .skipped
            record.problem = reason
        }
        event(index, "not injected: \(reason)", kind: .warning)
    }

    func account() async throws(AWSError) -> String {
        if let known = ledger.withLock({ $0.account }) { return known }
        let found = try await platform.sts.getCallerIdentity().account
        ledger.withLock { $0.account = found }
        return found
    }

    /// Until the fault's time is over, or, without a duration, until its effect was seen. Throws when cancelled.
    func hold(_ index: Int) async throws {
        let start = clock.now
        let duration = plan.faults[index].duration.map(plan.real)
        let slow = ledger.withLock { $0.open[index]?.fault.effectLimit }.map(plan.real) ?? .zero
        let end = start + (duration ?? max(timing.effectLimit, slow))
        var missing = "not looked at yet"
        var isTold = false
        while clock.now < end {
            do {
                if let proof = try await look(index, missing: &missing) {
                    let now = clock.now
                    update(index) { record in
                        record.effect = now
                        record.effectProof = proof
                    }
                    event(index, "took effect: \(proof)", at: now)
                    if duration != nil { try await clock.sleep(until: end) }
                    return
                }
            } catch let problem as FaultProblem {
                missing = "\(problem)"
                if !isTold { event(index, "its effect cannot be looked at: \(problem)", kind: .warning) }
                isTold = true
            }
            try Task.checkCancellation()
            try await clock.sleep(until: min(clock.now + timing.pollInterval, end))
        }
        event(index, "no effect was seen: \(missing)", kind: .warning)
    }

    private func look(_ index: Int, missing: inout String) async throws -> String? {
        guard let open = ledger.withLock({ $0.open[index] }) else { return nil }
        switch try await open.fault.effect(open.applied, harm: try await harm()) {
        case .proved(let proof): return proof
        case .notYet(let words):
            missing = words
            return nil
        }
    }
}
