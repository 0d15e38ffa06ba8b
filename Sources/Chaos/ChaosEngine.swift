package import AWS
package import History
package import Plan
import Synchronization

/// Plays a Plan's faults on a platform: resolve, journal, inject, prove, hold, revert, prove again.
///
/// A fault that was begun is always reverted: on success, failure and cancellation. What has to be finished runs in a
/// task of its own, which the caller's cancellation does not reach.
package final class ChaosEngine: Sendable {
    let plan: Plan
    let platform: AWSPlatform
    let journal: Journal
    let runID: String
    let seed: UInt64
    let clock: any RunClock
    let writer: any HistoryWriter
    /// What the clients notice of the fault under way, in words; nil: nothing so far.
    let harm: @Sendable () async throws(FaultProblem) -> String?
    let guards: GuardPolicy
    /// Of this machine's network interfaces.
    let ownAddresses: Set<String>
    let timing: ChaosTiming
    let ledger = Mutex(Ledger())

    /// What is known of each fault by its index.
    struct Ledger {
        struct Open {
            var fault: any ResolvedFault
            /// Of all that the engine does for it: the fault's own, and the marks.
            var undo: Undo
            var debt: Int64
            var applied: [String: String] = [:]
        }
        var records: [Int: FaultRecord] = [:]
        var open: [Int: Open] = [:]
        /// Those that `play` was called for.
        var played: Set<Int> = []
        var injecting: [Int: Task<Bool, Never>] = [:]
        var settling: [Int: Task<Void, Never>] = [:]
        /// Set by `healAll`: nothing is injected any more.
        var isClosed = false
        var account: String?

        /// Begun, or about to be, and not reverted or given up yet.
        func isOn(_ index: Int) -> Bool {
            guard played.contains(index) else { return false }
            return switch records[index]?.state ?? .planned {
            case .planned, .journaled, .injected: true
            case .reverted, .healed, .skipped, .notHealed: false
            }
        }
    }

    /// `guards` nil: enforced, but on loopback.
    package init(
        plan: Plan, platform: AWSPlatform, journal: Journal, runID: String, seed: UInt64, clock: any RunClock,
        writer: any HistoryWriter, ownAddresses: Set<String>, guards: GuardPolicy? = nil,
        timing: ChaosTiming? = nil,
        harm: @escaping @Sendable () async throws(FaultProblem) -> String? = { nil }
    ) {
        self.plan = plan
        self.platform = platform
        self.journal = journal
        self.runID = runID
        self.seed = seed
        self.clock = clock
        self.writer = writer
        self.harm = harm
        self.ownAddresses = ownAddresses
        self.guards = guards ?? .standard(isLoopback: platform.isLoopback)
        self.timing = timing ?? ChaosTiming(plan: plan, isLoopback: platform.isLoopback)
    }

    /// The faults so far, by index.
    package var records: [FaultRecord] {
        ledger.withLock { $0.records.values.sorted { $0.index < $1.index } }
    }

    /// Injects the fault now, proves the harm, holds it for its duration, reverts it and proves the healing.
    ///
    /// Never throws: what happened is in History. When the calling task is cancelled it reverts at once and still
    /// proves the healing before it returns.
    package func play(_ index: Int) async {
        do {
            try await waitForReverts(before: index)
            try Task.checkCancellation()
        } catch {
            return skip(index, because: "the run was ended before it was due")
        }
        let injecting: Task<Bool, Never>? = ledger.withLock { ledger in
            guard !ledger.isClosed, ledger.injecting[index] == nil else { return nil }
            let task = Task { await self.inject(index) }
            ledger.injecting[index] = task
            return task
        }
        guard let injecting else { return skip(index, because: "the run was being healed") }
        if await injecting.value {
            do {
                try await hold(index)
            } catch {
                event(index, "ended early: the run was cancelled")
            }
        }
        await settle(index)
    }

    /// Until each fault that is over by then has been reverted: its revert comes a moment after its end, and what this
    /// one finds, and will give back, must be the system's own and not what another fault has made of it.
    private func waitForReverts(before index: Int) async throws {
        let due = plan.faults[index].at
        let earlier = plan.faults.indices.filter { other in
            plan.faults[other].duration.map { other != index && plan.faults[other].at + $0 <= due } ?? false
        }
        ledger.withLock { _ = $0.played.insert(index) }
        while ledger.withLock({ ledger in earlier.contains { ledger.isOn($0) } }) {
            try await clock.sleep(for: timing.pollInterval)
        }
    }

    /// Records that the fault is not injected, and why. One that was begun is left as it is.
    package func skip(_ index: Int, because reason: String) {
        let isBegun = ledger.withLock { $0.injecting[index] != nil }
        guard !isBegun else { return }
        update(index) { record in
            record.state = .skipped
            record.problem = reason
        }
        event(index, "not injected: \(reason)")
    }

    /// Reverts whatever is open and proves the healing; nothing is injected afterwards. May be called again.
    ///
    /// Returns the faults that could not be healed.
    package func healAll() async -> [FaultRecord] {
        let begun = ledger.withLock { ledger in
            ledger.isClosed = true
            return ledger.injecting
        }
        for index in begun.keys.sorted(by: >) {
            // Last in, first out: a later fault may stand on an earlier one.
            _ = await begun[index]?.value
            await settle(index)
        }
        return records.filter { $0.state == .notHealed }
    }

    // MARK: - Recording

    func context(_ index: Int, _ system: System) -> FaultContext {
        FaultContext(
            platform: platform, system: system, run: runID, seed: seed, index: index,
            name: plan.faults[index].name, duration: plan.faults[index].duration)
    }

    /// Changes the fault's record and writes it.
    func update(_ index: Int, _ change: (inout FaultRecord) -> Void) {
        let record = ledger.withLock { ledger in
            var record = ledger.records[index] ?? FaultRecord(index: index, name: plan.faults[index].name)
            change(&record)
            ledger.records[index] = record
            return record
        }
        writer.record(.fault(record))
    }

    /// `time`: that of the record's stage it tells of; nil: now.
    func event(_ index: Int, _ text: String, kind: Event.Kind = .fault, at time: Nanoseconds? = nil) {
        let event = Event(at: time ?? clock.now, kind: kind, subject: plan.faults[index].name, text: text)
        writer.record(.event(event))
    }
}

