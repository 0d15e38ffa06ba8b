import History
package import Plan
package import Verdict

/// What a gate has seen: scenarios played one after the other, and what each says of the promises.
package struct GateResult: Sendable {
    /// One scenario, played once.
    package struct Play: Sendable {
        package enum Outcome: Sendable {
            case judged(run: String, Verdict)
            /// Why there is no verdict.
            case notPlayed(String)
        }

        package var file: String
        /// The file's name without folder and ending: `az-failure`.
        package var scenario: String
        /// 1 for the first, and how often it is played.
        package var repetition: Int
        package var repetitions: Int
        package var outcome: Outcome
        /// Real seconds, the lab's boot included.
        package var seconds: Double

        package init(
            file: String, scenario: String, repetition: Int = 1, repetitions: Int = 1, outcome: Outcome,
            seconds: Double
        ) {
            self.file = file
            self.scenario = scenario
            self.repetition = repetition
            self.repetitions = repetitions
            self.outcome = outcome
            self.seconds = seconds
        }

        /// `az-failure`, or `az-failure (2 of 5)`.
        package var name: String {
            repetitions == 1 ? scenario : "\(scenario) (\(repetition) of \(repetitions))"
        }
        /// nil: not played.
        var verdict: Verdict? { if case .judged(_, let verdict) = outcome { verdict } else { nil } }
        package var run: String? { if case .judged(let run, _) = outcome { run } else { nil } }
        var problem: String? { if case .notPlayed(let problem) = outcome { problem } else { nil } }
        var word: String { verdict?.answer.word ?? "not played" }

        /// What the run as a whole says that none of its expectations does: a fault in place, a stop, an interruption.
        /// nil: nothing, or it was not played.
        var wholeRun: String? {
            guard let verdict else { return nil }
            let worst = verdict.findings.map(\.answer).max() ?? .kept
            guard verdict.answer > worst, verdict.answer > .knownBroken else { return nil }
            return verdict.notes.isEmpty ? verdict.answer.word : verdict.notes.joined(separator: "; ")
        }
    }

    /// A promise of a system file, and what each scenario says of it.
    struct PromiseRow {
        struct Cell {
            var scenario: String
            /// The worst of its checks and repetitions; nil: it keeps the promise, and was not played.
            var answer: Answer?
        }
        var system: String
        var promise: System.Promise
        /// Empty: no scenario of this gate keeps it.
        var cells: [Cell]

        /// The worst; nil: never tested.
        var answer: Answer? { cells.compactMap(\.answer).max() }
        var word: String { answer?.word ?? "never tested" }
    }

    package var startedAt: String
    package var version: String
    package var plays: [Play]
    /// Empty: no baseline was asked for.
    package var comparisons: [Compared] = []
    /// The systems of all scenarios, each once.
    var systems: [System]
    /// Which promises each scenario keeps, played or not.
    private var kept: [(scenario: String, promises: Set<String>)]

    /// `plans`: every scenario of the gate by name, in their order.
    package init(startedAt: String, version: String, plans: [(scenario: String, plan: Plan)]) {
        self.startedAt = startedAt
        self.version = version
        plays = []
        systems = []
        kept = plans.map { ($0.scenario, Set($0.plan.expectations.compactMap(\.promise))) }
        for system in plans.compactMap(\.plan.system)
        where !systems.contains(where: { $0.name == system.name }) {
            systems.append(system)
        }
    }

    /// In place of an expectation.
    static let wholeRun = "the run as a whole"

    /// The worst of all plays and comparisons. What was not played is unknown.
    package var answer: Answer {
        let plays = plays.map { $0.verdict?.answer ?? .unknown }
        return (plays + comparisons.compactMap(\.answer)).max() ?? .unknown
    }

    var promises: [PromiseRow] {
        systems.flatMap { system in
            system.promises.map { promise in
                let cells = kept.filter { $0.promises.contains(promise.name) }.map { scenario, _ in
                    PromiseRow.Cell(scenario: scenario, answer: answer(of: promise.name, in: scenario))
                }
                return PromiseRow(system: system.name, promise: promise, cells: cells)
            }
        }
    }

    private func answer(of promise: String, in scenario: String) -> Answer? {
        plays.filter { $0.scenario == scenario }.compactMap(\.verdict).flatMap(\.findings)
            .filter { $0.expectation.promise == promise }.map(\.answer).max()
    }

    /// An expectation that is neither kept nor known to be broken, or a run as a whole; or a play without a verdict.
    struct Complaint {
        var play: Play
        /// nil: not played.
        var answer: Answer?
        var expected: String
        var why: String

        var word: String { answer?.word ?? "not played" }
    }

    var complaints: [Complaint] {
        plays.flatMap { play -> [Complaint] in
            guard let verdict = play.verdict else {
                return [Complaint(play: play, answer: nil, expected: "to be played", why: play.problem ?? "")]
            }
            let whole = play.wholeRun.map {
                Complaint(play: play, answer: verdict.answer, expected: Self.wholeRun, why: $0)
            }
            return (whole.map { [$0] } ?? [])
                + verdict.findings.filter { $0.answer > .knownBroken }.map {
                    Complaint(
                        play: play, answer: $0.answer, expected: $0.expectation.text,
                        why: $0.reason.isEmpty ? $0.measured : "\($0.measured); \($0.reason)")
                }
        }
    }
}
