package import AWS
package import History
package import Plan
package import Shell

/// Runs a Plan's probes, each where it says, and writes down what came of them.
package struct ProbeEngine: Sendable {
    private let plan: Plan
    private let platform: AWSPlatform?
    private let runID: String
    private let clock: any RunClock
    private let writer: any HistoryWriter
    private let shell: any ShellRunner
    private let surroundings: [String: String]

    /// `platform` nil: only `shell` probes can be run. `surroundings` are the variables that commands of this machine
    /// get on top of our own: where the platform is, and as whom to talk to it.
    package init(
        plan: Plan, platform: AWSPlatform?, runID: String, clock: any RunClock, writer: any HistoryWriter,
        shell: any ShellRunner = LocalShell(), surroundings: [String: String] = [:]
    ) {
        self.plan = plan
        self.platform = platform
        self.runID = runID
        self.clock = clock
        self.writer = writer
        self.shell = shell
        self.surroundings = surroundings
    }

    /// Runs the probe now and records it, first as begun, then with its answer. Never throws: what went wrong is on
    /// record. When the calling task is cancelled, the command or task is ended first.
    package func play(_ index: Int) async {
        let probe = plan.probes[index]
        var record = ProbeRecord(index: index, name: probe.name, started: clock.now)
        writer.record(.probe(record))
        do {
            let addresses = try await addresses(in: probe.command)
            switch probe.place {
            case .harness:
                record.place = "this machine"
                note(record, "begins: \(probe.command)")
                let variables = surroundings.merging(addresses) { $1 }
                fill(&record, await shell.run(probe.command, variables, timeout: probe.timeout), probe)
            case .task(let service, let group):
                guard let platform, let system = plan.system else {
                    throw ProbeFault.words("there is no platform to run a task on")
                }
                let task = TaskProbe(
                    platform: platform, system: system, run: runID, index: index, service: service,
                    group: group,
                    clock: clock)
                let started = try await task.start(probe.command, addresses, timeout: probe.timeout)
                record.place = "task \(started.id) of \(service)"
                writer.record(.probe(record))
                note(record, "begins in \(record.place): \(probe.command)")
                fill(
                    &record, try await task.answer(of: started, until: record.started + probe.timeout), probe)
            }
        } catch {
            record.problem = "\(error)"
        }
        record.ended = clock.now
        writer.record(.probe(record))
        note(record, Self.words(record))
    }

    private func addresses(in command: String) async throws(ProbeFault) -> [String: String] {
        try await ProbeAddresses(plan: plan, platform: platform).values(in: command)
    }

    private func fill(_ record: inout ProbeRecord, _ ending: CommandEnding, _ probe: Probe) {
        if let remark = ending.remark { note(record, remark, kind: .warning) }
        record.output = ending.output.lastLines
        if let (value, line) = ending.output.number { (record.number, record.numberLine) = (value, line) }
        switch ending.end {
        case .exited(let code): record.exitCode = code
        case .timedOut: record.problem = "it did not end within \(probe.timeout)"
        case .cancelled: record.problem = "it was ended with the run"
        case .noStart(let why): record.problem = why
        }
    }

    private static func words(_ record: ProbeRecord) -> String {
        if let problem = record.problem { return "has no answer: \(problem)" }
        let code = "exit code \(record.exitCode ?? 0)"
        let line = record.numberLine ?? record.output.split(separator: "\n").last.map(String.init)
        return "ended with \(code)" + (line.map { ": \($0)" } ?? "")
    }

    private func note(_ record: ProbeRecord, _ text: String, kind: Event.Kind = .probe) {
        writer.record(.event(Event(at: clock.now, kind: kind, subject: record.name, text: text)))
    }
}

/// Why a probe could not be run.
package enum ProbeFault: Error, Hashable, Sendable, CustomStringConvertible {
    case platform(AWSError)
    case words(String)

    package var description: String {
        switch self {
        case .platform(let error): "\(error)"
        case .words(let words): words
        }
    }
}

/// Turns what AWS says into a probe's fault.
func asking<Answer>(_ question: () async throws(AWSError) -> Answer) async throws(ProbeFault) -> Answer {
    do {
        return try await question()
    } catch {
        throw .platform(error)
    }
}
