import ArgumentParser
import History
import Recorder
import Report
import Verdict

/// `loadchaos compare`: whether some runs are slower than others by more than like runs differ.
struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether runs are slower or faster than a baseline, by more than like runs differ.",
        discussion: """
            Latency and throughput of the calm parts. One run says nothing of how much like runs differ by themselves,
            so three are the least on both sides together, and three on each side are a good start:
              loadchaos gate scenarios/ --only steady-state --repeat 3     # before the change, and again after it
              loadchaos compare 20261126-0930*,… 20261127-1010*,…

            A run is named by its id, by how its id begins, with a *, or `last`; several are joined by commas. Runs of
            another scenario, speed, load, platform, machine or version of loadchaos are refused.

            Exit codes:
              0    no difference can be seen, or the candidate is better
              1    it is worse
              2    the runs cannot tell
              64   wrong usage, or runs that cannot be compared
            """)

    @Argument(help: ArgumentHelp("What to compare with.", valueName: "baseline"))
    var baseline: String

    @Argument(help: ArgumentHelp("What is compared.", valueName: "candidate"))
    var candidate: String

    @OptionGroup var results: ResultsOption

    @Flag(help: "JSON on stdout; docs/ci.md has the schema.")
    var json = false

    func run() async throws { throw await CommandProblem.exitCode { try compare() } }

    private func compare() throws -> ExitStatus {
        let archive = try results.archive()
        let before = try ids(baseline, in: archive)
        let after = try ids(candidate, in: archive)
        if let twice = (before + after).firstRepeated {
            throw CommandProblem(.usage, "\(twice) is named twice: a run cannot be compared with itself")
        }
        let recordings = try results.reading { () throws(RecorderError) in
            try [before, after].map { side throws(RecorderError) in
                try side.map { run throws(RecorderError) in try archive.recording(of: run) }
            }
        }
        try check(recordings.flatMap { $0.map(\.run) })
        let comparison = Comparison(baseline: recordings[0], candidate: recordings[1])
        if json {
            print(try ComparisonJSON.text(comparison), terminator: "")
        } else {
            print(ComparisonText.text(comparison, Terminal.style, width: Terminal.width), terminator: "")
        }
        return switch comparison.answer {
        case .better, .noDifference: .kept
        case .worse: .broken
        case .unknown: .unknown
        }
    }

    private func ids(_ names: String, in archive: Archive) throws -> [String] {
        let all = try results.reading { () throws(RecorderError) in try archive.runs() }.map(\.id)
        return try names.split(separator: ",").flatMap { name in
            guard name.hasSuffix("*") else {
                return [
                    try results.reading { () throws(RecorderError) in try archive.resolve(String(name)) }
                ]
            }
            let found = all.filter { $0.hasPrefix(name.dropLast()) }
            guard !found.isEmpty else {
                throw CommandProblem(
                    .usage, "no run begins with \(name.dropLast()); `loadchaos runs` lists them")
            }
            return found
        }
    }

    /// All must have been completed, and be like the first.
    private func check(_ runs: [RunRecord]) throws {
        for run in runs {
            guard run.ending == .completed else {
                throw CommandProblem(
                    .usage, "\(run.id) was not completed (\(run.ending.rawValue)): it cannot be compared")
            }
            let differences = Likeness.differences(of: run, from: runs[0])
            guard differences.isEmpty else {
                throw CommandProblem(
                    .usage,
                    "\(run.id) cannot be compared with \(runs[0].id):\n  "
                        + differences.joined(separator: "\n  "))
            }
        }
    }
}

extension [String] {
    fileprivate var firstRepeated: String? {
        var seen: Set<String> = []
        return first { !seen.insert($0).inserted }
    }
}
