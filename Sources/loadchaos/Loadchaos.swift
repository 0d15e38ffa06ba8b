import ArgumentParser
import History

@main
struct Loadchaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadchaos",
        abstract: "Load a system, break it on purpose, and say which of its promises were kept.",
        discussion: ExitStatus.help,
        version: version,
        subcommands: [
            Run.self, PlanCommand.self, Gate.self, Check.self, Format.self, VerdictCommand.self,
            ReportCommand.self,
            Compare.self, CapacityCommand.self, SimulateCommand.self, Runs.self, Hit.self, Recover.self,
            Faults.self, DoctorCommand.self,
            LabCommand.self,
            LabInnerCommand.self, WatchdogCommand.self,
        ])

    static let version = Version.current
}
