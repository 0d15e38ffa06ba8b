import History
import Plan
import TestKit
import Testing

@testable import Verdict

/// How expectations stand while a run goes on.
@Suite struct StandingTests {
    private func stands(_ load: RecordingBuilder, at now: Double) -> [Standing.State] {
        standings(load.changed { $0.run.ending = .open }.recording, now: .seconds(now)).map(\.state)
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
}
