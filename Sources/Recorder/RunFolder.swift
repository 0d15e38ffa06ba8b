import Foundation
import Plan

/// `results/<run id>/`: what a person wants as files beside the database: the scenario, the plan, the logs.
package struct RunFolder: Hashable, Sendable {
    package let path: String

    /// The folder of a run beside the database at `database`.
    package init(run id: String, besideDatabase database: String) {
        path = ((database as NSString).deletingLastPathComponent as NSString).appendingPathComponent(id)
    }

    /// Makes the folder with `plan.json` and, if there is one, `scenario.scn`.
    func create(plan: Plan, scenario: String?) throws(RecorderError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try write(encoder.encode(plan), to: "plan.json")
            if let scenario { try write(Data(scenario.utf8), to: "scenario.scn") }
        } catch {
            throw .folder(path: path, reason: Store.words(error))
        }
    }

    /// Removes the folder and all in it; one that is not there is no error.
    func remove() throws(RecorderError) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw .folder(path: path, reason: Store.words(error))
        }
    }

    private func write(_ data: Data, to name: String) throws {
        try data.write(to: URL(fileURLWithPath: path).appendingPathComponent(name), options: .atomic)
    }
}
