import ArgumentParser
import Foundation
import Lab
import Plan
import Report
import Verdict

struct Gate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play many scenarios, and say which promises of their systems were kept: for a pipeline.",
        discussion: """
            Every scenario is played on a lab of its own, or with --on aws one after the other there. A broken one does
            not keep the next from being played; files that cannot be read keep all from it. Each run is recorded like
            any other.

            Examples:
              loadchaos gate scenarios/
              loadchaos gate scenarios/ --only az-failure --only rds-failover --repeat 3
              loadchaos gate scenarios/ --tag quick --baseline last-kept
              loadchaos gate scenarios/ --junit gate.xml --markdown gate.md --json gate.json

            With --baseline each scenario's runs are compared with recorded ones (see 'compare --help'): `last-kept`
            takes the newest that were kept and are like them, at most \(Baseline.lastKeptMost). Worse is broken; what
            cannot be told, or is unlike, is unknown; a scenario without any such run says so.

            In GitHub Actions complaints become annotations, and the job's summary gets the Markdown.

            The exit code is that of the worst run.
            \(ExitStatus.help)
            """)

    @Argument(help: ArgumentHelp("Scenario files, or folders of them.", valueName: "path"))
    var paths: [String]

    @Option(help: ArgumentHelp("Only this scenario, by its file's name; may be repeated.", valueName: "name"))
    var only: [String] = []

    @Option(help: ArgumentHelp("Only scenarios with this tag; may be repeated.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("How often each is played.", valueName: "n"))
    var `repeat` = 1

    @OptionGroup var place: PlaceOptions

    @OptionGroup var results: ResultsOption

    @Option(
        help: ArgumentHelp(
            "Compare with runs: \(Baseline.lastKept), ids, beginnings of ids with a *, or a tag of runs.",
            valueName: "runs"))
    var baseline: String?

    @Option(help: ArgumentHelp("JUnit XML: a suite a run, a case an expectation.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("JSON; docs/ci.md has the schema.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Markdown that fits a comment of a pull request.", valueName: "file"))
    var markdown: String?

    func validate() throws {
        if !(1...1000).contains(`repeat`) {
            throw ValidationError("--repeat is \(`repeat`), but must be from 1 to 1000")
        }
    }

    func run() async throws { throw await CommandProblem.exitCode { try await play() } }

    private func play() async throws -> ExitStatus {
        let scenarios = try chosen()
        if case .lab = place.on, try LabAddress.current() != nil {
            throw CommandProblem(
                .usage, "a lab is up, and a gate needs one of its own for each run; first: loadchaos lab down"
            )
        }
        let baseline = try baseline.map { try Baseline($0, results) }
        let outputs = try GateOutputs(junit: junit, json: json, markdown: markdown)
        var gate = GateResult(
            startedAt: RunID.timestamp(Date()), version: Loadchaos.version,
            plans: scenarios.map { (ScenarioPlay.name(of: $0.file), $0.plan) })
        var statuses: [ExitStatus] = []
        let interruption = Interruption()
        defer { interruption.end() }
        for (file, plan) in scenarios {
            for repetition in 1...`repeat` where !interruption.happened {
                let (play, status) = await play(file, plan, repetition)
                gate.plays.append(play)
                statuses.append(status)
                Terminal.note(GateText.line(play, Terminal.style))
            }
        }
        if interruption.happened { statuses.append(.interrupted) }
        if let baseline, !interruption.happened {
            gate.comparisons = try compare(gate, with: baseline)
            statuses += gate.comparisons.compactMap(\.answer).map(ExitStatus.init)
        }
        let status = ExitStatus.worst(statuses)
        print(GateText.text(gate, Terminal.style, width: Terminal.width), terminator: "")
        try outputs.write(gate, status, environment: ProcessInfo.processInfo.environment)
        return status
    }

    /// All are read before the first is played; the findings of all are shown.
    private func chosen() throws -> [(file: String, plan: Plan)] {
        var problem: (any Error)?
        let all = try GateFiles.find(paths, only: only).compactMap { file -> (file: String, plan: Plan)? in
            do { return (file, try ScenarioPlay.plan(at: file, place)) } catch {
                problem = problem ?? error
                return nil
            }
        }
        if let problem { throw problem }
        let known = Set(all.flatMap(\.plan.tags).map(\.rawValue))
        if let unknown = tag.first(where: { !known.contains($0) }) {
            throw CommandProblem(
                .usage,
                "--tag \(unknown): no scenario has it; "
                    + (known.isEmpty
                        ? "none has a tag" : "there are \(known.sorted().joined(separator: ", "))"))
        }
        return tag.isEmpty
            ? all : all.filter { scenario in scenario.plan.tags.contains { tag.contains($0.rawValue) } }
    }

    /// Each scenario's runs with the baseline's.
    private func compare(_ gate: GateResult, with baseline: Baseline) throws -> [GateResult.Compared] {
        let scenarios = gate.plays.filter { $0.repetition == 1 }.map(\.scenario)
        return try scenarios.map { scenario in
            let runs = gate.plays.filter { $0.scenario == scenario }.compactMap(\.run)
            return try baseline.compare(runs, of: scenario)
        }
    }

    /// What cannot be played is a result as well, not the end of the gate.
    private func play(_ file: String, _ plan: Plan, _ repetition: Int) async -> (GateResult.Play, ExitStatus)
    {
        let start = Date()
        let seed = ScenarioPlay.freshSeed(at: start)
        let play = ScenarioPlay(file: file, plan: plan, place: place, results: results)
        var result = GateResult.Play(
            file: file, scenario: ScenarioPlay.name(of: file), repetition: repetition, repetitions: `repeat`,
            outcome: .notPlayed("interrupted"), seconds: 0)
        var status = ExitStatus.ourBug
        do {
            let run = try await play.play(seed: seed, at: start, command: command(file, seed: seed))
            let (_, _, verdict) = try RunEnding.judged(run: run, results: results)
            result.outcome = .judged(run: run, verdict)
            status = ExitStatus(verdict)
        } catch {
            let problem = CommandProblem(error)
            result.outcome = .notPlayed("\(problem)")
            status = problem.status
        }
        result.seconds = Date().timeIntervalSince(start)
        return (result, status)
    }

    /// What repeats one run of the gate.
    private func command(_ file: String, seed: UInt64) -> String {
        let words =
            ["loadchaos", "run", file] + place.words + ["--results", results.folder, "--seed", "\(seed)"]
        return words.map(ShellWord.quoted).joined(separator: " ")
    }
}
