import History
import Plan
import Recorder
import Report
import Verdict

/// The recorded runs that a gate's own are compared with.
struct Baseline {
    /// `last-kept`: of each scenario the newest runs that were kept, and are like the gate's own.
    static let lastKept = "last-kept"
    /// As many of them: more would be of an older and older state of the machine.
    static let lastKeptMost = 10

    private let results: ResultsOption
    /// nil: `last-kept`.
    private let named: [String]?

    /// A name that means no run is an error, before anything is played.
    init(_ words: String, _ results: ResultsOption) throws {
        self.results = results
        named = words == Self.lastKept ? nil : try RunNames.ids(words, results)
    }

    /// What comparing the gate's runs of one scenario, by their ids, came to.
    func compare(_ runs: [String], of scenario: String) throws -> GateResult.Compared {
        let archive = try results.archive()
        let candidate = try runs.map { try archive.record(of: $0) }.filter { $0.ending == .completed }
        guard let first = candidate.first else {
            return GateResult.Compared(
                scenario: scenario, outcome: .refused("none of its runs was completed"))
        }
        let baseline = try self.runs(like: first, excluding: runs, in: archive)
        guard !baseline.isEmpty else { return GateResult.Compared(scenario: scenario, outcome: .noBaseline) }
        if let words = RunNames.unlikeness(of: candidate + baseline) {
            return GateResult.Compared(scenario: scenario, outcome: .refused(words))
        }
        let comparison = Comparison(
            baseline: try baseline.map { try archive.recording(of: $0.id) },
            candidate: try candidate.map { try archive.recording(of: $0.id) })
        return GateResult.Compared(scenario: scenario, outcome: .compared(comparison))
    }

    /// The named ones of the same scenario, like or unlike; or the newest that were kept and are like.
    private func runs(like run: RunRecord, excluding own: [String], in archive: Archive) throws -> [RunRecord]
    {
        let same = try archive.runs().filter { $0.scenario == run.plan.name && !own.contains($0.id) }
        if let named {
            return try same.filter { named.contains($0.id) }.map { try archive.record(of: $0.id) }
        }
        let kept = [Answer.kept, .knownBroken].map(\.rawValue)
        var found: [RunRecord] = []
        for listing in same.reversed() where listing.ending == .completed {
            guard let verdict = listing.verdict, kept.contains(verdict) else { continue }
            let record = try archive.record(of: listing.id)
            if Likeness.differences(of: record, from: run).isEmpty { found.append(record) }
            if found.count == Self.lastKeptMost { break }
        }
        return found.reversed()
    }
}
