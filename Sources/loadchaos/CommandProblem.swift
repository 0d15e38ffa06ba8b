/// Why a command cannot go on, with the exit code it ends with. Its words go to stderr.
struct CommandProblem: Error, CustomStringConvertible {
    var status: ExitStatus
    var description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
