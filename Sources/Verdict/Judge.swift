package import History
import Plan

/// Judges a recording: each expectation by its check, and the run as a whole by the worst.
package func judge(_ recording: Recording) -> Verdict {
    let evidence = Evidence(recording)
    var findings = recording.run.plan.expectations.map { judge($0, evidence) }
    var notes: [String] = []

    if let broken = recording.seconds.first(where: { !$0.isConserved }) {
        notes.append("second \(broken.second) does not add up: a bug of ours; nothing can be said")
        findings = findings.map { $0.doubted("the recording does not add up") }
    }
    if let shortfall = evidence.generator.shortfall {
        notes.append(shortfall)
        findings = findings.map { $0.answer == .kept ? $0.doubted(shortfall) : $0 }
    }
    var answer = findings.map(\.answer).max() ?? .kept
    switch recording.run.ending {
    case .completed: break
    case .stopped:
        // A stop condition is an answer in itself: the system did not stand what was planned.
        answer = max(answer, .broken)
        notes.append(recording.run.problem ?? "the run was stopped")
    case .open, .interrupted, .unreachable, .failed:
        findings = findings.map { $0.answer == .kept ? $0.doubted("the run did not complete") : $0 }
        answer = max(findings.map(\.answer).max() ?? .unknown, .unknown)
        notes.append("the run did not complete: \(recording.run.problem ?? recording.run.ending.rawValue)")
    }
    for fault in recording.faults where fault.state == .notHealed {
        answer = .notHealed
        notes.append("\(fault.name) is not healed: \(fault.problem ?? "no reason was given")")
    }
    if recording.run.plan.expectations.isEmpty { notes.append("nothing is expected, so nothing can be broken") }
    return Verdict(
        answer: answer, findings: findings,
        aftermaths: evidence.aftermaths.filter { $0.fault.injected != nil }, generator: evidence.generator,
        notes: notes)
}

/// The list of checks.
private func judge(_ expectation: Expectation, _ evidence: Evidence) -> Finding {
    switch expectation.check {
    case .latency(let percentile, let bound): LatencyCheck.judge(expectation, percentile, bound, evidence)
    case .errorRate(let bound): ErrorRateCheck.judge(expectation, bound, evidence)
    case .throughput(let bound): ThroughputCheck.judge(expectation, bound, evidence)
    case .recovery(let bound): RecoveryCheck.judge(expectation, bound, evidence)
    case .lostWrites(let bound): LostWritesCheck.judge(expectation, bound, evidence)
    case .tasks(let kind, let service, let bound): TasksCheck.judge(expectation, kind, service, bound, evidence)
    }
}

extension Finding {
    fileprivate func doubted(_ reason: String) -> Finding {
        Finding(expectation: expectation, answer: .unknown, measured: measured, reason: reason)
    }
}
