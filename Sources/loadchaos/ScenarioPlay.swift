import Chaos
import Foundation
import History
import Lab
import Plan

/// One scenario to be played: its file, its Plan, and where and how.
struct ScenarioPlay {
    var file: String
    var plan: Plan
    var place: PlaceOptions
    var results: ResultsOption
    var workers: Int?
    var live: LiveOptions?
    var planned: ChaosPreview?
    /// What its id says; nil: the file's name.
    var name: String?
    /// No line for each event: whoever plays it says what came of it.
    var isQuiet = false

    /// Reads the file; findings go to stderr and end the command. On anything but the lab time is real, unless `speed`
    /// says otherwise and is refused for it.
    static func plan(at file: String, _ place: PlaceOptions) throws -> Plan {
        let plan = try ScenarioFile.plan(at: file)
        if let speed = place.speed { return plan.played(at: speed) }
        if case .lab = place.on { return plan }
        return plan.played(at: 1)
    }

    /// `az-failure`
    static func name(of file: String) -> String {
        URL(filePath: file).deletingPathExtension().lastPathComponent
    }

    /// A seed that no earlier run has had, small enough to be typed.
    static func freshSeed(at time: Date) -> UInt64 {
        UInt64(time.timeIntervalSince1970 * 1e3) & 0xFFFF_FFFF
    }

    /// Plays it on an open platform, takes its own lab down, and returns the run's id. `command`: what repeats the run.
    func play(seed: UInt64, at start: Date, command: String) async throws -> String {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let interruption = Interruption()
        defer { interruption.end() }
        let platform = try await RunPlatform.open(
            place, plan: plan, seed: seed, until: interruption)
        let record = RunRecord(
            id: RunID.make(scenario: name ?? Self.name(of: file), at: start, seed: seed, process: getpid()),
            startedAt: RunID.timestamp(start), plan: plan, seed: seed, command: command,
            version: Loadchaos.version, environment: platform.environment)
        let session = RunSession(
            plan: plan, platform: platform, record: record, results: results, workers: workers, live: live,
            planned: planned, interruption: interruption)
        if !isQuiet { Terminal.note("run \(record.id), seed \(seed)") }
        let played: Result<Void, any Error>
        do {
            try await session.play(
                scenario: text,
                progress: RunProgress(plan: plan, isQuiet: isQuiet, isScreenRefused: live?.noScreen ?? false))
            played = .success(())
        } catch {
            played = .failure(error)
        }
        await platform.ownLab?.stop()
        try played.get()
        return record.id
    }
}
