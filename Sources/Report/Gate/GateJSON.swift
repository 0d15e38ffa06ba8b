import Foundation
import Plan
import Verdict

/// A gate as JSON, for machines. Keys are never renamed or removed, only added; docs/ci.md has them.
package enum GateJSON {
    package static func text(_ gate: GateResult, exitCode: Int32) throws -> String {
        return try JSONText.of(Document(gate, exitCode)) + "\n"
    }

    private struct Document: Encodable {
        var startedAt: String
        var version: String
        var verdict: String
        var exitCode: Int32
        var plays: [Play]
        var promises: [Promise]
        var comparisons: [Compared]

        init(_ gate: GateResult, _ exitCode: Int32) {
            (startedAt, version, verdict) = (gate.startedAt, gate.version, gate.answer.rawValue)
            self.exitCode = exitCode
            plays = gate.plays.map(Play.init)
            promises = gate.promises.map(Promise.init)
            comparisons = gate.comparisons.map(Compared.init)
        }
    }

    private struct Play: Encodable {
        var scenario: String
        var file: String
        var repetition: Int
        var repetitions: Int
        /// As in the JSON of a run, or `not-played`.
        var verdict: String
        var run: String?
        var problem: String?
        var seconds: Double
        var notes: [String]
        var expectations: [RunJSON.Expected]

        init(_ play: GateResult.Play) {
            (scenario, file) = (play.scenario, play.file)
            (repetition, repetitions) = (play.repetition, play.repetitions)
            (run, problem, seconds) = (play.run, play.problem, play.seconds)
            verdict = play.verdict?.answer.rawValue ?? "not-played"
            notes = play.verdict?.notes ?? []
            expectations = play.verdict?.findings.map { RunJSON.Expected($0) } ?? []
        }
    }

    private struct Compared: Encodable {
        var scenario: String
        /// Of `compare`, or `refused`, `never-compared`.
        var answer: String
        var problem: String?
        var comparison: ComparisonJSON.Document?

        init(_ compared: GateResult.Compared) {
            (scenario, answer) = (compared.scenario, compared.name)
            switch compared.outcome {
            case .compared(let comparison): self.comparison = ComparisonJSON.Document(comparison)
            case .refused(let words): problem = words
            case .noBaseline: break
            }
        }
    }

    private struct Promise: Encodable {
        struct Cell: Encodable {
            var scenario: String
            var verdict: String
        }
        var system: String
        var promise: String
        var source: String
        /// As in the JSON of a run, or `never-tested`.
        var verdict: String
        var scenarios: [Cell]

        init(_ row: GateResult.PromiseRow) {
            (system, promise, source) = (row.system, row.promise.name, row.promise.source)
            verdict = row.answer?.rawValue ?? "never-tested"
            scenarios = row.cells.map {
                Cell(scenario: $0.scenario, verdict: $0.answer?.rawValue ?? "not-played")
            }
        }
    }
}
