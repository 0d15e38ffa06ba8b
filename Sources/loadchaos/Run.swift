import ArgumentParser
import Foundation
import Lab
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
              loadchaos run scenarios/az-failure.scn --ui --metrics     # follow it in a browser, or with Prometheus

            \(ExitStatus.help)
            """)

    @Argument(help: ArgumentHelp("The scenario file.", valueName: "file.scn"))
    var scenario: String

    @OptionGroup var place: PlaceOptions

    @Option(help: "Repeats the random choices of an earlier run; printed and recorded.")
    var seed: UInt64?

    @OptionGroup var results: ResultsOption

    @Option(help: "Threads that send: the CPUs this process may use, unless given.")
    var workers: Int?

    @OptionGroup var live: LiveOptions

    @Flag(help: "The result as JSON on stdout.")
    var json = false

    func validate() throws {
        if let workers, workers < 1 || workers > 256 {
            throw ValidationError("--workers is \(workers), but must be from 1 to 256")
        }
    }

    func run() async throws { throw await CommandProblem.exitCode { try await play() } }

    private func play() async throws -> ExitStatus {
        let plan = try ScenarioPlay.plan(at: scenario, place)
        for warning in forecast(plan) { Terminal.note("warning: \(warning)") }
        let start = Date()
        let seed = seed ?? ScenarioPlay.freshSeed(at: start)
        let run = try await ScenarioPlay(
            file: scenario, plan: plan, place: place, results: results, workers: workers, live: live
        ).play(seed: seed, at: start, command: command(seed: seed))
        return try RunEnding.show(run: run, results: results, json: json)
    }

    /// What was typed, with the seed that makes it repeatable.
    private func command(seed: UInt64) -> String {
        let arguments = CommandLine.arguments.dropFirst().map(ShellWord.quoted)
        let typed = (["loadchaos"] + arguments).joined(separator: " ")
        return self.seed == nil ? "\(typed) --seed \(seed)" : typed
    }
}
