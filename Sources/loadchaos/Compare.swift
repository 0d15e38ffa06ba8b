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

            \(RunNames.help)
            Runs of another scenario, speed, load, platform, machine or version of loadchaos are refused.

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

    @Option(
        help: ArgumentHelp("A page in one file, with both sides in the same drawings.", valueName: "file"))
    var html: String?

    func run() async throws { throw await CommandProblem.exitCode { try compare() } }

    private func compare() throws -> ExitStatus {
        let archive = try results.archive()
        let before = try RunNames.ids(baseline, results)
        let after = try RunNames.ids(candidate, results)
        if let twice = (before + after).firstRepeated {
            throw CommandProblem(.usage, "\(twice) is named twice: a run cannot be compared with itself")
        }
        let recordings = try results.reading { () throws(RecorderError) in
            try [before, after].map { side throws(RecorderError) in
                try side.map { run throws(RecorderError) in try archive.recording(of: run) }
            }
        }
        if let words = RunNames.unlikeness(of: recordings.flatMap { $0.map(\.run) }) {
            throw CommandProblem(.usage, words)
        }
        let comparison = Comparison(baseline: recordings[0], candidate: recordings[1])
        if let html {
            let page = ComparisonPage(comparison, baseline: recordings[0], candidate: recordings[1])
            try OutputFile.write(try page.text(), to: html)
        }
        if json {
            print(try ComparisonJSON.text(comparison), terminator: "")
        } else {
            print(ComparisonText.text(comparison, Terminal.style, width: Terminal.width), terminator: "")
        }
        return ExitStatus(Answer(comparison.answer))
    }
}

extension [String] {
    fileprivate var firstRepeated: String? {
        var seen: Set<String> = []
        return first { !seen.insert($0).inserted }
    }
}
