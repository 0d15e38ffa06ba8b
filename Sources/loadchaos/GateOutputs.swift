import Foundation
import Report

/// The files a gate writes. Each is made before the first scenario is played: an hour's result must not be lost to a
/// folder that is not there.
struct GateOutputs {
    private let junit: String?
    private let json: String?
    private let markdown: String?

    init(junit: String?, json: String?, markdown: String?) throws {
        (self.junit, self.json, self.markdown) = (junit, json, markdown)
        for path in [junit, json, markdown].compactMap({ $0 }) { try OutputFile.write("", to: path) }
    }

    func write(_ gate: GateResult, _ status: ExitStatus, environment: [String: String]) throws {
        if let junit { try OutputFile.write(GateJUnit.text(gate), to: junit) }
        if let json { try OutputFile.write(try GateJSON.text(gate, exitCode: status.rawValue), to: json) }
        if let markdown { try OutputFile.write(GateMarkdown.text(gate), to: markdown) }
        guard environment["GITHUB_ACTIONS"] == "true" else { return }
        for line in GateAnnotations.lines(gate) { print(line) }
        if let summary = environment["GITHUB_STEP_SUMMARY"] {
            try Self.append(GateMarkdown.text(gate), to: summary)
        }
    }

    private static func append(_ text: String, to path: String) throws {
        var before = ""
        if FileManager.default.fileExists(atPath: path) {
            do { before = try String(contentsOfFile: path, encoding: .utf8) } catch {
                throw CommandProblem(.usage, "\(path) cannot be read: \(error.localizedDescription)")
            }
        }
        try OutputFile.write(before + text, to: path)
    }
}
