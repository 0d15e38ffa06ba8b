import History
import Plan
import TestKit
import Testing

@testable import Verdict

/// How expectations stand while a run goes on.
@Suite struct StandingTests {
    private func stands(_ load: RecordingBuilder, at now: Double) -> [Standing.State] {
        standings(RunSoFar(load.changed { $0.run.ending = .open }.recording), now: .seconds(now)).map(\.state)
    }

    private let p95 = Expectation.Check.latency(percentile: 95, .below(.milliseconds(100)))

    @Test func `before anything was measured all is pending`() {
        let load = RecordingBuilder(seconds: 60, warmUp: 10).expecting("p95", p95)
            .expecting("errors", .errorRate(.below(0.1)), .measured)
            .expecting("rate", .throughput(.above(10)), .measured)
        #expect(stands(load, at: -1) == [.pending, .pending, .pending])
        #expect(stands(load, at: 9) == [.pending, .pending, .pending])
        #expect(stands(load, at: 30) == [.holding, .holding, .holding])
    }

    @Test func `values decide, not their intervals`() {
        let load = RecordingBuilder(seconds: 60).expecting("p95", p95).slow(10..<30, .milliseconds(300))
        #expect(stands(load, at: 10) == [.holding] && stands(load, at: 40) == [.failing])
    }

    @Test func `a request that may still end well has not failed`() {
        var load = RecordingBuilder(seconds: 60).expecting("errors", .errorRate(.below(0.001)), .measured)
        load.recording.seconds[28].ok -= 5
        load.recording.seconds[28].unfinished = 5
        #expect(stands(load, at: 31) == [.holding] && stands(load, at: 58) == [.failing])
    }

    @Test func `a count that was wrong once stays wrong`() {
        let load = RecordingBuilder(seconds: 60)
            .expecting("tasks of web >= 2", .tasks(.desired, service: "web", .atLeast(2)), .measured)
            .tasks(2, "web", at: -1).tasks(1, "web", at: 20).tasks(2, "web", at: 25)
        #expect(stands(load, at: 15) == [.holding] && stands(load, at: 50) == [.broken])
    }

    @Test func `a recovery is pending until it has come, or can no longer come in time`() {
        let load = RecordingBuilder(seconds: 300)
            .expecting("recovery", .recovery(.below(.seconds(60))), .after(fault: "block"))
            .fault("block", at: 40, healed: 100).failing(40..<90, each: 5)
        #expect(stands(load, at: 30) == [.pending])
        let lasting = RecordingBuilder(seconds: 300)
            .expecting("recovery", .recovery(.below(.seconds(60))), .after(fault: "block"))
            .fault("block", at: 40, healed: 290).failing(40..<280, each: 5)
        #expect(stands(lasting, at: 200) == [.broken])
    }

    @Test func `what only the end can tell is pending`() {
        let load = RecordingBuilder(seconds: 60)
            .expecting("lost writes", .lostWrites(.equal(0)), .measured)
            .expecting("steps", .steps(service: "web", [2, 3]), .measured)
        #expect(stands(load, at: 50) == [.pending, .pending])
    }

    /// What a process keeps of a long run says the same as all of it.
    @Test func `old seconds count although only their sums are kept`() {
        let load = RecordingBuilder(seconds: 400, warmUp: 20)
            .expecting("p95 when calm", p95)
            .expecting("p50 during", .latency(percentile: 50, .below(.seconds(1))), .during(fault: "block"))
            .expecting("p99 after", .latency(percentile: 99, .below(.seconds(1))), .after(fault: "block"))
            .expecting("p99", .latency(percentile: 99, .below(.milliseconds(25))), .measured)
            .expecting("hop", .hop("a", percentile: 95, .below(.milliseconds(2))), .calm)
            .expecting("errors", .errorRate(.below(0.01)), .measured)
            .expecting("recovery", .recovery(.below(.seconds(60))), .after(fault: "block"))
            .fault("block", at: 100, healed: 160).slow(60..<70, .milliseconds(40)).failing(100..<150, each: 5)
            .hops([(System.Hop(name: "a", whole: "a"), .milliseconds(1))])
        let all = load.changed { $0.run.ending = .open }.recording
        var kept = RunSoFar(run: all.run)
        for second in 0..<400 {
            kept.add(
                [.load(all.seconds[second]), .generator(all.generator[second])]
                    + Self.faults(all, at: second).map { .fault($0) })
            if second % 10 == 9 { kept.addUp(windows(of: kept.seconds.overdue, in: kept)) }
            guard second % 13 == 12 else { continue }
            var whole = all
            whole.seconds.removeAll { $0.second > second }
            whole.generator.removeAll { $0.second > second }
            whole.faults = Self.faults(all, at: second)
            let now = Nanoseconds.seconds(Double(second + 1))
            #expect(standings(kept, now: now) == standings(RunSoFar(whole), now: now), "at \(now)")
        }
        #expect(kept.seconds.rows.count < 100 && kept.seconds.olderWindows.count == 4)
    }

    /// As they were known then.
    private static func faults(_ recording: Recording, at second: Int) -> [FaultRecord] {
        recording.faults.filter { ($0.injected ?? .zero).second <= second }.map { fault in
            var fault = fault
            if let healed = fault.healed, healed.second > second {
                (fault.state, fault.reverted, fault.healed) = (.injected, nil, nil)
            }
            return fault
        }
    }
}
