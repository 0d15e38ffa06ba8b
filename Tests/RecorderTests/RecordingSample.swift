import Foundation
import History
import Plan

/// A recording in which every field of every type has a value that differs from its default.
enum RecordingSample {
    static let plan = Plan(
        name: "An availability zone goes dark",
        load: .open([
            Phase(.warmUp, startRate: 20, endRate: 20, duration: .seconds(30)),
            Phase(.ramp, startRate: 20, endRate: 80, duration: .seconds(30)),
            Phase(.hold, startRate: 80, endRate: 80, duration: .seconds(540)),
        ]),
        requests: [
            Request(
                route: "GET /api/items/{int}", weight: 0.9, method: .get,
                path: Template([.literal("/api/items/"), .int(low: 1, high: 500)])),
            Request(
                route: "POST /api/items", weight: 0.1, method: .post, path: Template(literal: "/api/items"),
                headers: [.init(name: "X-Colour", value: Template([.oneOf(["red", "green"])]))],
                body: .init(
                    contentType: "application/json", template: Template([.literal("{"), .uuid, .seq])),
                expectedStatuses: [201],
                tracking: Tracking(readBack: Template([.literal("/api/items/"), .uuid])),
                timeout: .seconds(2), deadline: .seconds(3)),
        ],
        faults: [
            PlannedFault(
                name: "block zone ap-south-1a", fault: .blockZone("ap-south-1a"), at: .seconds(120),
                duration: .seconds(240)),
            PlannedFault(
                name: "kill 1 task", fault: .killTasks(count: 1, service: "flask", zone: nil),
                at: .seconds(400)),
            PlannedFault(name: "d", fault: .deploy(service: "flask", .unhealthy), at: .seconds(410)),
            PlannedFault(
                name: "h", fault: .hangTasks(count: 1, service: "flask", zone: "a"), at: .seconds(420),
                duration: .seconds(1)),
            PlannedFault(name: "f", fault: .failOverDatabase, at: .seconds(430)),
            PlannedFault(name: "z", fault: .loseZone("a"), at: .seconds(440), duration: .seconds(1)),
            PlannedFault(name: "s", fault: .loseService("flask"), at: .seconds(450), duration: .seconds(1)),
            PlannedFault(name: "i", fault: .interruptSpot(count: 2, service: "flask"), at: .seconds(460)),
            PlannedFault(name: "n", fault: .loseNAT(zone: nil), at: .seconds(470), duration: .seconds(1)),
            PlannedFault(
                name: "c", fault: .scale(service: "flask", tasks: 3), at: .seconds(480),
                duration: .seconds(1)),
        ],
        probes: [
            Probe(
                name: "speed", at: .seconds(60), place: .task(of: "flask", group: "sg-1"), command: "bench",
                timeout: .seconds(9)),
            Probe(name: "own", at: .seconds(70), place: .harness, command: "./check.sh \"a\""),
        ],
        expectations: [
            Expectation(
                text: "p95 latency < 100ms when calm",
                check: .latency(percentile: 95, .below(.milliseconds(100))),
                window: .calm, promise: "fast"),
            Expectation(text: "error rate < 0.5%", check: .errorRate(.below(0.005)), window: .measured),
            Expectation(
                text: "throughput", check: .throughput(.between(0.1, 1e9)),
                window: .during(fault: "kill 1 task")),
            Expectation(
                text: "recovery", check: .recovery(.atMost(.seconds(120))),
                window: .after(fault: "kill 1 task")),
            Expectation(
                text: "hop", check: .hop("a to b", percentile: 95, .below(.milliseconds(5))),
                window: .calm),
            Expectation(text: "lost", check: .lostWrites(.equal(0)), window: .measured),
            Expectation(text: "tasks", check: .tasks(.healthy, service: "flask", .atLeast(2)), window: .calm),
            Expectation(text: "speed", check: .probe("speed", .number(.above(5e4))), window: .measured),
            Expectation(text: "own", check: .probe("own", .fails), window: .measured),
        ],
        system: System(
            name: "shop", region: "ap-south-1", zones: ["a", "b"], cluster: "c", balancer: "alb",
            balancedService: "nginx",
            services: [
                .init(
                    name: "flask", tasks: 2...4, port: 5000, cpu: 512, memory: 1024, image: "i",
                    healthPath: "/health")
            ],
            hops: [
                .init(name: "a to b", whole: "a", part: "b", resolution: .milliseconds(1)),
                .init(name: "b to c", whole: "c"),
            ]),
        speed: 6, inFlightLimit: 900, windows: RecoveryWindows(window: .seconds(6), hold: .seconds(31)))

