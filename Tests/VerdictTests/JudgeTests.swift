import History
import Plan
import TestKit
import Testing

@testable import Verdict

@Suite struct JudgeTests {
    private let p95 = Expectation.Check.latency(percentile: 95, .below(.milliseconds(100)))

    private func finding(_ builder: RecordingBuilder) -> Finding { judge(builder.recording).findings[0] }

    // MARK: - Latency

    @Test func `a p95 well under its bound is kept, well over is broken, and near it is unknown`() {
        // 20 ms ± 10 % each.
        let fast = RecordingBuilder(seconds: 60).expecting("p95", p95)
        #expect(finding(fast).answer == .kept)
        #expect(finding(fast).figure?.count == 3_000)
        #expect(finding(fast.slow(0..<60, .milliseconds(200))).answer == .broken)
        // 5 % of the seconds are slow: the p95 may lie on either side.
        let near = fast.slow(0..<1, .milliseconds(200)).slow(30..<31, .milliseconds(200)).slow(
            50..<51, .milliseconds(200))
        #expect(finding(near).answer == .unknown)
    }

    @Test func `quick failures do not improve a percentile`() {
        let builder = RecordingBuilder(seconds: 60).expecting("p95", p95).failing(0..<60, each: 10)
        #expect(finding(builder).answer == .broken)
        #expect(finding(builder).measured == "p95 never (95% interval never to never, n 3,000)")
        #expect(finding(builder).figure?.value == nil)
    }

    @Test func `no data is unknown and so are too few requests or seconds`() {
        let empty = RecordingBuilder(seconds: 60).expecting("p95", p95).changed { $0.seconds = [] }
        #expect(finding(empty).answer == .unknown)
        #expect(finding(empty).reason == "no request in this window")
        let few = RecordingBuilder(seconds: 60, rate: 1).expecting("p95", p95)
        #expect(finding(few).answer == .unknown, "60 requests cannot bound a p95: 72 are needed")
        let short = RecordingBuilder(seconds: 3).expecting("p95", p95)
        #expect(finding(short).reason == "3 seconds of data are too few for an interval")
    }

    @Test func `the warm-up is not judged`() {
        let builder = RecordingBuilder(seconds: 60, warmUp: 10).expecting("p95", p95, .measured)
            .failing(0..<10, each: 50)
        #expect(finding(builder).answer == .kept)
        #expect(judge(builder.recording).measuredSeconds == 50)
    }

    // MARK: - Error rate

    @Test(arguments: [
        // 50/s for 60 s: 3,000 requests. Clopper-Pearson: 0 of 3,000 is under 0.123 %.
        (failed: 0, bound: 0.005, answer: Answer.kept), (failed: 0, bound: 0.001, answer: .unknown),
        // 6 of 3,000 = 0.2 %, interval 0.07 % to 0.43 %.
        (failed: 6, bound: 0.005, answer: .kept), (failed: 6, bound: 0.003, answer: .unknown),
        (failed: 6, bound: 0.0005, answer: .broken),
    ])
    func `an error rate is judged by its interval`(row: (failed: Int, bound: Double, answer: Answer)) {
        let builder = RecordingBuilder(seconds: 60)
            .expecting("error rate", .errorRate(.below(row.bound)), .measured)
            .failing(0..<row.failed, each: 1)
        #expect(finding(builder).answer == row.answer)
    }

