import ArgumentParser
import Foundation
import History
import Plan
import Recorder
import Report
import Verdict

/// `loadchaos runs`: what is recorded.
struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the recorded runs, oldest first, or remove some.",
        subcommands: [RunsList.self, RunsRemove.self], defaultSubcommand: RunsList.self)
}

struct RunsList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the recorded runs.")

    @OptionGroup var results: ResultsOption

    @Flag(help: "JSON on stdout.")
    var json = false

    func run() throws {
        guard FileManager.default.fileExists(atPath: results.database) else {
            return print(json ? "[]" : "no recordings in \(results.folder)")
        }
        let archive = try results.archive()
        let runs = try results.reading { () throws(RecorderError) in try archive.runs() }
        if json {
            return print(try JSONText.of(runs.map(Line.init)))
        }
        let rows = [["id", "started", "on", "load", "verdict", "scenario"]] + runs.map(Self.row)
        for row in rows { print(Self.aligned(row, in: rows)) }
    }

    private static func row(_ run: Archive.Listing) -> [String] {
        let length = run.loadEnded.map { Wording.seconds($0) } ?? "-"
        let outcome = run.ending == .completed ? run.verdict ?? "not judged" : run.ending.rawValue
        return [run.id, run.startedAt, run.platform, length, outcome, run.scenario]
    }

    private static func aligned(_ row: [String], in rows: [[String]]) -> String {
        var line = ""
        for (column, text) in row.enumerated() {
            let width = rows.map { $0[column].count }.max() ?? 0
            line +=
                column == row.count - 1 ? text : text + String(repeating: " ", count: width - text.count + 2)
        }
        return line
    }

    /// One element of `runs --json`.
    private struct Line: Encodable {
        var id: String
        var startedAt: String
        var scenario: String
        var platform: String
        var ending: String
        var verdict: String?
        var loadSeconds: Double?

        init(_ run: Archive.Listing) {
            (id, startedAt, scenario) = (run.id, run.startedAt, run.scenario)
            (platform, ending, verdict) = (run.platform, run.ending.rawValue, run.verdict)
            loadSeconds = run.loadEnded?.inSeconds
        }
    }
}

struct RunsRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove runs, with their folders. This cannot be undone.")

    @Argument(help: "Ids of runs, or `last`.")
    var runs: [String]

    @OptionGroup var results: ResultsOption

    /// All ids are checked before the first run is removed.
    func run() throws {
        let archive = try results.archive()
        let ids = try runs.map { name in
            try results.reading { () throws(RecorderError) in try archive.resolve(name) }
        }
        for id in ids {
            try results.reading { () throws(RecorderError) in try archive.delete(id) }
            print("removed \(id)")
        }
    }
}
