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
              loadchaos run scenarios/az-failure.scn --plan az.json     # only if all is as it was planned

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

    @Option(
        help: ArgumentHelp(
            "Refuse to start unless every fault would do what this file of 'loadchaos plan --json' says.",
            valueName: "file"))
    var plan: String?

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
        let scenarioPlan = try ScenarioPlay.plan(at: scenario, place)
        let signed = try plan.map(SignedPlan.read)
        for warning in forecast(scenarioPlan) { Terminal.note("warning: \(warning)") }
        let start = Date()
        // Which tasks are struck is drawn from it: another seed would not be what was planned.
        let seed = seed ?? signed?.seed ?? ScenarioPlay.freshSeed(at: start)
        var play = ScenarioPlay(
            file: scenario, plan: scenarioPlan, place: place, results: results, workers: workers, live: live)
        play.planned = signed?.preview
        let run = try await play.play(seed: seed, at: start, command: command(seed: seed))
        return try RunEnding.show(run: run, results: results, json: json)
    }

    /// What was typed, with the seed that makes it repeatable.
    private func command(seed: UInt64) -> String {
        let arguments = CommandLine.arguments.dropFirst().map(ShellWord.quoted)
        let typed = (["loadchaos"] + arguments).joined(separator: " ")
        return self.seed == nil ? "\(typed) --seed \(seed)" : typed
    }
}
