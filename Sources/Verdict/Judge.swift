package import History
import Plan

/// Judges a recording: each expectation by its check, and the run as a whole by the worst.
///
/// Pure: the same recording gives the same verdict, at the end of the run and years later.
package func judge(_ recording: Recording) -> Verdict {
    let evidences = Evidences(recording)
    let evidence = evidences.whole
    let measured = evidence.seconds(.measured) ?? []
    let unsteady = evidence.steadyStateNotMet ? Set(brokenByPoint(evidences).map(\.expectation)) : []
    let findings = recording.run.plan.expectations.map { expectation in
        judge(
            expectation, evidences.evidence(for: expectation),
            brokenBeforeFault: unsteady.contains(expectation))
    }
    var verdict = Verdict(
        answer: findings.map(\.answer).max() ?? .kept, findings: findings, aftermaths: evidence.aftermaths,
        generator: evidence.generator(measured), notes: [], ending: recording.run.ending,
        measuredSeconds: measured.count, calmSeconds: evidence.seconds(.calm)?.count ?? 0,
        badSeconds: measured.count { $0.isBad(over: evidence.calmBound) })
    verdict.notes += surprises(findings, recording.run.plan)
    for (answer, note) in wholeRun(recording) {
        verdict.answer = max(verdict.answer, answer)
        verdict.notes.append(note)
    }
    if findings.isEmpty { verdict.notes.append("nothing is expected, so nothing can be broken") }
    return verdict
}

/// Every kind of check there is. Each has a file of its own in Checks/.
func measure(_ expectation: Expectation, _ evidence: Evidence) -> Measurement {
    guard let seconds = evidence.seconds(expectation.window),
        let stretches = evidence.stretches(expectation.window)
    else { return .unknown("") }  // Doubt says why: the fault it is about was not injected.
    switch expectation.check {
    case .latency(let percentile, let bound):
        return evidence.judgeLatency(percentile, bound, seconds, expectation.text)
    case .hop(let name, let percentile, let bound):
        return evidence.judgeHop(name, percentile, bound, seconds, expectation.text)
    case .errorRate(let bound): return evidence.judgeErrorRate(bound, seconds)
    case .throughput(let bound): return evidence.judgeThroughput(bound, seconds, expectation.text)
    case .recovery(let bound): return evidence.judgeRecovery(bound, expectation.window)
    case .lostWrites(let bound): return evidence.judgeLostWrites(bound)
    case .tasks(let count, let service, let bound):
        return evidence.judgeTasks(count, service: service, bound, stretches)
    case .probe(let name, let answer): return evidence.judgeProbe(name, answer)
    case .scaling(let scaling): return evidence.judgeScaling(scaling)
    case .steps(let service, let counts): return evidence.judgeSteps(service, counts, stretches)
    case .reversals(let service, let bound): return evidence.judgeReversals(service, bound, stretches)
    case .rolledBack(let service): return evidence.judgeRollback(service, stretches)
    }
}

private func judge(_ expectation: Expectation, _ evidence: Evidence, brokenBeforeFault: Bool) -> Finding {
    var found = measure(expectation, evidence)
    let doubt = brokenBeforeFault ? nil : evidence.doubt(about: expectation, found)
    if brokenBeforeFault {
        found.answer = .broken
        found.reason = "steady state was not met before the first fault, which was therefore not injected"
    } else if let doubt {
        found.answer = .unknown
        found.reason = found.reason.isEmpty ? doubt.words : "\(doubt.words); \(found.reason)"
    }
    let promise = evidence.plan.promise(of: expectation)
    if let reason = promise?.knownBroken, found.answer == .broken {
        found.answer = .knownBroken
        found.reason = "known broken: \(reason)"
    } else if promise?.byConstruction == true, found.answer == .kept, evidence.isLab {
        found.reason = "by construction: the lab's own settings decide it, only AWS can tell"
    }
    return Finding(
        expectation: expectation, answer: found.answer, measured: found.measured, figure: found.figure,
        reason: found.reason, doubt: doubt)
}

/// Promises that are said to be known broken, and were kept in all that was asked of them.
private func surprises(_ findings: [Finding], _ plan: Plan) -> [String] {
    (plan.system?.promises ?? []).compactMap { promise in
        let asked = findings.filter { $0.expectation.promise == promise.name }
        guard let reason = promise.knownBroken, !asked.isEmpty, asked.allSatisfy({ $0.answer == .kept })
        else {
            return nil
        }
        return
            "a surprise: \"\(promise.name)\" was kept, and the system file calls it known broken: \(reason)"
    }
}

/// What decides over the run as a whole, whatever its checks say.
private func wholeRun(_ recording: Recording) -> [(Answer, String)] {
    let run = recording.run
    var notes: [(Answer, String)] = []
    if let row = recording.seconds.first(where: { !$0.isConserved }) {
        notes.append((.unknown, "second \(row.second) does not add up: a bug in loadchaos, please report it"))
    }
    for fault in recording.faults {
        switch fault.state {
        case .notHealed:
            notes.append(
                (.notHealed, "\(fault.name) could not be healed: \(fault.problem ?? "no reason was given")"))
        case .journaled, .injected, .reverted:
            let words = "\(fault.name) was never seen healed; `loadchaos recover` undoes what is left"
            notes.append((run.ending == .open ? .unknown : .notHealed, words))
        case .planned where run.ending == .completed:
            notes.append((.unknown, "\(fault.name) was never injected"))
        case .skipped:
            notes.append((.unknown, "\(fault.name) was not injected: \(fault.problem ?? "skipped")"))
        case .planned, .healed: break
        }
    }
    let problem = run.problem.map { ": \($0)" } ?? ""
    switch run.ending {
    case .completed: break
    case .open: notes.append((.unknown, "the run has no recorded end: it goes on, or was killed"))
    case .interrupted: notes.append((.unknown, "the run was interrupted\(problem)"))
    // A stop condition is an answer in itself: the system did not stand what was planned.
    case .stopped: notes.append((.broken, "the run was stopped early\(problem)"))
    case .unreachable: notes.append((.unknown, "the target could not be reached\(problem)"))
    case .failed: notes.append((.unknown, "loadchaos itself failed\(problem)"))
    }
    return notes
}
