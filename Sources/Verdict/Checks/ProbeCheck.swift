import History
import Plan

extension Evidence {
    /// `probe "redis operations" > 50000`, `probe "database from outside" fails`. Without an answer it is unknown.
    func judgeProbe(_ name: String, _ expected: Expectation.ProbeAnswer) -> Measurement {
        guard let probe = recording.probes.first(where: { $0.name == name }) else {
            return .unknown("the probe was not run")
        }
        if let problem = probe.problem { return .unknown("it has no answer: \(problem)") }
        guard let code = probe.exitCode else { return .unknown("no end of it was recorded") }
        let measured = Self.words(probe, code)
        if let why = Self.noFailure(code) { return .unknown(why, measured: measured) }
        let figure = Figure(value: Double(code), low: nil, high: nil, unit: "exit_code", count: 1)
        switch expected {
        case .succeeds:
            return Measurement(
                answer: code == 0 ? .kept : .broken, measured: measured, figure: figure,
                reason: code == 0 ? "" : "its command failed")
        case .fails:
            return Measurement(
                answer: code == 0 ? .broken : .kept, measured: measured, figure: figure,
                reason: code == 0 ? "its command succeeded, and must not" : "")
        case .number(let bound):
            guard code == 0 else {
                return .unknown("its command failed, so its number is not trusted", measured: measured)
            }
            guard let number = probe.number else {
                return .unknown("its output has no number", measured: measured)
            }
            let holds = bound.holds(for: number)
            return Measurement(
                answer: holds ? .kept : .broken,
                measured: "\(Wording.number(number)) (\(probe.numberLine ?? ""))",
                figure: Figure(value: number, low: nil, high: nil, unit: "number", count: 1),
                reason: holds ? "" : "the number misses the bound")
        }
    }

    private static func words(_ probe: ProbeRecord, _ code: Int) -> String {
        let last = probe.output.split(separator: "\n").last.map { ": \($0)" } ?? ""
        return "exit code \(code)\(last)"
    }

    /// Exit codes by which a shell says that the command itself never gave an answer; nil: it is an answer.
    ///
    /// POSIX: 127 not found, 126 not executable; a shell reports a signal as 128 + its number, of which there are 31.
    private static func noFailure(_ code: Int) -> String? {
        switch code {
        case 126: "its command cannot be executed (exit code 126)"
        case 127: "its command was not found (exit code 127)"
        case 129...159: "its command was ended by signal \(code - 128)"
        default: nil
        }
    }
}
