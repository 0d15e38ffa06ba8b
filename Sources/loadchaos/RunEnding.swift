import History
import Plan
import Recorder
import Report
import Verdict

extension Archive {
    /// The verdict as it was shown, for the view `verdicts`.
    fileprivate func keep(_ verdict: Verdict, of run: String) throws {
        let overall = Judgement(
            state: verdict.answer.rawValue, expectation: "the run", measured: "",
            why: verdict.notes.joined(separator: "; "))
        let each = verdict.findings.map { finding in
            Judgement(
                state: finding.answer.rawValue, expectation: finding.expectation.text,
                measured: finding.measured,
                why: finding.reason, promise: finding.expectation.promise)
        }
        try keep(overall: overall, each, of: run)
    }
}

/// The end of a run: what went wrong in words, else the report and the verdict's exit code.
enum RunEnding {
    /// Judges the recording, and keeps the verdict beside it.
    static func judged(run: String, results: ResultsOption) throws -> (Archive, Recording, Verdict) {
        let archive = try results.archive()
        let recording = try archive.recording(of: run)
        let verdict = judge(recording)
        try archive.keep(verdict, of: run)
        return (archive, recording, verdict)
    }

    /// Shows the verdict, and says with which code to exit.
    static func show(run: String, results: ResultsOption, json: Bool) throws -> ExitStatus {
        let (archive, recording, verdict) = try judged(run: run, results: results)
        if json {
            print(try RunJSON.text(recording, verdict), terminator: "")
        } else {
            let report = RunReport(
                recording, verdict, database: results.database,
                folder: archive.folder(of: run).path)
            print(report.text(Terminal.style, width: Terminal.width), terminator: "")
        }
        return ExitStatus(verdict)
    }
}
