import ArgumentParser
import Chaos
import Foundation
import History
import Lab
import Plan

/// `loadchaos plan`: what a scenario's faults would do, without doing it.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a scenario's faults would hit, call and undo; change nothing.",
        discussion: """
            Every fault is resolved on the live platform by read-only calls, after all guards that a run has: account,
            region, tags, unpaid debts. What is found is what a run would do now.

              loadchaos plan scenarios/az-failure.scn --on aws
              loadchaos plan scenarios/az-failure.scn --on aws --json > az.json    # to be signed off, and then:
              loadchaos run scenarios/az-failure.scn --on aws --plan az.json       # refuses if anything differs

            On the lab one is started and goes again, unless one is up.

            Exit codes:
              0    every fault has its targets
              64   wrong usage
              65   a bad scenario
              69   refused, or the platform is unreachable: what a run would say
              70   a bug in loadchaos
            """)

    @Argument(help: ArgumentHelp("The scenario file.", valueName: "file.scn"))
    var scenario: String

    @OptionGroup var place: PlaceOptions

    @Option(help: "Which tasks are struck is drawn from it.")
    var seed: UInt64?

    @OptionGroup var results: ResultsOption

    @Flag(help: "JSON on stdout, for `run --plan`; docs/faults.md has the keys.")
    var json = false

    func run() async throws { throw await CommandProblem.exitCode { try await preview() } }

    private func preview() async throws -> ExitStatus {
        let plan = try ScenarioPlay.plan(at: scenario, place)
        let seed = seed ?? ScenarioPlay.freshSeed(at: Date())
        let interruption = Interruption()
        defer { interruption.end() }
        let platform = try await RunPlatform.open(
            place, plan: plan, seed: seed, until: interruption)
        let found: Result<ChaosPreview, any Error>
        do {
            found = .success(try await preview(plan, on: platform, seed: seed))
        } catch {
            found = .failure(error)
        }
        await platform.ownLab?.stop()
        if interruption.happened { throw CommandProblem(.interrupted, "interrupted") }
        let signed = SignedPlan(
            version: Loadchaos.version, scenario: plan.name, platform: place.on.text, seed: seed,
            preview: try found.get(), policy: .init(try found.get().faults.flatMap(\.permissions)))
        print(json ? try signed.json() : Self.text(signed), terminator: "")
        return .kept
    }

    private func preview(_ plan: Plan, on platform: RunPlatform, seed: UInt64) async throws -> ChaosPreview {
        guard let aws = platform.aws else { return ChaosPreview(account: "", region: "", faults: []) }
        // For the journal, which says whether an earlier run owes something.
        try FileManager.default.createDirectory(atPath: results.folder, withIntermediateDirectories: true)
        let clock = MonotonicClock(origin: MonotonicClock.machineTime)
        return try await ChaosEngine(
            plan: plan, platform: aws, journal: try Journal(path: results.journal), runID: FaultPreview.run,
            seed: seed,
            clock: clock, writer: Unrecorded(), ownAddresses: try OwnInterfaces.hardwareAddresses()
        ).preview()
    }

    private static func text(_ signed: SignedPlan) -> String {
        let preview = signed.preview
        var lines = [
            ([signed.scenario, "on \(signed.platform)"]
                + (preview.faults.isEmpty
                    ? [] : ["account \(preview.account)", "region \(preview.region)", "seed \(signed.seed)"]))
                .joined(separator: ", ")
        ]
        if preview.faults.isEmpty { lines += ["", "no fault: nothing would be changed"] }
        for fault in preview.faults {
            lines += ["", "\(fault.name), at \(fault.at)" + (fault.duration.map { " for \($0)" } ?? "")]
            for (name, values) in [
                ("hits", fault.targets), ("cuts", fault.interfaces), ("calls", fault.calls),
                ("undo", [fault.reverts]),
            ] {
                for (place, value) in values.enumerated() {
                    lines.append(
                        "    \((place == 0 ? name : "").padding(toLength: 7, withPad: " ", startingAt: 0))\(value)"
                    )
                }
            }
        }
        let actions = signed.policy.Statement.flatMap(\.Action)
        if !actions.isEmpty { lines += ["", "IAM actions: \(actions.joined(separator: " "))"] }
        lines += ["", "Nothing was changed."]
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A plan is no run: what it says goes to the person.
private struct Unrecorded: HistoryWriter {
    func record(_ entries: [Entry]) {}
    func commit(_ entries: [Entry]) {}
}
