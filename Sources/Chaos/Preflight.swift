import AWS
import History
import Plan
import Synchronization

extension ChaosEngine {
    /// Refuses whatever must not start: an unpaid debt, another account or region, a target without the guard's tag,
    /// a fault that finds nothing to act on. Changes nothing on the platform.
    ///
    /// A debt to a lab that is gone is paid on the way: there is nothing left that it could be owed to.
    package func preflight() async throws(ChaosRefusal) { _ = try await resolveAll() }

    /// The faults in the Plan's order, with the targets that they have now.
    func resolveAll() async throws(ChaosRefusal) -> [any ResolvedFault] {
        try await refuseOverDebts()
        guard !plan.faults.isEmpty else { return [] }
        guard let system = plan.system else { throw .noSystem }
        let region = platform.configuration.region
        guard region == system.region else { throw .wrongRegion(system: system.region, platform: region) }
        let account: String
        do { account = try await self.account() } catch { throw .platform(error) }
        if case .enforced = guards, let objection = system.guardrail.objection(toAccount: account) {
            throw .guardrail(objection)
        }
        if case .waived(let reason) = guards,
            system.guardrail.account != nil || system.guardrail.tagKey != nil
        {
            let text = "account and tag are not compared with the guard: \(reason)"
            writer.record(.event(Event(at: clock.now, kind: .phase, subject: "guard", text: text)))
        }
        try await refuseOverKeys()
        try await refuseOverMarks(of: system)
        var resolved: [any ResolvedFault] = []
        for index in plan.faults.indices { resolved.append(try await resolve(index, system)) }
        return resolved
    }

    private func resolve(_ index: Int, _ system: System) async throws(ChaosRefusal) -> any ResolvedFault {
        let planned = plan.faults[index]
        let fault: any ResolvedFault
        let objection: String?
        do {
            fault = try await planned.fault.action.resolve(context(index, system))
            let toStrikes = try await self.objection(to: fault, system)
            objection = if let toStrikes { toStrikes } else { try await objectionToPlace(of: fault) }
        } catch {
            throw .fault(planned.name, why: "\(error)")
        }
        if let objection { throw .guardrail("\(planned.name): \(objection)") }
        update(index) { $0.targets = fault.targets }
        event(index, "would hit \(fault.targets.joined(separator: ", "))")
        return fault
    }

    /// Keys that end before the last fault is reverted, and do not renew themselves: it could not be reverted at all.
    private func refuseOverKeys() async throws(ChaosRefusal) {
        let keys: Credentials
        do { keys = try await platform.configuration.credentials.credentials() } catch {
            throw .guardrail("\(error)")
        }
        guard !keys.renews, let end = keys.expiration else { return }
        let needed = plan.real(plan.duration) + timing.healingLimit
        let left = Nanoseconds.seconds(end - platform.configuration.wallClock())
        guard left < needed else { return }
        throw .guardrail(
            "the keys from \(keys.source) end in \(max(left, .zero)), and faults may have to be reverted until "
                + "\(needed) from now: take keys that live longer, or a profile that renews them")
    }

    /// Another machine's journal cannot be read from here, but its debts stand on what they have changed.
    private func refuseOverMarks(of system: System) async throws(ChaosRefusal) {
        let found: TagRecovery.Findings
        do { found = try await TagRecovery.search(system, on: platform) } catch {
            if case .platform(let error) = error { throw .platform(error) }
            throw .guardrail("\(error)")
        }
        guard found.debts.isEmpty, found.unreadable.isEmpty else {
            throw .marked(found.debts.map(\.debt), unreadable: found.unreadable)
        }
    }

    private func refuseOverDebts() async throws(ChaosRefusal) {
        let unpaid: [Debt]
        do {
            unpaid = try journal.unpaid()
        } catch {
            throw .journal(error)
        }
        var left: [Debt] = []
        for debt in unpaid {
            guard debt.platform.endpoints.areLoopback else {
                left.append(debt)
                continue
            }
            // Keys do not matter for the question: anyone at home?
            var configuration = platform.configuration
            configuration.endpoints = debt.platform.endpoints
            if case .paid = await Recovery.payIfLabIsGone(
                debt, journal, AWSPlatform(configuration: configuration))
            {
                continue
            }
            left.append(debt)
        }
        guard left.isEmpty else { throw .unpaid(left, journal: journal.path) }
    }
}
