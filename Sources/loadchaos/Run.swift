import ArgumentParser
import Foundation
import History
import Lab
import Plan
import Scenario
import Verdict

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a scenario and say which of its promises were kept.",
        discussion: """
            On the lab (default) a lab is started if none is up, and goes with the run.
            The recording lands in results/loadchaos.sqlite; see 'loadchaos verdict' and 'loadchaos runs'.

            Examples:
              loadchaos run scenarios/az-failure.scn
              loadchaos run scenarios/az-failure.scn --speed 10 --seed 7
              loadchaos run smoke.scn --on http://127.0.0.1:8080

            \(ExitStatus.help)
            """)

    @Argument(help: ArgumentHelp("The scenario file.", valueName: "file.scn"))
    var scenario: String

    @Option(help: ArgumentHelp("Where the system is: lab, aws, or a URL.", valueName: "place"))
    var on: Destination = .lab

    @Option(help: "Scenario seconds per real second, on the lab; wins over the scenario's own.")
    var speed: Double?

    @Option(help: "Repeats the random choices of an earlier run; printed and recorded.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp("How the lab isolates its parts: root, rootless or loopback.", valueName: "mode"))
    var mode: LabMode?

    @Option(
        help: ArgumentHelp("Start a lab that is wrong on purpose; see 'lab up --help'.", valueName: "kind"))
    var bad: LabFlaw?

    @OptionGroup var results: ResultsOption

    @Option(help: "Threads that send: the CPUs this process may use, unless given.")
    var workers: Int?

    @Flag(help: "The result as JSON on stdout.")
    var json = false

    func validate() throws {
        if let speed, !(speed >= 1 && speed <= 100) {
            throw ValidationError("--speed is \(speed), but must be from 1 to 100")
        }
        if let workers, workers < 1 || workers > 256 {
            throw ValidationError("--workers is \(workers), but must be from 1 to 256")
        }
    }

    func run() async throws {
        do {
            throw try await play().code
        } catch let problem as CommandProblem {
            Terminal.note("loadchaos: \(problem)")
            throw problem.status.code
        }
    }

    private func play() async throws -> ExitStatus {
        let plan = try loadedPlan()
        for warning in forecast(plan) { Terminal.note("warning: \(warning)") }
        let start = Date()
        let seed = seed ?? UInt64(start.timeIntervalSince1970 * 1e3) & 0xFFFF_FFFF
        let text = try String(contentsOfFile: scenario, encoding: .utf8)
        let platform = try await RunPlatform.open(
            on, plan: plan, lab: LabChoice(mode: mode, flaw: bad), seed: seed,
            environment: ProcessInfo.processInfo.environment)
        let name = URL(filePath: scenario).deletingPathExtension().lastPathComponent
        let record = RunRecord(
            id: RunID.make(scenario: name, at: start, seed: seed, process: getpid()),
            startedAt: RunID.timestamp(start), plan: plan, seed: seed, command: command(seed: seed),
            version: Loadchaos.version, environment: platform.environment)
        let session = RunSession(
            plan: plan, platform: platform, record: record, results: results, workers: workers)
        Terminal.note("run \(record.id), seed \(seed)")
        let played: Result<Void, any Error>
        do {
            try await session.play(scenario: text, progress: RunProgress(plan: plan))
            played = .success(())
        } catch {
            played = .failure(error)
        }
        await platform.ownLab?.stop()
        try RunEnding.orProblem(played)
        return try RunEnding.show(run: record.id, results: results, json: json)
    }

    private func loadedPlan() throws -> Plan {
        var plan = try ScenarioFile.plan(at: scenario)
        if let speed { plan.speed = speed }
        if case .lab = on {} else if speed == nil { plan.speed = 1 }
        return plan
    }

    /// What was typed, with the seed that makes it repeatable.
    private func command(seed: UInt64) -> String {
        let arguments = CommandLine.arguments.dropFirst().map(ShellWord.quoted)
        let typed = (["loadchaos"] + arguments).joined(separator: " ")
        return self.seed == nil ? "\(typed) --seed \(seed)" : typed
    }
}
