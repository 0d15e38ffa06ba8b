import History
import Plan
import Recorder
import Verdict

/// The runs that a person means: by id, by how ids begin, by tag, or `last`; several joined by commas.
enum RunNames {
    static let help = """
        A run is named by its id, by how its id begins, with a *, by a tag (loadchaos runs tag), or `last`; several \
        are joined by commas.
        """

    /// The ids, in the order of the names, those of one name oldest first; at least one.
    static func ids(_ names: String, _ results: ResultsOption) throws -> [String] {
        let archive = try results.archive()
        let all = try results.reading { () throws(RecorderError) in try archive.runs() }
        return try names.split(separator: ",").flatMap { name -> [String] in
            let tagged = all.filter { $0.tags.contains(String(name)) }.map(\.id)
            if !tagged.isEmpty { return tagged }
            guard name.hasSuffix("*") else {
                return [
                    try results.reading { () throws(RecorderError) in try archive.resolve(String(name)) }
                ]
            }
            let found = all.map(\.id).filter { $0.hasPrefix(name.dropLast()) }
            guard !found.isEmpty else {
                throw CommandProblem(
                    .usage, "no run begins with \(name.dropLast()); `loadchaos runs` lists them")
            }
            return found
        }
    }

    /// Why these runs cannot be compared: one that was not completed, or is unlike the first; nil if they can.
    static func unlikeness(of runs: [RunRecord]) -> String? {
        for run in runs {
            guard run.ending == .completed else {
                return "\(run.id) was not completed (\(run.ending.rawValue)): it cannot be compared"
            }
            let differences = Likeness.differences(of: run, from: runs[0])
            guard differences.isEmpty else {
                return "\(run.id) cannot be compared with \(runs[0].id):\n  "
                    + differences.joined(separator: "\n  ")
            }
        }
        return nil
    }
}
