import ArgumentParser
import History

@main
struct Loadchaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loadchaos",
        abstract: "Load a system, break it on purpose, and say which of its promises were kept.",
        discussion: ExitStatus.help,
        version: version,
        subcommands: [Hit.self, Recover.self, Faults.self])

    static let version = Version.current
}
