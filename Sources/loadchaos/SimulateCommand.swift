import ArgumentParser
import Capacity
import Foundation
import History
import Plan
import Recorder
import Report
import Verdict

/// `loadchaos simulate`: a scenario in virtual time, on a model of the system.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Forecast a scenario in virtual time, on what `capacity` has measured.",
        discussion: """
            Requests wait in the queues of tasks whose CPU was measured; health checks and scaling windows run on the
            scenario's clock. What comes of it is judged as a run is. With --against a recorded run stands beside it.
            docs/capacity.md says what the model knows, and what it leaves out.

              loadchaos simulate scenarios/az-failure.scn
              loadchaos simulate scenarios/scale-out-in.scn --measured capacity-20261126181326 --against last

            Exit codes are those of `run`, for what is forecast.
            """)

    @Argument(help: ArgumentHelp("The scenario file.", valueName: "file.scn"))
    var scenario: String

    @Option(help: ArgumentHelp("The measurement by `capacity`, by name or `last`.", valueName: "name"))
    var measured = "last"

    @Option(
        help: ArgumentHelp("The service that was measured, if it was not the usual one.", valueName: "name"))
    var service: String?

    @Option(
        help: ArgumentHelp(
            "A recorded run of the scenario to stand beside it: an id, or `last`.", valueName: "run"))
    var against: String?

    @Option(
        help: "Scenario seconds per real second; the scenario's own, or that of the run it stands beside.")
    var speed: Double?

    @Option(help: "Of the random choices of the first play; each further one has the next.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("How often it is played: values are said with their range.", valueName: "n"))
    var plays = 9

    @OptionGroup var results: ResultsOption

    @Flag(help: "The first play as JSON on stdout, as of a run.")
    var json = false

    func validate() throws {
        if let speed, !(speed >= 1 && speed <= 100) {
            throw ValidationError("--speed is \(speed), but must be from 1 to 100")
        }
        if !(1...1000).contains(plays) {
            throw ValidationError("--plays is \(plays), but must be from 1 to 1000")
        }
    }

    func run() async throws { throw await CommandProblem.exitCode { try simulate() } }

    private func simulate() throws -> ExitStatus {
        var plan = try ScenarioFile.plan(at: scenario)
        let archive = try results.archive()
        let measuredRun = try against.map { name in
            try results.reading { () throws(RecorderError) in try archive.recording(of: name) }
        }
        if let measuredRun, measuredRun.run.plan.name != plan.name {
            throw CommandProblem(
                .usage,
                "--against \(measuredRun.run.id) is a run of \"\(measuredRun.run.plan.name)\", not of \"\(plan.name)\""
            )
        }
        plan = plan.played(at: speed ?? measuredRun?.run.plan.speed ?? plan.speed)
        guard plan.streams.count == 1 else {
            throw CommandProblem(
                .usage, "\(scenario) has \(plan.streams.count) loads at once; the model plays one")
        }
        guard plan.schedules(seed: nil)[0] != nil else {
            throw CommandProblem(
                .usage,
                "\(scenario) loads with users, whose requests follow answers; the model plays rates only")
        }
        guard let system = plan.system else {
            throw CommandProblem(.badScenario, "\(scenario) has no system: there is nothing to simulate")
        }
        let service = try CapacitySubject.service(service, of: system).name
        let measurement = try CapacityRecordings(measured, results, service: service)
        guard let model = measurement.simulation else {
            throw CommandProblem(
                .unknown,
                "\(measurement.name) has no stage that was carried with ease and tells of CPU: nothing to simulate on"
            )
        }
        let forecasts: [Forecast]
        do {
            forecasts = try (0..<UInt64(plays)).map { play throws(Simulation.Refusal) in
                var simulation = try Simulation(
                    plan, model, seed: seed &+ play, id: "simulation-of-\(ScenarioPlay.name(of: scenario))")
                let recording = simulation.play()
                return Forecast(recording: recording, verdict: judge(recording))
            }
        } catch {
            throw CommandProblem(.usage, error.description)
        }
        let first = forecasts[0]
        if json {
            print(try RunJSON.text(first.recording, first.verdict), terminator: "")
        } else {
            let report = ForecastReport(forecasts, against: measuredRun, measurement: measurement.name)
            print(report.text(Terminal.style, width: Terminal.width), terminator: "")
        }
        return ExitStatus(first.verdict)
    }
}
