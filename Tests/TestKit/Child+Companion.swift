package import Spawn

extension Child {
    /// Starts one that goes when the tests do, also when these are killed.
    package static func companion(_ words: [String], isHeard: Bool = false) throws(NoStart) -> Child {
        let program = Program.found(["setpriv", "--pdeathsig", "TERM"] + words)
        let started: Result<Child, NoStart> = starter.sync {
            do throws(NoStart) {
                return .success(isHeard ? try Child(program) : try Child(unheard: program))
            } catch {
                return .failure(error)
            }
        }
        return try started.get()
    }

    private static let starter = SerialThread(name: "starter")
}
