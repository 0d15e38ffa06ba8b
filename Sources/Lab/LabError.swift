/// Why a lab could not be brought up or reached; each case knows the next step.
package enum LabError: Error, Equatable {
    /// A program or file the lab is made of is not there.
    case missingPart(String, lookedIn: [String])
    case portTaken(address: String, port: Int)
    case modeImpossible(LabMode, why: String)
    /// What a command asks of a task cannot be done to it on this machine.
    case impairmentImpossible(String)
    case alreadyUp(pid: Int)
    case notUp
    /// A step of the boot failed; `log` is what the program said last.
    case bootFailed(step: String, log: String)
    /// What a lab in another process said before it ended.
    case didNotStart(String)
    /// Asked to stop before it was up.
    case cancelled
    /// Asked to start a process after the lab had begun to go.
    case goingDown
    /// These could not be removed.
    case leftBehind([String])
    case file(operation: String, path: String, error: Int32)
}

extension LabError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missingPart(let part, let places):
            "the lab needs \(part), looked for in \(places.joined(separator: ", "))\n"
                + "  next step: run scripts/install-parts"
        case .portTaken(let address, let port):
            "\(address):\(port) is in use by another program\n"
                + "  next step: choose another with --port, or leave --port out and the lab takes the next free one"
        case .modeImpossible(let mode, let why):
            "mode \(mode.rawValue) is not possible here: \(why)\n"
                + "  next step: leave --mode out, and the lab takes the best mode that is"
        case .impairmentImpossible(let why): "not possible in this lab: \(why)"
        case .alreadyUp(let pid):
            "a lab of this user is up already (process \(pid))\n"
                + "  next step: use it, or take it down with: loadchaos lab down"
        case .notUp:
            "no lab is up\n  next step: loadchaos lab up --detach"
        case .bootFailed(let step, let log):
            "the lab did not come up: \(step)" + (log.isEmpty ? "" : "\n" + indented(log))
                + (log.contains("No space left on device")
                    ? "\n  next step: free some space under the state directory" : "")
        case .didNotStart(let words):
            words.isEmpty ? "the lab ended before it was up and said nothing" : words
        case .cancelled: "the lab was stopped before it was up"
        case .goingDown: "the lab is going down and starts nothing any more"
        case .leftBehind(let paths):
            "the lab has ended, but these could not be removed: \(paths.joined(separator: ", "))\n"
                + "  next step: loadchaos lab down, once more"
        case .file(let operation, let path, let error):
            "cannot \(operation) \(path): \(errnoText(error))"
                + (error == 28 ? "\n  next step: free some space there" : "")
        }
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "  | \($0)" }.joined(separator: "\n")
    }
}
