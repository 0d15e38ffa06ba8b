package import History
import Plan
package import Verdict

/// The report of one run for a terminal: everything from the recording, nothing from elsewhere.
package struct RunReport: Sendable {
    package let recording: Recording
    package let verdict: Verdict
    /// Where the recording is, for the last lines.
    package let database: String
    package let folder: String

    package init(_ recording: Recording, _ verdict: Verdict, database: String, folder: String) {
        self.recording = recording
        self.verdict = verdict
        self.database = database
        self.folder = folder
    }

    /// The whole report, ending in a newline. `width` in columns.
    package func text(_ style: Style = .plain, width: Int = 100) -> String {
        Part.allCases.map(section).text(style, width: width)
    }

    /// In the order of a terminal's report, where the verdict is next to the prompt.
    enum Part: String, CaseIterable {
        case run = "Run"
        case events = "Events"
        case faults = "Faults"
        case probes = "Probes"
        case requests = "Requests"
        case failures = "Failures"
        case latency = "Latency"
        case lostWrites = "Lost writes"
        case hops = "Hops"
        case logs = "Logs"
        case generator = "Generator"
        case verdict = "Verdict"
        case again = "Again"
    }

    func section(_ part: Part) -> Section {
        let blocks =
            switch part {
            case .run: header()
            case .events: EventLog.blocks(recording.events, recording.faults, recording.run.plan)
            case .faults: FaultReport.blocks(recording, verdict)
            case .probes: ProbeReport.blocks(recording)
            case .requests: RequestTables.conservation(recording)
            case .failures: RequestTables.failures(recording)
            case .latency: RequestTables.latencies(recording)
            case .lostWrites: LostWrites.blocks(recording)
            case .hops: HopTable.blocks(recording)
            case .logs: TaskLogs.blocks(recording, verdict)
            case .generator: generator()
            case .verdict: VerdictTable.blocks(verdict)
            case .again: again()
            }
        return Section(part.rawValue, blocks)
    }

    private func header() -> [Block] {
        let run = recording.run
        let plan = run.plan
        let clocks = Clocks(plan: plan)
        var table = Table([.left, .left])
        table.row(["run", run.id])
        table.row(["scenario", plan.name])
        table.row(["started", run.startedAt])
        run.environment.rows(of: &table)
        table.row(["targets", run.environment.targets.joined(separator: " ")])
        let played =
            run.loadEnded.map { "\(clocks.scenario($0)) scenario, \(clocks.real($0)) real" }
            ?? "no end recorded"
        table.row(["load", "\(played), speed \(Wording.number(plan.speed))"])
        table.row([
            "seconds",
            "\(Wording.count(verdict.measuredSeconds)) measured, \(Wording.count(verdict.calmSeconds)) calm, "
                + "\(Wording.count(verdict.badSeconds)) bad (real seconds)",
        ])
        let problem = run.problem.map { ": \($0)" } ?? ""
        table.row(["ending", run.ending.rawValue + problem])
        return [.table(table)]
    }

    private func generator() -> [Block] {
        let health = verdict.generator
        let lateness = health.latenessP99.map { "p99 \(Wording.duration($0)) (sent after due)" }
        let cpu = health.cpu.map {
            "\(Wording.percent($0)) of a core, busiest worker, 95th percentile of the seconds"
        }
        var table = Table([.left, .left])
        table.row(["lateness", lateness ?? "not recorded"])
        let wait = health.wait.map {
            "\(Wording.percent($0)) of the time ready to run and without a core, likewise"
        }
        table.row(["CPU", cpu ?? "not recorded"])
        table.row(["waited", wait ?? "not recorded"])
        table.row([
            "offered",
            "\(Wording.percent(health.offered)) of \(Wording.count(health.planned)) planned requests",
        ])
        return [.table(table)]
    }

    private func again() -> [Block] {
        [
            .line("seed       \(recording.run.seed)"), .line("command    \(recording.run.command)"),
            .line("recording  \(database)"), .line("folder     \(folder)"),
            .line("verdict    loadchaos verdict \(recording.run.id)"),
        ]
    }
}
