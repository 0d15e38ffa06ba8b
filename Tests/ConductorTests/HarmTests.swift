import Conductor
import History
import Plan
import TestKit
import Testing

/// What counts as felt by clients.
@Suite struct HarmTests {
    private let calm = RecordingBuilder(seconds: 60, rate: 50)

    @Test func `requests that fail after a while in which none did are harm`() {
        let recording = calm.failing(40..<43, each: 2).recording
        #expect(
            Harm.seen(recording, since: 40, now: 42) == "6 of 150 requests failed, none in the 5 s before")
        #expect(Harm.seen(recording, since: 30, now: 35) == nil)
        #expect(Harm.seen(recording, since: 43, now: 44) == nil, "they failed before as well")
    }

    @Test func `requests that this machine could not send are no harm`() {
        #expect(Harm.seen(calm.dropping(40..<43, each: 2, byUs: true).recording, since: 40, now: 42) == nil)
        let theirs = calm.dropping(40..<43, each: 2, byUs: false).recording
        #expect(
            Harm.seen(theirs, since: 40, now: 42) == "6 of 150 requests failed, none in the 5 s before")
    }

    @Test func `a median that has doubled is harm, and a few slow requests are none`() throws {
        let slow = calm.slow(40..<50, .milliseconds(120)).recording
        let words = try #require(Harm.seen(slow, since: 40, now: 43))
        #expect(
            words.hasPrefix("the median latency is 1") && words.hasSuffix("in the 5 s before"), "\(words)")
        let once = calm.slow(40..<41, .milliseconds(120)).recording
        #expect(Harm.seen(once, since: 40, now: 45) == nil)
        let little = calm.slow(40..<50, .milliseconds(35)).recording
        #expect(Harm.seen(little, since: 40, now: 45) == nil, "not doubled")
        let fast = RecordingBuilder(seconds: 60, rate: 50, latency: .milliseconds(1))
            .slow(40..<50, .milliseconds(4)).recording
        #expect(Harm.seen(fast, since: 40, now: 45) == nil, "by 3 ms: a busy machine does that")
    }

    @Test func `some that are slow again and again are harm, and one moment's stall is none`() throws {
        func slow(_ seconds: Range<Int>) -> Recording {
            calm.changed { recording in
                for second in seconds { recording.seconds[second].okLatency.record(.milliseconds(300)) }
            }.recording
        }
        #expect(Harm.seen(slow(40..<42), since: 40, now: 45) == nil)
        let words = try #require(Harm.seen(slow(40..<44), since: 40, now: 45))
        #expect(words.hasPrefix("requests take longer than 9") && words.contains("in 4 seconds"), "\(words)")
    }

    @Test func `answers that tell no more of the hop that is cut are harm, and of another hop are none`()
        throws
    {
        func cut(from dependency: Fault.Dependency, told seconds: Range<Int>) -> Recording {
            calm.changed { recording in
                recording.run.plan.system = System(
                    name: "s", region: "r", zones: [], cluster: "c", balancer: "b", balancedService: "a",
                    services: [], hops: [System.Hop(name: "app to redis", whole: "redis")])
                recording.run.plan.faults = [
                    PlannedFault(
                        name: "cut", fault: .cut(service: "app", from: dependency), at: .seconds(40),
                        duration: .seconds(10))
                ]
                var fault = FaultRecord(index: 0, name: "cut", state: .injected)
                fault.injected = .seconds(40.2)
                recording.faults = [fault]
                for second in seconds {
                    recording.seconds[second].hops = [LatencyHistogram()]
                    recording.seconds[second].hops[0].record(.milliseconds(1), times: 30)
                }
            }.recording
        }
        let recording = cut(from: .service("redis"), told: 0..<41)
        let words = try #require(Harm.seen(recording, since: 40, now: 44))
        #expect(words == "30 of 250 answers tell of app to redis, and 150 of 250 did in the 5 s before")
        #expect(Harm.seen(recording, since: 40, now: 40) == nil, "one second is told of as ever")
        #expect(Harm.seen(cut(from: .service("redis"), told: 0..<60), since: 40, now: 44) == nil)
        #expect(Harm.seen(cut(from: .database, told: 0..<41), since: 40, now: 44) == nil)
    }

    @Test func `too few requests prove nothing`() {
        let sparse = RecordingBuilder(seconds: 60, rate: 2).slow(40..<50, .milliseconds(500)).recording
        #expect(Harm.seen(sparse, since: 40, now: 42) == nil)
    }
}
