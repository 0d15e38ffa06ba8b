import ArgumentParser
import Capacity
import Foundation
import History
import Plan
import Recorder
import Report

/// `loadchaos capacity`: what a system carries, and what that means for a demand.
struct CapacityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity",
        abstract: "Measure what a system carries by its number of tasks, and plan for a demand.",
        discussion: """
            For each number of tasks the largest rate is searched that meets the system's promised p95: by doubling, by
            halving what is left, and by playing both ends again. Then the time that autoscaling takes is measured. Each
            stage is a run like any other; on the lab all together take about half an hour.

            Examples:
              loadchaos capacity scenarios/ecs-microservices.system --demand 250/s --growth 8%/month
              loadchaos capacity scenarios/ecs-microservices.system --measured last --traffic week.csv
              loadchaos capacity scenarios/throughput-per-task.scn --service nginx --tasks 1,2

            A system file has no requests: they are those of the scenario beside it that has the tag `capacity`.
            The lab's own CPU quotas decide what its tasks carry; only AWS tells what AWS's do.

            Exit codes:
              0    the plan is made
              1    the demand needs more tasks than the service may have
              2    what some number of tasks carries is not known: the generator was the limit, or stages told nothing
              3, 64, 65, 69, 70, 130   as of `run`
            """)

    @Argument(help: ArgumentHelp("A system, or a scenario whose requests are played.", valueName: "file"))
    var file: String

    @OptionGroup(title: "What is measured") var measuring: CapacityMeasuring
    @OptionGroup(title: "What it is planned for") var planning: CapacityPlanning
    @OptionGroup(title: "Where") var place: PlaceOptions
    @OptionGroup var results: ResultsOption

    @Option(help: ArgumentHelp("The plan as a page in one file.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("The plan as GitHub's Markdown.", valueName: "file"))
    var markdown: String?

    @Flag(help: "The plan as JSON on stdout; docs/capacity.md has the schema.")
    var json = false

    func run() async throws { throw await CommandProblem.exitCode { try await plan() } }

    private func plan() async throws -> ExitStatus {
        let subject = try CapacitySubject(file: file, measuring: measuring, place: place)
        let demand = try planning.read()
        let measured: CapacityRecordings
        if let name = measuring.measured {
            measured = try CapacityRecordings(name, results, service: subject.service.name)
        } else {
            let session = CapacitySession(
                subject: subject, place: place, results: results, measuring: measuring)
            try await session.measure()
            measured = try CapacityRecordings(session.name, results, service: subject.service.name)
        }
        let report = try measured.report(subject, demand, today: Date())
        try show(report)
        return status(report)
    }

    private func show(_ report: CapacityReport) throws {
        if let html { try OutputFile.write(try report.page(), to: html) }
        if let markdown { try OutputFile.write(report.markdown(), to: markdown) }
        if json {
            print(try report.json(), terminator: "")
        } else {
            print(report.text(Terminal.style, width: Terminal.width), terminator: "")
        }
    }

    private func status(_ report: CapacityReport) -> ExitStatus {
        if report.knees.contains(where: { $0.rate == nil }) { return .unknown }
        guard let demand = report.plan.demand else { return .kept }
        let need = report.plan.need(demand).tasks ?? .max
        return need > report.plan.service.tasks.upperBound ? .broken : .kept
    }
}
