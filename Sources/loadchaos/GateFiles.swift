import Foundation

/// The scenario files a gate plays, in the order of their names within each folder.
enum GateFiles {
    static func find(_ paths: [String], only: [String]) throws -> [String] {
        var found: [String] = []
        for path in paths { found += try files(in: path).filter { !found.contains($0) } }
        let names = found.map(ScenarioPlay.name(of:))
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw CommandProblem(.usage, "two scenarios are called \(twice); a gate tells them apart by name")
        }
        if let unknown = only.first(where: { !names.contains($0) }) {
            throw CommandProblem(
                .usage,
                "--only \(unknown): there is no such scenario; there are \(names.joined(separator: ", "))")
        }
        return only.isEmpty ? found : found.filter { only.contains(ScenarioPlay.name(of: $0)) }
    }

    private static func files(in path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandProblem(.usage, "\(path): no such file or folder")
        }
        guard isFolder.boolValue else { return [path] }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw CommandProblem(.usage, "\(path) cannot be read: \(error.localizedDescription)")
        }
        let files = names.filter { $0.hasSuffix(".scn") }.sorted()
        guard !files.isEmpty else { throw CommandProblem(.usage, "\(path) has no scenario (.scn)") }
        return files.map { (path as NSString).appendingPathComponent($0) }
    }
}
