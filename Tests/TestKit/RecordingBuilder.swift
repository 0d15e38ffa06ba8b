package import History
package import Plan

/// Recordings for tests, said in a few words: a steady load, and what goes wrong in which seconds.
///
///     RecordingBuilder(seconds: 120, rate: 50)
///         .expecting("error rate < 1% when calm", .errorRate(.below(0.01)), .calm)
///         .fault("block zone a", at: 40, healed: 60)
///         .failing(40..<50, each: 5)
///         .recording
package struct RecordingBuilder {
    package var recording: Recording
    private let rate: Int

    /// `seconds` real seconds at `rate`, each request ok after about `latency`; the first `warmUp` are not judged.
    package init(
        seconds: Int, rate: Int = 50, warmUp: Int = 0, speed: Double = 1,
        latency: Nanoseconds = .milliseconds(20)
    ) {
        self.rate = rate
        let length = Nanoseconds.seconds(Double(seconds - warmUp)) * speed
        var phases = [Phase(.hold, startRate: Double(rate), endRate: Double(rate), duration: length)]
        if warmUp > 0 {
            let duration = Nanoseconds.seconds(Double(warmUp)) * speed
            phases.insert(
                Phase(.warmUp, startRate: Double(rate), endRate: Double(rate), duration: duration), at: 0)
        }
        let plan = Plan(
            name: "A test", load: .open(phases),
            requests: [
                Request(route: "GET /items", weight: 1, method: .get, path: Template(literal: "/items"))
            ],
            speed: speed)
        let run = RunRecord(
            id: "20261124-093000-a-test-x7k2", startedAt: "2026-11-24T09:30:00.000Z", plan: plan, seed: 7,
            command: "loadchaos run a-test.scn --seed 7", version: "0.1.0",
            environment: RunRecord.Environment(
                platform: "lab", targets: ["http://127.0.1.10:80"], labMode: "root", host: "test",
                kernel: "Linux 6",
                processors: 2),
            ending: .completed, loadEnded: .seconds(Double(seconds)))
        recording = Recording(run: run)
        recording.seconds = (0..<seconds).map { Self.row($0, planned: rate, latency: latency) }
        recording.generator = (0..<seconds).map { second in
            var row = GeneratorSecond(second: second, cpuFraction: 0.2, inFlight: 1, connections: 4)
            row.lateness.record(.microseconds(50), times: UInt32(rate))
            return row
        }
    }

    /// A second in which all goes well, latencies spread by ±10 %.
    private static func row(_ second: Int, planned: Int, latency: Nanoseconds) -> LoadSecond {
        var row = LoadSecond(second: second, route: 0)
        row.planned = UInt64(planned)
        row.sent = UInt64(planned)
        row.ok = UInt64(planned)
        var draw = Draw(seed: 1, run: "latencies", index: UInt64(second))
        for _ in 0..<planned {
            let time = latency * (0.9 + 0.2 * draw.unit())
            row.okLatency.record(time)
            row.okServiceTime.record(time - .microseconds(50))
        }
        return row
    }

    package func expecting(
        _ text: String, _ check: Expectation.Check, _ window: Window = .calm, promise: String? = nil
    ) -> Self {
        changed {
            $0.run.plan.expectations.append(.init(text: text, check: check, window: window, promise: promise))
        }
    }

    /// A fault that was injected, proved, reverted and healed. Times in real seconds; `healed` nil: still injected.
    package func fault(_ name: String, at: Double, healed: Double?, isProved: Bool = true) -> Self {
        changed { recording in
            let plan = recording.run.plan
            let index = plan.faults.count
            recording.run.plan.faults.append(
                PlannedFault(
                    name: name, fault: .blockZone("a"), at: plan.scenario(.seconds(at)),
                    duration: healed.map { plan.scenario(.seconds($0 - at)) }))
            var fault = FaultRecord(index: index, name: name, state: healed == nil ? .injected : .healed)
            fault.targets = ["subnet-1"]
            fault.injected = .seconds(at + 0.2)
            fault.effect = isProved ? .seconds(at + 0.5) : nil
            fault.effectProof = isProved ? "a connection to 10.0.11.4 timed out" : nil
            fault.reverted = healed.map { .seconds($0 - 0.5) }
            fault.healed = healed.map { .seconds($0) }
            fault.healedProof = healed == nil ? nil : "the network ACL of before is back"
            recording.faults.append(fault)
        }
    }

    /// `count` requests of each of these seconds fail.
    package func failing(_ seconds: Range<Int>, each count: Int, as failure: FailureClass = .connect) -> Self
    {
        remade(seconds) { row, ok in
            row.ok = UInt64(ok - count)
            row.failed = UInt64(count)
            for _ in 0..<count { row.failedLatency.record(.seconds(5)) }
            row.failures = [
                FailureCount(
                    failure: failure, node: "127.0.1.10", reusedConnection: false, status: 0,
                    count: row.failed)
            ]
        }
    }

    /// `count` requests of each of these seconds are dropped; by us or because answers did not come back.
    package func dropping(_ seconds: Range<Int>, each count: Int, byUs: Bool) -> Self {
        remade(seconds) { row, ok in
            row.ok = UInt64(ok - count)
            row.sent -= UInt64(count)
            row.dropped = UInt64(count)
            row.droppedByUs = byUs ? UInt64(count) : 0
        }
    }

    /// All requests of these seconds are ok, but take this long.
    package func slow(_ seconds: Range<Int>, _ latency: Nanoseconds) -> Self {
        changed { recording in
            for second in seconds {
                recording.seconds[second] = Self.row(second, planned: rate, latency: latency)
            }
        }
    }

    package func tasks(
        _ value: Double, _ service: String, at: Double, metric: PlatformSample.Metric = .desiredTasks,
        zone: String? = nil
    ) -> Self {
        changed {
            $0.platform.append(
                PlatformSample(at: .seconds(at), metric: metric, service: service, zone: zone, value: value))
        }
    }

    /// The system names these hops, and each ok answer tells their times; nil: none does.
    package func hops(_ hops: [(hop: System.Hop, time: Nanoseconds?)]) -> Self {
        changed { recording in
            recording.run.plan.system = recording.run.plan.system ?? Self.system
            recording.run.plan.system?.hops = hops.map(\.hop)
            for row in recording.seconds.indices {
                recording.seconds[row].hops = hops.map { _, time in
                    var times = LatencyHistogram()
                    if let time { times.record(time, times: UInt32(recording.seconds[row].ok)) }
                    return times
                }
            }
        }
    }

    /// CPU of a service, minute by minute of the scenario's clock: the first begins at the real second `from`.
    package func cpu(_ percents: [Double], _ service: String, from: Double = 0) -> Self {
        changed {
            let minute = $0.run.plan.real(.seconds(60))
            for (place, percent) in percents.enumerated() {
                $0.platform.append(
                    PlatformSample(
                        at: .seconds(from) + minute * Double(place + 1), metric: .cpuUtilization,
                        service: service,
                        value: percent))
            }
        }
    }

    /// The system file promises this.
    package func promising(
        _ name: String, knownBroken: String? = nil, byConstruction: Bool = false
    ) -> Self {
        changed { recording in
            var system = recording.run.plan.system ?? Self.system
            system.promises.append(
                .init(
                    name: name, source: "The document", expectations: [], knownBroken: knownBroken,
                    byConstruction: byConstruction))
            recording.run.plan.system = system
        }
    }

    private static let system = System(
        name: "shop", region: "r", zones: ["a", "b"], cluster: "c", balancer: "alb", balancedService: "nginx",
        services: [])

    package func write(
        _ answer: LedgerEntry.Answer, answeredAt: Double?, _ readBack: LedgerEntry.ReadBack
    ) -> Self {
        changed { recording in
            let index = UInt64(recording.ledger.count)
            recording.ledger.append(
                LedgerEntry(
                    index: index, route: 0, key: "key-\(index)", readPath: "/items/key-\(index)", body: "{}",
                    answer: answer, answeredAt: answeredAt.map { .seconds($0) }, readBack: readBack))
        }
    }

    package func changed(_ change: (inout Recording) -> Void) -> Self {
        var copy = self
        change(&copy.recording)
        return copy
    }

    /// Makes the rows anew with fewer ok requests, so that histograms and counts agree.
    private func remade(_ seconds: Range<Int>, _ change: (inout LoadSecond, Int) -> Void) -> Self {
        changed { recording in
            for second in seconds {
                var row = Self.row(second, planned: rate, latency: .milliseconds(20))
                change(&row, rate)
                let good = Self.row(second, planned: Int(row.ok), latency: .milliseconds(20))
                row.okLatency = good.okLatency
                row.okServiceTime = good.okServiceTime
                recording.seconds[second] = row
            }
        }
    }
}
