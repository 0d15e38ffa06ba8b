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
        abstract: "List the recorded runs, oldest first, name some in common, or remove some.",
        subcommands: [RunsList.self, RunsTag.self, RunsUntag.self, RunsRemove.self],
        defaultSubcommand: RunsList.self)
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
        let rows = [["id", "started", "on", "load", "verdict", "tags", "scenario"]] + runs.map(Self.row)
        for row in rows { print(Self.aligned(row, in: rows)) }
    }

    private static func row(_ run: Archive.Listing) -> [String] {
        let length = run.loadEnded.map { Wording.seconds($0) } ?? "-"
        let outcome = run.ending == .completed ? run.verdict ?? "not judged" : run.ending.rawValue
        return [
            run.id, run.startedAt, run.platform, length, outcome, run.tags.joined(separator: ","),
            run.scenario,
        ]
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
        var tags: [String]

        init(_ run: Archive.Listing) {
            (id, startedAt, scenario) = (run.id, run.startedAt, run.scenario)
            (platform, ending, verdict) = (run.platform, run.ending.rawValue, run.verdict)
            loadSeconds = run.loadEnded?.inSeconds
            tags = run.tags
        }
    }
}

struct RunsTag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Give runs a name in common, for `compare` and `gate --baseline`.",
        discussion: """
              loadchaos runs tag v1.4 '20261126-09*'
              loadchaos gate scenarios/ --baseline v1.4

            \(RunNames.help)
            """)

    @Argument(help: "A word: letters, digits, dots, dashes and underscores.")
    var tag: String

    @Argument(help: ArgumentHelp("Which runs.", valueName: "runs"))
    var runs: [String]

    @OptionGroup var results: ResultsOption

    func validate() throws {
        guard tag.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil, tag != "last", tag != Baseline.lastKept else {
            throw ValidationError(
                "\"\(tag)\" cannot be a tag: letters, digits, dots, dashes and underscores can, but not "
                    + "last and \(Baseline.lastKept), which mean something")
        }
    }

    func run() async throws {
        throw await CommandProblem.exitCode {
            let archive = try results.archive()
            guard try !archive.runs().contains(where: { $0.id == tag }) else {
                throw CommandProblem(.usage, "\(tag) is the id of a run, and cannot be a tag")
            }
            let ids = try runs.flatMap { try RunNames.ids($0, results) }
            try archive.tag(ids, as: tag)
            for id in ids { print("\(tag)  \(id)") }
            return .kept
        }
    }
}

struct RunsUntag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "untag", abstract: "Take a tag from every run that has it; the runs stay.")

    @Argument(help: "The tag.")
    var tag: String

    @OptionGroup var results: ResultsOption

    func run() async throws {
        throw await CommandProblem.exitCode {
            let count = try results.archive().remove(tag: tag)
            guard count > 0 else {
                throw CommandProblem(.usage, "no run has the tag \(tag); `loadchaos runs` lists them")
            }
            print("\(tag) taken from \(Wording.plural(count, "run"))")
            return .kept
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
