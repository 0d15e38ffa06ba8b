import ArgumentParser
import Foundation
import History
import Recorder
import Report
import Verdict

/// `loadchaos report`: a recorded run as a page.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a recorded run as a page in one file: it opens offline.",
        discussion: """
            The page shows the verdict, the faults with their four times, and over one axis of time latency, rates,
            failures, tasks, CPU, hops and the generator itself; then every table of the run's report. It asks the
            network for nothing.

              loadchaos report last
              loadchaos report 20261124-093000-az-failure-x7k2 --html az-failure.html
              loadchaos report last --markdown report.md --csv seconds.csv --hlog run.hlog
            """)

    @Argument(help: ArgumentHelp("The id of a run, or `last`.", valueName: "run"))
    var name: String

    @OptionGroup var results: ResultsOption

    @Option(
        help: ArgumentHelp(
            "Where to write it: report.html in the run's folder, unless given.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("The tables as GitHub's Markdown.", valueName: "file"))
    var markdown: String?

    @Option(help: ArgumentHelp("A row for each second of the load.", valueName: "file"))
    var csv: String?

    @Option(
        help: ArgumentHelp(
            "Each second's latencies and service times as HdrHistogram's log.", valueName: "file"))
    var hlog: String?

    func run() async throws { throw await CommandProblem.exitCode { try report() } }

    private func report() throws -> ExitStatus {
        let archive = try results.archive()
        let recording = try results.reading { () throws(RecorderError) in try archive.recording(of: name) }
        let folder = archive.folder(of: recording.run.id).path
        let report = RunReport(recording, judge(recording), database: results.database, folder: folder)
        if let markdown { try write(report.markdown(), to: markdown) }
        if let csv { try write(TimelineCSV.text(recording), to: csv) }
        if let hlog { try write(try HistogramLog.text(recording), to: hlog) }
        // The page, unless only something else was asked for.
        if html != nil || (markdown == nil && csv == nil && hlog == nil) {
            let path = html ?? (folder as NSString).appendingPathComponent("report.html")
            try write(try RunPage(report).text(), to: path)
        }
        return .kept
    }

    /// Says where it is.
    private func write(_ text: String, to path: String) throws {
        try OutputFile.write(text, to: path)
        print(path)
    }
}
