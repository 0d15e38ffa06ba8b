/// What can go wrong with a recording, with the file and the next step.
package enum RecorderError: Error, Hashable, CustomStringConvertible {
    /// The results folder or the database cannot be made or opened.
    case cannotOpen(path: String, reason: String)
    /// A run of this id is recorded already.
    case runExists(id: String)
    /// Rows could not be written; they are kept and tried again every second.
    case cannotWrite(path: String, waiting: Int, reason: String)
    /// A row broke a rule of the schema (our bug) and is not in the recording.
    case refused(row: String, reason: String)
    /// So much was waiting for a disk that does not take it that the oldest rows were given up.
    case gaveUp(path: String, entries: Int, reason: String)
    case noRecordings(path: String)
    case noSuchRun(id: String, path: String)
    /// A row that cannot be read back.
    case damaged(run: String, what: String)
    /// The file was written by a later version.
    case laterSchema(path: String)
    /// A run folder could not be written or removed.
    case folder(path: String, reason: String)

    package var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "cannot open the recording \(path): \(reason); choose another place with --results DIR"
        case .runExists(let id):
            "run \(id) is recorded already; runs are never overwritten"
        case .cannotWrite(let path, let waiting, let reason):
            "cannot write to \(path): \(reason); \(waiting) rows wait and are tried again every second"
        case .refused(let row, let reason):
            "the recording refused \(row): \(reason); this is a bug in loadchaos, please report it"
        case .gaveUp(let path, let entries, let reason):
            "\(entries) rows are missing in \(path): it could not be written for too long (\(reason))"
        case .noRecordings(let path):
            "no recordings at \(path); run a scenario first, or point --results at its folder"
        case .noSuchRun(let id, let path):
            "no run \(id) in \(path); `loadchaos runs` lists what is there"
        case .damaged(let run, let what):
            "the recording of run \(run) is damaged: \(what)"
        case .laterSchema(let path):
            "\(path) was written by a later version of loadchaos; use that version to read it"
        case .folder(let path, let reason):
            "cannot write the run's folder \(path): \(reason)"
        }
    }
}
