import AWS
import Chaos
import Conductor
import Foundation
import HTTP
import History
import Live
import Load
import Plan
import Recorder
import Synchronization
import Verdict
import Watch

/// One run of a Plan on an open platform, from the recording's first row to its last.
struct RunSession {
    /// The load starts this long after everything is ready: time for the first ledger rows and the first poll.
    static let leadTime = Nanoseconds.seconds(1)

    let plan: Plan
    let platform: RunPlatform
    let record: RunRecord
    let results: ResultsOption
    let workers: Int?
    /// nil: it is not served.
    let live: LiveOptions?
    /// What was signed off; nil: nothing was.
    var planned: ChaosPreview?
    /// Ends it early.
    let interruption: Interruption

    /// Plays the run and returns when every fault is healed and the recording is on the disk.
    func play(scenario text: String, progress: RunProgress) async throws {
        let recorder = try Recorder(
            database: results.database, run: record, scenario: text)
        let live = LiveRecording(run: record, next: recorder)
        do {
            try await play(live, recorder, progress)
            try recorder.close()
        } catch {
            try end(live, recorder, because: error)
            throw error
        }
    }

    private func play(
        _ live: LiveRecording, _ recorder: Recorder, _ progress: RunProgress
    ) async throws {
        try await checkTarget()
        try await checkAlarms()
        try await calibrate(live)
        let journal = try Journal(path: results.journal)
        // Preflight takes its time; the load's clock starts after it.
        let early = try chaos(journal, MonotonicClock(origin: MonotonicClock.machineTime), live)
        let lock = try await early?.lock()
        // To the end of the run: whatever it has broken is healed by then, or in the journal.
        defer { withExtendedLifetime(lock) {} }
        try await preflight(early)

        let clock = MonotonicClock(origin: MonotonicClock.machineTime + Self.leadTime)
        let engine = try LoadEngine(
            plan: plan, target: platform.target, seed: record.seed, runID: record.id, origin: clock.origin,
            writer: live, workers: workers)
        let load = EngineLoad(engine)
        let readBack = LedgerReadBack(
            client: Client(), baseURL: platform.target.baseURL, connection: platform.target.connection,
            clock: clock)
        let archive = try Archive(database: results.database)
        let faults = try chaos(journal, clock, live) { () throws(FaultProblem) in
            do { return try harm(live, recorder, archive, clock) } catch {
                throw .recording("what clients notice could not be read: \(error)")
            }
        }
        let conductor = Conductor(
            plan: plan, clock: clock, live: live, load: load, faults: faults,
            watches: watches(clock, live, load), probes: probes(clock, live), ledger: readBack)
        let watchdog = try watchdog()
        defer { watchdog?.release() }
        interruption.handle { name, count in
            if count == 1 {
                Terminal.note("\(name): stopping the load and healing; please wait")
                conductor.stop(.interrupted, because: name)
            } else {
                Terminal.note("still healing; if this must end now, run afterwards: loadchaos recover")
                for command in faults?.undoByHand ?? [] { Terminal.note("or by hand: \(command)") }
            }
        }
        let server = try await serve(live, clock)
        defer { server?.stop() }
        let showing = Task { await progress.show(live, clock) }
        let played: Result<Void, any Error>
        do {
            played = .success(try await conductor.play { try archive.recording(of: record.id) })
        } catch {
            played = .failure(error)
        }
        // A screen gives the terminal back before anything else is said.
        showing.cancel()
        await showing.value
        try played.get()
    }

    /// nil: nothing will be broken, or a lab that goes with this process anyway.
    private func watchdog() throws -> Watchdog? {
        guard !plan.faults.isEmpty, platform.aws != nil, platform.ownLab == nil else { return nil }
        return try Watchdog(run: record.id, journal: results.journal)
    }

    /// Refuses what must not start, and whatever is not as it was signed off.
    private func preflight(_ chaos: ChaosEngine?) async throws {
        guard let planned else { return try await chaos?.preflight() ?? () }
        let now = try await chaos?.preview() ?? ChaosPreview(account: "", region: "", faults: [])
        let differences = now.differences(from: planned)
        guard differences.isEmpty else {
            throw CommandProblem(
                .unreachable,
                "nothing was started: the platform is not as it was planned\n  "
                    + differences.joined(separator: "\n  ")
                    + "\n  look at it, and plan again: loadchaos plan")
        }
    }

