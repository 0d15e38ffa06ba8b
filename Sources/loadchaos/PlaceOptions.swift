import ArgumentParser
import Lab

/// Where runs take place: shared by the verbs that play scenarios.
struct PlaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the system is: lab, aws, or a URL.", valueName: "place"))
    var on: Destination = .lab

    @Option(help: "Scenario seconds per real second, on the lab; wins over the scenario's own.")
    var speed: Double?

    @Option(
        help: ArgumentHelp("How the lab isolates its parts: root, rootless or loopback.", valueName: "mode"))
    var mode: LabMode?

    @Option(
        help: ArgumentHelp("Start a lab that is wrong on purpose; see 'lab up --help'.", valueName: "kind"))
    var bad: LabFlaw?

    @OptionGroup(title: "Connections, with --on URL or --on aws") var connection: ConnectionOptions

    func validate() throws {
        if case .lab = on, let word = connection.words.first {
            throw ValidationError("\(word) is for --on aws or a URL: the lab is reached in one way alone")
        }
        if let speed, !(speed >= 1 && speed <= 100) {
            throw ValidationError("--speed is \(speed), but must be from 1 to 100")
        }
    }

    var lab: LabChoice { LabChoice(mode: mode, flaw: bad) }

    /// As they would be typed.
    var words: [String] {
        var words = ["--on", on.text]
        if let speed { words += ["--speed", "\(speed)"] }
        if let mode { words += ["--mode", mode.rawValue] }
        if let bad { words += ["--bad", bad.rawValue] }
        return words + connection.words
    }
}