/// How long the engine waits and how often it looks, on the real clock.
package struct ChaosTiming: Hashable, Sendable {
    /// Between two looks at the platform.
    package var pollInterval: Nanoseconds
    /// How long the effect of a fault without duration is waited for.
    package var effectLimit: Nanoseconds
    /// How long the healing is waited for.
    package var healingLimit: Nanoseconds
    /// Waits before the second, third… attempt to revert.
    package var revertPauses: [Nanoseconds]

    package init(
        pollInterval: Nanoseconds, effectLimit: Nanoseconds, healingLimit: Nanoseconds,
        revertPauses: [Nanoseconds]
    ) {
        self.pollInterval = pollInterval
        self.effectLimit = effectLimit
        self.healingLimit = healingLimit
        self.revertPauses = revertPauses
    }

    /// One minute for an effect and five for healing on the scenario clock, but never under what real processes need
    /// to start and stop, which no speed shortens.
    package init(plan: Plan, isLoopback: Bool) {
        self.init(
            pollInterval: isLoopback ? .milliseconds(250) : .seconds(2),
            effectLimit: max(plan.real(.seconds(60)), .seconds(15)),
            healingLimit: max(plan.real(.seconds(300)), .seconds(30)),
            revertPauses: (isLoopback ? [0.5, 1, 2, 4] : [0.5, 1, 2, 4, 8, 16, 30]).map(Nanoseconds.seconds))
    }
}