    /// Serves the run for who wants to follow it; nil: nobody asked for that.
    private func serve(_ run: LiveRecording, _ clock: MonotonicClock) async throws -> LiveServer? {
        guard let live, live.isAsked else { return nil }
        let view = LiveView(of: { run.soFar }, now: { clock.now })
        do {
            let server = try await LiveServer.start(view, port: live.livePort)
            for line in live.addresses(server.url) { Terminal.note(line) }
            return server
        } catch {
            throw CommandProblem(.usage, "\(error)")
        }
    }

    /// A target that is not there is no measurement: exit code 69, before anything was sent.
    private func checkTarget() async throws {
        let timeout = plan.requests.map(\.timeout).max() ?? Request.defaultTimeout
        if let problem = platform.target.unreachable(timeout: Int(timeout.inMilliseconds)) {
            throw CommandProblem(.unreachable, "the target cannot be reached: \(problem)")
        }
    }

    /// A generator that may be too weak is said before anything is sent; what comes of it the run itself measures.
    private func calibrate(_ live: LiveRecording) async throws {
        guard let doubt = try await Calibration.measure(for: plan, workers: workers)?.doubt(of: plan) else {
            return
        }
        Terminal.note("warning: \(doubt)")
        live.record(.event(Event(at: .zero, kind: .warning, subject: "generator", text: doubt)))
    }

    /// What is to stop the run must be there, and not call for it already.
    private func checkAlarms() async throws {
        guard let aws = platform.aws, !plan.stoppingAlarms.isEmpty else { return }
        let found = try await aws.cloudWatch.describeAlarms(names: plan.stoppingAlarms)
        for name in plan.stoppingAlarms {
            guard let alarm = found.first(where: { $0.name == name }) else {
                throw CommandProblem(
                    .unreachable, "nothing was started: alarm \(name) is to stop the run, and is not there")
            }
            guard alarm.state != "ALARM" else {
                throw CommandProblem(
                    .unreachable,
                    "nothing was started: alarm \(name) is to stop the run, and is on: \(alarm.reason)")
            }
        }
    }

    private func chaos(
        _ journal: Journal, _ clock: MonotonicClock, _ live: LiveRecording,
        harm: @escaping @Sendable () async throws(FaultProblem) -> String? = { nil }
    ) throws -> ChaosEngine? {
        // Without a system its preflight refuses the faults; they must not be passed over in silence.
        guard let aws = platform.aws else { return nil }
        return ChaosEngine(
            plan: plan, platform: aws, journal: journal, runID: record.id, seed: record.seed, clock: clock,
            writer: live, ownAddresses: try OwnInterfaces.hardwareAddresses(), harm: harm)
    }

    /// Of the fault that was injected last.
    private func harm(
        _ live: LiveRecording, _ recorder: Recorder, _ archive: Archive, _ clock: MonotonicClock
    ) throws(RecorderError) -> String? {
        guard let injected = live.soFar.faults.compactMap(\.injected).max()?.second else { return nil }
        let now = clock.now.second
        try recorder.flush()
        let load = try archive.load(
            of: record.id, from: injected - Harm.span(since: injected, now: now))
        return Harm.seen(load, since: injected, now: now)
    }

    private func watches(
        _ clock: MonotonicClock, _ live: LiveRecording, _ load: EngineLoad
    ) -> [any PlatformWatcher] {
        guard let aws = platform.aws, let system = plan.system else { return [] }
        return [
            PlatformWatch(
                plan: plan, platform: aws, clock: clock, writer: live, onNodes: { load.spread(over: $0) }),
            LogWatch(system: system, platform: aws, clock: clock, writer: live),
        ]
    }

    private func probes(_ clock: MonotonicClock, _ live: LiveRecording) -> ProbeEngine? {
        guard !plan.probes.isEmpty else { return nil }
        return ProbeEngine(
            plan: plan, platform: platform.aws, runID: record.id, clock: clock, writer: live,
            surroundings: platform.surroundings)
    }

    /// Writes down how a run ended that could not be played.
    private func end(_ live: LiveRecording, _ recorder: Recorder, because error: any Error) throws {
        var run = live.soFar.run
        guard run.ending == .open else { return }
        let isUnreachable = (error as? CommandProblem)?.status == .unreachable
        run.ending = isUnreachable ? .unreachable : .failed
        run.problem = "\(error)"
        live.record(.run(run))
        try recorder.close()
    }
}
