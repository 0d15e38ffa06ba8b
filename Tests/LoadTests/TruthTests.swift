import Foundation
import History
import Load
import Plan
import TestKit
import Testing

/// What is reported is what arithmetic says, on a server whose latency is known.
///
/// In real time, as the send path is what is looked at. A busy machine can only make requests slower, so the lower bound
/// is exact (but for a histogram's bucket); the upper one has room, and more where the generator says it was late.
@Suite(.serialized) struct TruthTests {
    /// A bucket is 1/256 wide.
    private static let bucket = 1.0 / 256

    private static func room(_ play: Play) -> Nanoseconds {
        var lateness = LatencyHistogram()
        for case .generator(let second) in play.history.entries { lateness.merge(second.lateness) }
        return .milliseconds(80) + (lateness.value(atPercentile: 99.9) ?? .zero) * 4
    }

    private static func serve(_ change: (inout TruthServer.Truth) -> Void) throws -> TruthServer {
        var truth = TruthServer.Truth()
        change(&truth)
        return try TruthServer(truth)
    }

    /// The earliest a request due at `due` can be done.
    private static func latency(
        _ due: Nanoseconds, _ delay: Nanoseconds, _ stalls: [Range<Nanoseconds>]
    ) -> Nanoseconds {
        func awake(_ time: Nanoseconds) -> Nanoseconds {
            stalls.first { $0.contains(time) }?.upperBound ?? time
        }
        return awake(awake(due) + delay) - due
    }

    private static func merged(_ rows: [LoadSecond], _ histogram: (LoadSecond) -> LatencyHistogram)
        -> LatencyHistogram
    {
        rows.reduce(into: LatencyHistogram()) { $0.merge(histogram($1)) }
    }

    @Test(arguments: [Arrivals.even, .poisson])
    func `a server that stops makes as many wait as come, and so long`(_ arrivals: Arrivals) async throws {
        let server = try Self.serve {
            $0.stall = .milliseconds(300)
            $0.every = .seconds(1)
        }
        defer { server.stop() }
        let origin = TruthServer.now
        let load = Play.hold(500, for: 3)
        let play = try await Play.run(load, port: server.port, origin: origin, arrivals: arrivals)
        #expect(play.summary.ok == play.summary.planned && play.summary.dropped == 0)
        let schedule = try #require(
            Plan(name: "", load: load, requests: [], arrivals: arrivals).schedules(seed: 1)[0])
        let stalls = server.record.stalls
        let exact = (0..<schedule.count).compactMap(schedule.due).map {
            Self.latency(origin + $0, .zero, stalls)
        }.sorted()
        let recorded = Self.merged(play.rows, \.okLatency)
        #expect(recorded.total == UInt64(exact.count))
        for percentile in [75.0, 90, 95, 99] {
            let truth = exact[Int((percentile / 100 * Double(exact.count)).rounded(.up)) - 1]
            let value = try #require(recorded.value(atPercentile: percentile))
            #expect(value.inSeconds >= truth.inSeconds * (1 - Self.bucket), "p\(percentile)")
            #expect(value <= truth + Self.room(play), "p\(percentile)")
        }
        // Three tenths of them had to wait. Who times from sending sees it as well: the server was sent to all the same.
        #expect(try #require(recorded.value(atPercentile: 95)) > .milliseconds(200))
    }

    @Test func `users on a server with a delay get as much as fits, and wait so long`() async throws {
        let server = try Self.serve { $0.delay = .milliseconds(20) }
        defer { server.stop() }
        let play = try await Play.run(.closed(users: 5, duration: .seconds(1)), port: server.port)
        let recorded = Self.merged(play.rows, \.okLatency)
        let fastest = try #require(recorded.value(atPercentile: 0.01))
        #expect(fastest.inMilliseconds >= 20 * (1 - Self.bucket))
        // Each user: at most one every 20 ms, and one that is in flight at the end.
        #expect(play.summary.ok <= 5 * (1000 / 20 + 1) && play.summary.ok >= 5)
        #expect(play.summary.ok == UInt64(server.record.answered))
    }

    @Test func `an answer in drips has come when its last byte has`() async throws {
        let server = try Self.serve {
            $0.delay = .milliseconds(10)
            $0.pieces = 8
        }
        defer { server.stop() }
        let play = try await Play.run(Play.hold(100, for: 0.5), port: server.port)
        #expect(play.summary.ok == 50)
        let recorded = Self.merged(play.rows, \.okLatency)
        #expect(try #require(recorded.value(atPercentile: 1)).inMilliseconds >= 80 * (1 - Self.bucket))
        #expect(try #require(recorded.value(atPercentile: 50)) <= .milliseconds(80) + Self.room(play))
    }

    @Test func `resets fail the requests they hit, in their second, and no other`() async throws {
        let origin = TruthServer.now
        let server = try Self.serve { $0.resets = .seconds(1)..<(.seconds(2)) }
        defer { server.stop() }
        let play = try await Play.run(Play.hold(200, for: 3), port: server.port, origin: origin)
        let resets = server.record.resets
        #expect(play.summary.failed == UInt64(resets.count) && resets.count > 20)
        let failures = play.rows.flatMap(\.failures)
        #expect(failures.allSatisfy { $0.failure == .reset || $0.failure == .reusedReset })
        let first = play.rows.first { $0.failed > 0 }?.second
        let last = play.rows.last { $0.failed > 0 }?.second
        // Due no later than read: the server's own times say which seconds it can be at the latest.
        #expect(try #require(last) <= (try #require(resets.max()) - origin).second)
        #expect(try #require(first) <= (try #require(resets.min()) - origin).second)
    }
}
