import ArgumentParser
import History
import Recorder
import Report
import Verdict

/// `loadchaos verdict`: judges a recording again, from the recording alone.
struct VerdictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verdict",
        abstract: "Judge a recorded run again, and exit as the run did.",
        discussion: """
            The verdict is derived from the recording alone, so it is the same as at the end of the run:
              loadchaos verdict last
              loadchaos verdict 20261124-093000-az-failure-x7k2 --json

            \(ExitStatus.help)
            """)

    @Argument(help: ArgumentHelp("The id of a run, or `last`.", valueName: "run"))
    var name: String

    @OptionGroup var results: ResultsOption

    @Flag(help: "JSON on stdout.")
    var json = false

    func run() throws {
        let archive = try results.archive()
        let recording = try results.reading { () throws(RecorderError) in try archive.recording(of: name) }
        let verdict = judge(recording)
        if json {
            print(try RunJSON.text(recording, verdict), terminator: "")
        } else {
            let report = RunReport(
                recording, verdict, database: results.database,
                folder: archive.folder(of: recording.run.id).path)
            print(report.text(Terminal.style, width: Terminal.width), terminator: "")
        }
        throw ExitStatus(verdict).code
    }
}