    @Test func `drops are errors, but not those of our own`() {
        let check = Expectation.Check.errorRate(.below(0.01))
        let load = RecordingBuilder(seconds: 60).expecting("error rate", check, .measured)
        #expect(finding(load.dropping(0..<60, each: 5, byUs: false)).answer == .broken)
        let ours = finding(load.dropping(0..<60, each: 5, byUs: true))
        #expect(ours.answer == .unknown)
        #expect(
            ours.reason == "the generator offered 90% of the planned requests, under 99%: "
                + "300 of 3,000 are missing for reasons of its own")
        #expect(ours.measured.hasPrefix("0% "))
    }

    @Test func `requests of users do not make up for those of a rate that are missing`() {
        let check = Expectation.Check.errorRate(.below(0.01))
        let found = finding(
            RecordingBuilder(seconds: 60).expecting("error rate", check, .measured).changed { recording in
                // 60/s were planned, 50/s sent; ten a second came from users beside them.
                recording.run.plan.streams = [
                    Stream(
                        load: .open([
                            Phase(.hold, startRate: 60, endRate: 60, duration: recording.run.plan.duration)
                        ]), requestCount: 1),
                    Stream(load: .closed(users: 10, duration: recording.run.plan.duration), requestCount: 1),
                ]
                recording.run.plan.requests.append(recording.run.plan.requests[0])
                for second in 0..<60 {
                    var row = LoadSecond(second: second, route: 1)
                    (row.planned, row.sent, row.ok) = (10, 10, 10)
                    recording.seconds.append(row)
                }
            })
        #expect(found.answer == .unknown)
        #expect(
            found.reason.hasPrefix(
                "the generator offered 85.71% of the planned requests, under 99%: 600 of 4,200"))
    }

    /// Answers that a generator without a core reads too late have failed by its own clock.
    @Test func `errors that a busy generator can have made are unknown, others are broken`() {
        func load(_ failure: FailureClass, each count: Int, cpu: Double = 0.2, wait: Double = 0)
            -> RecordingBuilder
        {
            RecordingBuilder(seconds: 60).expecting("errors", .errorRate(.below(0.01)), .measured)
                .failing(0..<60, each: count, as: failure).changed { recording in
                    for second in recording.generator.indices {
                        recording.generator[second].cpuFraction = cpu
                        recording.generator[second].waitFraction = wait
                    }
                }
        }
        #expect(finding(load(.timeout, each: 5)).answer == .broken)
        #expect(finding(load(.timeout, each: 5, cpu: 0.97)).answer == .unknown)
        #expect(finding(load(.timeout, each: 5, cpu: 0.97)).reason.contains("used 97% of a core"))
        #expect(finding(load(.application5xx, each: 5, cpu: 0.97)).answer == .broken)
        // 12 % of the requests can have been touched: 5 of 50 are fewer, 10 are more.
        #expect(finding(load(.timeout, each: 5, wait: 0.06)).answer == .unknown)
        #expect(finding(load(.timeout, each: 10, wait: 0.06)).answer == .broken)
    }

    // MARK: - Throughput

    @Test func `throughput counts ok answers per second`() {
        let load = RecordingBuilder(seconds: 60).expecting("throughput", .throughput(.above(45)), .measured)
        #expect(finding(load).measured == "50/s (95% interval 50/s to 50/s, 60 seconds)")
        #expect(finding(load).answer == .kept)
        #expect(finding(load.failing(0..<60, each: 10)).answer == .broken)
        #expect(finding(load.dropping(0..<60, each: 10, byUs: true)).answer == .unknown, "our own doing")
    }

    // MARK: - Lost writes

    private func writes(fault: Bool = true) -> RecordingBuilder {
        var load = RecordingBuilder(seconds: 200).expecting("lost writes", .lostWrites(.equal(0)), .measured)
        if fault { load = load.fault("block", at: 40, healed: 80).failing(45..<50, each: 3) }
        for second in 0..<200 { load = load.write(.acknowledged, answeredAt: Double(second) + 0.5, .present) }
        return load
    }

    @Test func `writes that are all there are kept when some were at risk`() {
        let found = finding(writes())
        #expect(found.answer == .kept)
        // Acknowledged at 43.5 and 44.5: within 2 s before the first bad second, 45.
        #expect(found.measured == "0 of 200 acknowledged writes lost, 2 at risk")
    }

    @Test(arguments: [
        (LedgerEntry.Answer.acknowledged, LedgerEntry.ReadBack.absent, Answer.broken),  // lost
        (.acknowledged, .corrupt, .broken),
        (.acknowledged, .duplicate, .broken),
        (.acknowledged, .notRead, .unknown),
        (.failed, .present, .broken),  // phantom
        (.dropped, .present, .broken),
        (.failed, .absent, .kept),
        (.indeterminate, .present, .kept),
        (.indeterminate, .absent, .kept),
        (.intended, .present, .kept),
        (.indeterminate, .duplicate, .broken),
    ])
    func `each pair of answer and reading has its meaning`(
        answer: LedgerEntry.Answer, reading: LedgerEntry.ReadBack, expected: Answer
    ) {
        #expect(finding(writes().write(answer, answeredAt: 44.2, reading)).answer == expected)
    }

    @Test func `a loss before a survivor is a hole`() {
        let found = finding(writes().write(.acknowledged, answeredAt: 44.2, .absent))
        #expect(found.reason == "1 lost, 1 hole: lost although a later write survived")
        let tail = finding(writes().write(.acknowledged, answeredAt: 250, .absent))
        #expect(tail.reason == "1 lost")
    }

    @Test func `nothing at risk is unknown only where there is a fault`() {
        let quiet = writes().changed {
            $0.ledger.removeAll { (43..<45).contains($0.answeredAt?.second ?? 0) }
        }
        #expect(finding(quiet).answer == .unknown)
        #expect(finding(writes(fault: false)).answer == .kept)
        let none = RecordingBuilder(seconds: 60).expecting("lost writes", .lostWrites(.equal(0)), .measured)
        #expect(finding(none).reason == "no write was tracked")
    }

    @Test func `without a bad second those before the injection were at risk`() {
        let unharmed = writes().slow(45..<50, .milliseconds(20))
        #expect(finding(unharmed).measured == "0 of 200 acknowledged writes lost, 2 at risk")
    }

    // MARK: - Tasks

    @Test func `only a rollback that the platform begins in the window counts`() {
        let load = RecordingBuilder(seconds: 120)
            .expecting("rolled back", .rolledBack(service: "flask"), .after(fault: "deploy"))
            .fault("deploy", at: 40, healed: 80)
        #expect(finding(load).reason == "nothing was observed of flask")
        let watched = load.tasks(2, "flask", at: -1)
        #expect(finding(watched).answer == .broken)
        let early = watched.tasks(1, "flask", at: -1, metric: .rollbacks)
        #expect(finding(early).answer == .broken)
        #expect(finding(early.tasks(2, "flask", at: 60, metric: .rollbacks)).answer == .kept)
        let once = watched.tasks(1, "flask", at: 60, metric: .rollbacks)
        #expect(finding(once).measured == "flask was rolled back after 20s")
        #expect(finding(watched.tasks(1, "nginx", at: 60, metric: .rollbacks)).answer == .broken)
    }

    @Test func `tasks must hold at every moment`() {
        let between = Expectation.Check.tasks(.desired, service: "flask", .between(2, 4))
        let load = RecordingBuilder(seconds: 60).expecting("tasks", between, .measured)
        #expect(finding(load).reason == "nothing was observed of tasks")
        let steady = load.tasks(2, "flask", at: -1)
        #expect(finding(steady).answer == .kept)
        #expect(finding(steady.tasks(4, "flask", at: 20)).measured == "flask 2 to 4")
        let dip = steady.tasks(1, "flask", at: 20).tasks(2, "flask", at: 21)
        #expect(finding(dip).answer == .broken)
        #expect(finding(dip).reason == "flask had 1 at 20s")
        let late = load.tasks(2, "flask", at: 10)
        #expect(finding(late).answer == .unknown)
    }

    @Test func `zones are added up where only zones were observed`() {
        let load = RecordingBuilder(seconds: 60)
            .expecting("healthy", .tasks(.healthy, service: "flask", .atLeast(2)), .measured)
            .tasks(0, "flask", at: -2, metric: .healthyTasks, zone: "a")
            .tasks(2, "flask", at: -1, metric: .healthyTasks, zone: "b")
        #expect(finding(load).answer == .kept)
        #expect(finding(load.tasks(1, "flask", at: 9, metric: .healthyTasks, zone: "b")).answer == .broken)
    }

    // MARK: - Faults, steady state, ending

    @Test func `how a run ended bounds what it can say`() {
        let load = RecordingBuilder(seconds: 60).expecting("p95", p95)
        func answer(_ ending: RunRecord.Ending) -> Answer {
            judge(load.changed { $0.run.ending = ending }.recording).answer
        }
        #expect(answer(.completed) == .kept)
        #expect(answer(.open) == .unknown)
        #expect(answer(.interrupted) == .unknown)
        #expect(answer(.stopped) == .broken)
        #expect(answer(.unreachable) == .unknown)
        #expect(answer(.failed) == .unknown)
        let broken = load.slow(0..<60, .milliseconds(200)).changed { $0.run.ending = .interrupted }
        #expect(judge(broken.recording).answer == .broken, "what is broken stays so")
    }

    @Test func `a fault that was not healed outweighs everything`() {
        let load = RecordingBuilder(seconds: 200).expecting("p95", p95).fault("block", at: 40, healed: nil)
        #expect(judge(load.recording).answer == .notHealed)
        let known = load.changed { recording in
            recording.faults[0].state = .notHealed
            recording.faults[0].problem = "ReplaceNetworkAclAssociation was denied"
        }
        #expect(
            judge(known.recording).notes == [
                "block could not be healed: ReplaceNetworkAclAssociation was denied"
            ])
        #expect(
            judge(load.changed { $0.run.ending = .open }.recording).answer == .unknown, "killed: who knows")
    }

    @Test func `steady state is told by point values and judged broken when the fault was held back`() {
        // One bad request of 50 in a second: 0.08 % over 60 s, with an interval up to 0.2 %.
        let load = RecordingBuilder(seconds: 60).expecting("error rate", .errorRate(.below(0.001)))
            .failing(3..<7, each: 1)
        #expect(steadyState(load.recording).map(\.expectation.text) == ["error rate"])
        #expect(judge(load.recording).findings[0].answer == .unknown)
        let stopped = load.changed { recording in
            recording.run.plan.faults = [
                PlannedFault(name: "block", fault: .blockZone("a"), at: .seconds(60))
            ]
            recording.faults = [FaultRecord(index: 0, name: "block", state: .skipped)]
            recording.run.ending = .stopped
        }
        #expect(judge(stopped.recording).findings[0].answer == .broken)
        #expect(judge(stopped.recording).answer == .broken)
    }

    @Test(arguments: [
        (110, true),  // p95 120 ms, 30 ms late: 90 ms without us, under the bound of 100 ms
        (200, false),  // p95 219 ms: 189 ms without us: the system's own
    ])
    func `only a miss that our lateness can explain is no reason to hold a fault back`(ms: Int, isOurs: Bool)
    {
        let slow = RecordingBuilder(seconds: 60).expecting("p95 latency", p95)
            .slow(0..<60, .milliseconds(Int64(ms)))
        #expect(steadyState(slow.recording).map(\.expectation.text) == ["p95 latency"])
        let late = slow.changed { recording in
            for second in recording.generator.indices {
                recording.generator[second].lateness.record(.milliseconds(30), times: 5)
            }
        }
        #expect(steadyState(late.recording).isEmpty == isOurs)
    }

    @Test func `open requests do not spoil the steady state`() {
        let load = RecordingBuilder(seconds: 60).expecting("error rate", .errorRate(.below(0.001)))
            .changed { recording in
                recording.run.ending = .open
                recording.run.loadEnded = nil
                recording.seconds[59].ok -= 4
                recording.seconds[59].unfinished = 4
            }
        #expect(steadyState(load.recording).isEmpty)
        let old = load.changed { recording in
            recording.seconds[20].ok -= 4
            recording.seconds[20].unfinished = 4
        }
        #expect(!steadyState(old.recording).isEmpty, "no deadline is 40 s long")
    }

    @Test func `checks about a skipped fault are unknown`() {
        let load = RecordingBuilder(seconds: 60).expecting("p95", p95, .during(fault: "block")).changed {
            recording in
            recording.run.plan.faults = [
                PlannedFault(name: "block", fault: .blockZone("a"), at: .seconds(20))
            ]
            var fault = FaultRecord(index: 0, name: "block", state: .skipped)
            fault.problem = "no subnet has the tag"
            recording.faults = [fault]
        }
        #expect(judge(load.recording).findings[0].answer == .unknown)
        #expect(
            judge(load.recording).findings[0].reason.hasPrefix(
                "\"block\" was not injected: no subnet has the tag"))
    }

    @Test func `judging twice gives the same verdict`() {
        let load = RecordingBuilder(seconds: 200).expecting("p95", p95).expecting(
            "p99", .latency(percentile: 99, .below(.milliseconds(30)))
        )
        .fault("block", at: 40, healed: 80).failing(41..<60, each: 7)
        #expect(judge(load.recording) == judge(load.recording))
    }

    @Test func `nothing expected is kept, and it is said`() {
        let verdict = judge(RecordingBuilder(seconds: 10).recording)
        #expect(verdict.answer == .kept)
        #expect(verdict.notes == ["nothing is expected, so nothing can be broken"])
    }
}
