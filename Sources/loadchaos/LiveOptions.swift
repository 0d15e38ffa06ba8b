import ArgumentParser

/// How a run can be followed: on the terminal, and over HTTP.
struct LiveOptions: ParsableArguments {
    @Flag(help: "Serve a live page with the report's charts on 127.0.0.1 while the run goes on.")
    var ui = false

    @Flag(help: "Serve Prometheus' metrics there, under /metrics; docs/live.md has them.")
    var metrics = false

    @Option(
        help: ArgumentHelp("The port of both: the first free one from 8090, unless given.", valueName: "port")
    )
    var livePort: UInt16?

    @Flag(help: "Print events line by line, also on a terminal that could show a screen.")
    var noScreen = false

    var isAsked: Bool { ui || metrics }

    func validate() throws {
        if livePort != nil, !isAsked { throw ValidationError("--live-port goes with --ui or --metrics") }
    }

    /// What is served where, a line each.
    func addresses(_ url: String) -> [String] {
        (ui ? ["live page  \(url)"] : []) + (metrics ? ["metrics    \(url)metrics"] : [])
    }
}
