import ArgumentParser
import Foundation
import History
import Plan
import Recorder
import Report
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
              loadchaos run scenarios/smoke.scn --on http://127.0.0.1:8080

            \(ExitStatus.help)
            """)

    @Argument(help: ArgumentHelp("The scenario file.", valueName: "file.scn"))
    var scenario: String

    @OptionGroup var options: RunOptions

    func run() async throws {
        let order = try RunOrder(scenario: scenario, options: options)
        let terminal = Terminal()
        let player = Player(order: order, terminal: terminal)
        let outcome = await player.play()
        throw outcome.code
    }
}

struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the system is: lab, aws, or a URL.", valueName: "place"))
    var on = "lab"

    @Option(help: "Scenario seconds per real second, on the lab; wins over the scenario's own.")
    var speed: Double?

    @Option(help: "Repeats the random choices of an earlier run; printed and recorded.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("How the lab isolates its parts: root, rootless or loopback.", valueName: "mode"))
    var mode: String?

    @Option(help: ArgumentHelp("Where recordings go.", valueName: "dir"))
    var results = "results"

    @Option(help: "Threads that send; one for each CPU this process may use if not given.")
    var workers: Int?

    @Flag(help: "Print the result as JSON on stdout.")
    var json = false
}
