import ArgumentParser

@main
struct Loadchaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadchaos",
        abstract: "Load a system, break it on purpose, and say which of its promises were kept.",
        discussion: ExitStatus.help,
        version: version,
        subcommands: [LabCommand.self, LabInnerCommand.self])

    static let version = "0.1.0"
}