    static let run = RunRecord(
        id: "20261124-093000-az-failure-x7k2", startedAt: "2026-11-24T09:30:00.000Z", plan: plan,
        seed: .max - 1,
        command: "loadchaos run az.scn --seed 7", version: "0.1.0",
        environment: RunRecord.Environment(
            platform: "lab", targets: ["http://127.0.1.10", "http://127.0.2.10"], labMode: "rootless",
            labLimits: ["no cgroups"], host: "h", kernel: "Linux 6.1", processors: 2))

    static var ended: RunRecord {
        var run = run
        run.ending = .stopped
        run.problem = "error budget burnt"
        run.loadEnded = Nanoseconds(99_999_999_999)
        return run
    }

    static func row(_ second: Int, _ route: Int) -> LoadSecond {
        var row = LoadSecond(second: second, route: route, hops: 2)
        for index in 1...9 { row.hops[1].record(.microseconds(Int64(100 * index + route))) }
        (row.planned, row.sent, row.dropped, row.droppedByUs) = (20, 17, 3, 1)
        (row.ok, row.failed, row.unfinished) = (11, 4, 2)
        (row.newConnections, row.bytesReceived) = (5, 123_456_789_012)
        row.failures = [
            FailureCount(failure: .timeout, node: "127.0.1.10", reusedConnection: true, status: 0, count: 3),
            FailureCount(failure: .balancer5xx, node: "", reusedConnection: false, status: 503, count: 1),
        ]
        for index in 1...11 {
            row.okLatency.record(.milliseconds(Int64(index * (second + 2))))
            row.okServiceTime.record(.microseconds(Int64(index * 700)))
        }
        row.okLatency.record(Nanoseconds(-5))
        row.failedLatency.record(.seconds(5), times: 4)
        row.failedServiceTime.record(.seconds(4), times: 4)
        return row
    }

    static var recording: Recording {
        var fault = FaultRecord(
            index: 0, name: "block zone ap-south-1a", state: .notHealed,
            targets: ["subnet-1", "subnet-\"2\""])
        (fault.injected, fault.effect) = (.seconds(20.1), .seconds(20.7))
        (fault.reverted, fault.healed) = (.seconds(60), .seconds(61))
        (fault.effectProof, fault.healedProof) = ("timed out", "answers")
        fault.problem = "denied"
        var generator = GeneratorSecond(second: 3, cpuFraction: 0.123456789, inFlight: 7, connections: 8)
        generator.waitFraction = 0.0987654321
        generator.lateness.record(.microseconds(31))
        var probe = ProbeRecord(index: 0, name: "speed", place: "task 1a2b", started: .seconds(10))
        (probe.ended, probe.exitCode, probe.number) = (.seconds(11.5), 3, 84_604.25)
        (probe.numberLine, probe.output, probe.problem) = ("84604.25 per second", "a\nb", "cut")
        return Recording(
            run: ended, seconds: [row(0, 0), row(0, 1), row(1, 0), row(1, 1)],
            generator: [GeneratorSecond(second: 2), generator],
            events: [
                Event(at: .seconds(-2), kind: .phase, subject: "steady state", text: "asked"),
                Event(
                    at: .seconds(20), kind: .fault, subject: "block zone ap-south-1a",
                    text: "resolved 2 subnets"),
                Event(at: .seconds(20), kind: .warning, subject: "disk", text: "line\nbreak, \u{1F600}"),
            ],
            faults: [fault, FaultRecord(index: 1, name: "kill 1 task", state: .skipped)],
            platform: [
                PlatformSample(at: .seconds(-1), metric: .desiredTasks, service: "flask", value: 2),
                PlatformSample(
                    at: .seconds(5), metric: .healthyTasks, service: "flask", zone: "a", value: 1.5),
            ],
            ledger: [
                LedgerEntry(
                    index: 3, route: 1, key: "k", readPath: "/api/items/k", body: "{\"a\": 1}",
                    answer: .acknowledged,
                    answeredAt: .seconds(4), readBack: .absent),
                LedgerEntry(index: .max, route: 1, key: "l", readPath: "/l", body: ""),
            ],
            probes: [probe, ProbeRecord(index: 1, name: "own", started: .seconds(-1))])
    }

    /// As its writers would write it, in no special order.
    static var entries: [Entry] {
        let recording = recording
        return recording.ledger.map { .ledger($0) } + recording.seconds.reversed().map { .load($0) }
            + recording.generator.map { .generator($0) } + recording.events.map { .event($0) }
            + recording.faults.map { .fault($0) } + recording.probes.map { .probe($0) }
            + recording.platform.map { .platform($0) } + [
                .run(recording.run)
            ]
    }
}

/// A results folder of its own for one test, removed afterwards.
func withResults<Value>(_ body: (_ database: String) throws -> Value) throws -> Value {
    let folder = NSTemporaryDirectory() + "loadchaos-recorder-" + UUID().uuidString
    defer {
        // A folder that stays behind costs a temporary file, no evidence.
        try? FileManager.default.removeItem(atPath: folder)
    }
    return try body(folder + "/results/loadchaos.sqlite")
}
