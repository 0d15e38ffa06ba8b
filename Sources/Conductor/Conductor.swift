package import History
package import Plan
import Synchronization
import Verdict

/// Plays one Plan: guard, steady state, load with faults, heal, drain, read back. It owns the clock and always heals.
///
/// Only the Conductor sees both load and faults. What happens is written to History; the verdict is the readers' work.
package final class Conductor: Sendable {
    private let plan: Plan
    private let clock: any RunClock
    private let live: LiveRecording
    private let load: any LoadPlayer
    private let faults: (any FaultPlayer)?
    private let watches: [any PlatformWatcher]
    private let probes: (any ProbePlayer)?
    private let ledger: any LedgerReader
    private let state = Mutex(State())

    private struct State {
        var ending: RunRecord.Ending?
        var reason: String?
        /// What a stop cancels.
        var tasks: [Task<Void, Never>] = []
    }

    /// Without `faults` and `watches` there is no platform: only load and client-side checks.
    package init(
        plan: Plan, clock: any RunClock, live: LiveRecording, load: any LoadPlayer,
        faults: (any FaultPlayer)?,
        watches: [any PlatformWatcher], probes: (any ProbePlayer)? = nil, ledger: any LedgerReader
    ) {
        self.plan = plan
        self.clock = clock
        self.live = live
        self.load = load
        self.faults = faults
        self.watches = watches
        self.probes = probes
        self.ledger = ledger
    }

    /// Ends the run now: load stops, faults are reverted, what was recorded is kept. From any thread, more than once.
    package func stop(_ ending: RunRecord.Ending, because reason: String) {
        let first = state.withLock { state in
            guard state.ending == nil else { return false }
            state.ending = ending
            state.reason = reason
            return true
        }
        guard first else { return }
        live.record(.event(Event(at: clock.now, kind: .stopped, subject: "run", text: reason)))
        load.stop()
        for task in state.withLock({ $0.tasks }) { task.cancel() }
    }

    /// Plays the Plan to its end, or to `stop`. `read` gives what is recorded by then, for the steady state and the
    /// tracked writes.
    ///
    /// Throws only what made it impossible to start or to record; faults are healed in any case.
    package func play(reading read: @escaping @Sendable () throws -> Recording) async throws {
        let watching = Task { [watches] in
            await withTaskGroup { group in
                for watch in watches { group.addTask { await watch.run() } }
            }
        }
        let guarding = Task { await self.applyStopRules() }
        let faulting = Task { await self.playFaults(read) }
        let probing = Task { await self.playProbes() }
        state.withLock { $0.tasks = [faulting, probing] }
        if state.withLock({ $0.ending }) != nil {
            // Stopped before the first request; the stop could not reach tasks that were not there yet.
            load.stop()
            faulting.cancel()
            probing.cancel()
        }

        let played: Result<Void, any Error>
        do {
            try await load.play()
            played = .success(())
        } catch {
            played = .failure(error)
            stop(.failed, because: "the load engine failed: \(error)")
        }
        let loadEnded = min(clock.now, plan.real(plan.duration))
        guarding.cancel()
        await faulting.value
        let left = await faults?.healAll() ?? []
        for fault in left {
            note(.warning, fault.name, "not healed: \(fault.problem ?? "no reason given")")
        }
        // After the healing, which waits for nobody; a probe's own timeout bounds this.
        await probing.value
        watching.cancel()
        await watching.value
        try await readBack(read)
        try finish(loadEnded: loadEnded)
        try played.get()
    }

    // MARK: - Faults

    private func playFaults(_ read: @escaping @Sendable () throws -> Recording) async {
        guard let faults else { return }
        await withDiscardingTaskGroup { group in
            for (index, fault) in plan.faults.enumerated() {
                do { try await clock.sleep(until: plan.real(fault.at)) } catch {
                    skipRest(from: index, because: "the run was stopped before it was due")
                    return
                }
                if index == 0, !isSteady(before: fault, read) { return }
                group.addTask { await faults.play(index) }
            }
        }
    }

    private func skipRest(from first: Int, because reason: String) {
        for index in first..<plan.faults.count { faults?.skip(index, because: reason) }
    }

    /// Whether a fault may strike; if not, the run is stopped and says why.
    private func isSteady(before fault: PlannedFault, _ read: () throws -> Recording) -> Bool {
        do {
            guard let broken = try brokenSteadyState(read) else { return true }
            skipRest(from: 0, because: "steady state not met: \(broken)")
            stop(.stopped, because: "steady state not met before \(fault.name): \(broken)")
        } catch {
            skipRest(from: 0, because: "the steady state is not known: \(error)")
            stop(.failed, because: "the recording could not be read before \(fault.name): \(error)")
        }
        return false
    }

    /// What the calm expectations say of the load so far, by point value; nil if all hold.
    private func brokenSteadyState(_ read: () throws -> Recording) throws -> String? {
        try live.commit([])
        var soFar = try read()
        // The youngest seconds still have requests on their way, which say nothing yet.
        let complete = clock.now.second - 1
        soFar.seconds.removeAll { $0.second >= complete }
        soFar.run.loadEnded = .seconds(Double(complete))
        let broken = steadyState(soFar)
        guard !broken.isEmpty else { return nil }
        return broken.map(\.description).joined(separator: "; ")
    }

    // MARK: - Probes

    private func playProbes() async {
        guard let probes, !plan.probes.isEmpty else { return }
        await withDiscardingTaskGroup { group in
            for (index, probe) in plan.probes.enumerated() {
                // Cancelled: a probe that was not begun has no record, and its checks are unknown.
                do { try await clock.sleep(until: plan.real(probe.at)) } catch { return }
                group.addTask { await probes.play(index) }
            }
        }
    }

    // MARK: - Stop rules

    private func applyStopRules() async {
        while true {
            do { try await clock.sleep(for: .seconds(1)) } catch { return }  // Cancelled: the load is over.
            if let reason = StopRule.reason(live.soFar.timeline, now: clock.now) {
                stop(.stopped, because: reason)
                return
            }
        }
    }

    // MARK: - The end

    private func readBack(_ read: () throws -> Recording) async throws {
        guard plan.tracksWrites else { return }
        guard state.withLock({ $0.ending }) != .interrupted else { return }
        try live.commit([])
        let written = try read().ledger.filter { $0.answer != .dropped }
        guard !written.isEmpty else { return }
        note(.phase, "read-back", "reading \(written.count) tracked writes back")
        let found = await ledger.readBack(written)
        live.record(found.map { .ledger($0) })
        let unread = found.count { $0.readBack == .notRead }
        note(.phase, "read-back", "\(found.count - unread) of \(found.count) tracked writes read back")
    }

    private func finish(loadEnded: Nanoseconds) throws {
        var run = live.soFar.run
        let (ending, reason) = state.withLock { ($0.ending, $0.reason) }
        run.ending = ending ?? .completed
        run.problem = reason
        run.loadEnded = loadEnded
        try live.commit([.run(run)])
    }

    private func note(_ kind: Event.Kind, _ subject: String, _ text: String) {
        live.record(.event(Event(at: clock.now, kind: kind, subject: subject, text: text)))
    }
}
