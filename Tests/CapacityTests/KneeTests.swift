import Capacity
import Testing

/// What the stages of one number of tasks come to.
@Suite struct KneeTests {
    @Test func `a knee lies between what was met and what was missed`() {
        let knee = Knee(
            tasks: 2,
            stages: [
                Shop.stage(2, 100, .met), Shop.stage(2, 200, .missed), Shop.stage(2, 141, .met),
                Shop.stage(2, 168, .missed), Shop.stage(2, 141, .met, seconds: 40),
                Shop.stage(2, 168, .missed),
            ])
        #expect(knee.rate == Interval(141, 168) && knee.doubt == nil)
        #expect(knee.atMet?.seconds == 40 && knee.atMissed?.rate == 168 && knee.lightest?.rate == 100)
    }

    @Test(arguments: [
        (
            [Shop.stage(2, 100, .met), Shop.stage(2, 200, .generator("late"))],
            "100/s was carried; at 200/s the generator was the limit: late"
        ),
        ([Shop.stage(2, 100, .invalid("2 tasks ran"))], "at 100/s: 2 tasks ran"),
        (
            [Shop.stage(2, 100, .met), Shop.stage(2, 200, .met)],
            "200/s was carried, and nothing larger was played"
        ),
        ([Shop.stage(2, 100, .missed), Shop.stage(2, 50, .missed)], "no rate was met, down to 50/s"),
    ])
    func `without a knee it says why`(_ stages: [Stage], _ words: String) {
        let knee = Knee(tasks: 2, stages: stages)
        #expect(knee.rate == nil && knee.doubt == words)
    }

    @Test func `stages are sorted by number of tasks`() {
        let knees = Knee.all([Shop.stage(3, 1, .met), Shop.stage(2, 1, .met), Shop.stage(3, 2, .missed)])
        #expect(knees.map(\.tasks) == [2, 3] && knees.map(\.stages.count) == [1, 2])
    }

    // MARK: Bottlenecks

    private func knee(light: Stage, loaded: Stage) -> Knee { Knee(tasks: 2, stages: [light, loaded]) }

    @Test func `a CPU that is used up is the bottleneck`() {
        let knee = knee(
            light: Shop.stage(2, 100, .met, cpu: ["web": 0.4, "db": 0.1]),
            loaded: Shop.stage(2, 200, .missed, p95: nil, cpu: ["web": 0.97, "db": 0.86]))
        #expect(Bottleneck.find(knee) == .cpu(service: "web", used: 0.97))
    }

    @Test func `else the hop that has become as slow as the whole has, if only in a few bad seconds`() {
        let knee = knee(
            light: Shop.stage(
                2, 100, .met, p99: 20, cpu: ["web": 0.4],
                hops: [.init(name: "web to db", p95: 1, p99: 2), .init(name: "web to cache", p95: 1, p99: 1)]),
            loaded: Shop.stage(
                2, 200, .missed, p99: 220, cpu: ["web": 0.6],
                hops: [
                    .init(name: "web to db", p95: 1, p99: 180), .init(name: "web to cache", p95: 3, p99: 3),
                ]))
        #expect(Bottleneck.find(knee) == .hop("web to db", light: 2, loaded: 180))
    }

    @Test func `a queue before a service whose threads all wait further in is laid to what they wait for`() {
        func hops(_ front: Double, _ database: Double, _ cache: Double) -> [Stage.Hop] {
            [("front to web", front), ("web to db", database), ("web to cache", cache)]
                .map { .init(name: $0.0, p95: $0.1, p99: $0.1) }
        }
        let waiting = knee(
            light: Shop.stage(2, 40, .met, p99: 46, hops: hops(2, 43, 1)),
            loaded: Shop.stage(2, 48, .missed, p99: 1800, hops: hops(1400, 353, 1.5)))
        #expect(Bottleneck.find(waiting) == .hop("web to db", light: 43, loaded: 353))
        let idle = knee(
            light: Shop.stage(2, 40, .met, p99: 46, hops: hops(2, 43, 1)),
            loaded: Shop.stage(2, 48, .missed, p99: 1800, hops: hops(1400, 50, 1.5)))
        #expect(Bottleneck.find(idle) == .hop("front to web", light: 2, loaded: 1400))
    }

    @Test func `a hop that has grown by little explains nothing`() {
        let knee = knee(
            light: Shop.stage(2, 100, .met, p99: 20, hops: [.init(name: "web to db", p95: 2, p99: 2)]),
            loaded: Shop.stage(2, 200, .missed, p99: 220, hops: [.init(name: "web to db", p95: 12, p99: 12)]))
        guard case .unknown = Bottleneck.find(knee) else {
            Issue.record("\(Bottleneck.find(knee))")
            return
        }
    }

    @Test func `one side of a knee names none`() {
        #expect(
            Bottleneck.find(Knee(tasks: 2, stages: [Shop.stage(2, 100, .met)]))
                == .unknown("there is no stage on both sides of the knee"))
    }
}
