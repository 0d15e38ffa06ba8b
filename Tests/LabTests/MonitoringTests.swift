import Testing

@testable import Lab

/// Metrics, alarms and policies as pure values.
@Suite struct MonitoringTests {
    private static let metric = MetricID("N", "CPU", [("Service", "a")])

    private func store(_ values: [Double?]) -> MetricStore {
        var store = MetricStore()
        for (minute, value) in values.enumerated() {
            if let value { store.add(value, to: Self.metric, unit: "Percent", minute: minute) }
        }
        return store
    }

    // MARK: Metrics

    @Test func `a period's statistics are those of all samples in it`() {
        var store = store([10, 20, 60, nil, 40])
        store.add(30, to: Self.metric, unit: "Percent", minute: 4)
        let points = store.points(of: Self.metric, in: 0..<10, period: 2)
        #expect(points.map(\.minute) == [0, 2, 4])
        #expect(points.map { $0.set[.average] } == [15, 60, 35])
        #expect(points.map { $0.set[.maximum] } == [20, 60, 40])
        #expect(points.map { $0.set[.minimum] } == [10, 60, 30])
        #expect(points.map { $0.set[.sum] } == [30, 60, 70])
        #expect(points.map { $0.set[.sampleCount] } == [2, 1, 2])
        #expect(store.points(of: Self.metric, in: 1..<3).map(\.minute) == [1, 2])
    }

    @Test func `the store is bounded in minutes and in metrics`() {
        var store = MetricStore()
        for minute in 0..<(MetricStore.minutesKept + 5) {
            store.add(1, to: Self.metric, unit: "None", minute: minute)
        }
        #expect(store.points(of: Self.metric, in: 0..<10_000).map(\.minute).first == 5)
        for number in 0..<(MetricStore.seriesMax + 5) {
            store.add(1, to: MetricID("N", "m\(number)", []), unit: "None", minute: 0)
        }
        #expect(store.metrics.count == MetricStore.seriesMax)
    }

    @Test func `a CPU meter weighs the time with the quota that held in it`() {
        let start = ContinuousClock.now
        var meter = CPUMeter(usage: 5, at: start)
        meter.advance(to: 5.5, at: start + .seconds(5), share: 0.2)
        meter.advance(to: 6, at: start + .seconds(10), share: 0.1)
        #expect(abs(meter.allowed - 1.5) < 1e-9)
        #expect(meter.used == 1)
        meter.advance(to: 0, at: start + .seconds(11), share: 0.1)
        #expect(meter.used == 1, "processes that vanish take no time back")
    }

    @Test func `CPU times are read from a stat line whose name holds anything`() {
        let rest = Array(repeating: "0", count: 9).joined(separator: " ")
        var scan = ProcessScan()
        scan.add(7, stat: "7 (a) b (c) S 1 \(rest) 150 50 30 20 0")
        scan.add(8, stat: "8 (x) S 7 \(rest) 100 0 0 0 0")
        #expect(scan.tree(of: [7]) == [7, 8])
        #expect(abs(scan.cpu(of: [7]) - 3.5) < 1e-9)
        #expect(scan.cpu(of: [9]) == 0)
    }

    @Test func `a minute's counts are what a node gained, also when it began anew`() {
        func reading(_ requests: Int, _ errors: Int) -> MachineReading {
            var reading = MachineReading()
            var node = MachineReading.Node(zone: "a")
            node.requests = requests
            node.targetAnswers = [2: requests - errors, 5: errors]
            reading.nodes = [node]
            return reading
        }
        var ids = ResourceIDs(seed: 1)
        let names = ResourceNames(settings: ControlSettings(seed: 1), ids: &ids)
        let state = ClusterState(
            zones: [], subnets: [], scenarioTimes: ControlTimes(), times: ControlTimes(), speed: 1)
        var sampling = MetricSampling(names: names)
        func count(_ name: String, _ reading: MachineReading) -> Double? {
            sampling.samples(of: reading, state, [], seconds: 60)
                .first { $0.metric.name == name && $0.metric.dimensions.count == 1 }?.value
        }
        #expect(count("RequestCount", reading(100, 0)) == 100)
        #expect(count("RequestCount", reading(160, 5)) == 60)
        #expect(count("HTTPCode_Target_5XX_Count", reading(200, 9)) == 4)
        #expect(count("RequestCount", reading(30, 0)) == 30)
    }

    // MARK: Alarms

    private func alarm(_ n: Int, _ m: Int, _ missing: MetricAlarm.Missing = .missing) -> MetricAlarm {
        MetricAlarm(
            name: "high", metric: Self.metric, statistic: .average, period: 1, evaluationPeriods: n,
            datapointsToAlarm: m, threshold: 70, comparison: .greater, missing: missing, configuredAt: .zero,
            stateSince: .zero)
    }

    @Test(arguments: [
        (values: [71], n: 1, m: 1, state: MetricAlarm.State.alarm), (values: [70], n: 1, m: 1, state: .ok),
        (values: [90, 71, 60], n: 3, m: 2, state: .alarm), (values: [90, 60, 60], n: 3, m: 2, state: .ok),
        (values: [60, 90, 90], n: 3, m: 3, state: .ok),
    ])
    func `m of the last n datapoints decide`(
        row: (values: [Double], n: Int, m: Int, state: MetricAlarm.State)
    ) {
        let last = row.values.count - 1
        #expect(alarm(row.n, row.m).evaluate(store(row.values), after: last) { "\($0)" }?.0 == row.state)
    }

    @Test(arguments: [
        (missing: MetricAlarm.Missing.missing, empty: MetricAlarm.State?.some(.insufficientData)),
        (missing: .ignore, empty: nil), (missing: .breaching, empty: .alarm),
        (missing: .notBreaching, empty: .ok),
    ])
    func `no datapoint is what TreatMissingData says`(
        row: (missing: MetricAlarm.Missing, empty: MetricAlarm.State?)
    ) {
        #expect(alarm(2, 2, row.missing).evaluate(store([]), after: 5) { "\($0)" }?.0 == row.empty)
    }

    @Test func `what is there and decides nothing leaves the state`() {
        #expect(alarm(3, 3).evaluate(store([90, 90]), after: 2) { "\($0)" } == nil)
        var wide = alarm(1, 1)
        wide.period = 5
        #expect(wide.evaluate(store([90, 90]), after: 1) { "\($0)" } == nil, "the period is not complete")
    }

    @Test func `the reason is in CloudWatch's words`() {
        #expect(
            alarm(2, 2).evaluate(store([75, 80.04]), after: 1) { "t\($0)" }?.1
                == "Threshold Crossed: 2 out of the last 2 datapoints [80.0 (t1), 75.0 (t0)] were greater than the "
                + "threshold (70.0) (minimum 2 datapoints for OK -> ALARM transition).")
        #expect(
            alarm(1, 1).evaluate(store([51]), after: 0) { "t\($0)" }?.1
                == "Threshold Crossed: 1 datapoint [51.0 (t0)] was not greater than the threshold (70.0) (minimum 1 "
                + "datapoint for ALARM -> OK transition).")
    }

    // MARK: Policies

    private func policy(
        _ adjustment: StepScalingPolicy.Adjustment, _ steps: [StepScalingPolicy.Step]
    ) -> StepScalingPolicy {
        StepScalingPolicy(
            name: "p", service: "a", adjustment: adjustment, steps: steps, cooldown: 60, key: "k",
            createdAt: .zero)
    }

    @Test func `steps are chosen by the distance from the threshold`() {
        let out = policy(
            .change, [.init(lower: 0, upper: 10, adjustment: 1), .init(lower: 10, adjustment: 2)])
        #expect([0, 9.9, 10, 50].map { out.capacity(from: 2, distance: $0) } == [3, 3, 4, 4])
        #expect(out.capacity(from: 2, distance: -1) == nil)
        let sink = policy(.change, [.init(upper: 0, adjustment: -1)])
        #expect([-5, 0].map { sink.capacity(from: 3, distance: $0) } == [2, 2])
        #expect(policy(.exact, [.init(lower: 0, adjustment: 4)]).capacity(from: 2, distance: 1) == 4)
        let half = policy(.percent, [.init(lower: 0, adjustment: 50)])
        #expect([1, 2, 5].map { half.capacity(from: $0, distance: 1) } == [2, 3, 7])
    }

    private func activity(ended: Duration?) -> ScalingActivity {
        ScalingActivity(
            id: "1", service: "a", policy: "a/p", cause: "", from: 2, to: 3, startedAt: .zero, endedAt: ended)
    }

    @Test(arguments: [
        (current: 2, suspended: false, deploying: false, ended: nil, decision: ScalingDecision.scale(to: 3)),
        (
            current: 4, suspended: false, deploying: false, ended: nil,
            decision: .atLimit(reason: "AlreadyAtMaxCapacity")
        ),
        (current: 2, suspended: true, deploying: false, ended: nil, decision: .wait),
        (current: 2, suspended: false, deploying: true, ended: nil, decision: .scale(to: 3)),
        // The clock stands at 100 s at speed 2: the cooldown of 60 s is over after 30.
        (current: 3, suspended: false, deploying: false, ended: 69, decision: .scale(to: 4)),
        (current: 3, suspended: false, deploying: false, ended: 71, decision: .wait),
    ])
    func `a policy scales out`(
        row: (current: Int, suspended: Bool, deploying: Bool, ended: Int?, decision: ScalingDecision)
    ) {
        let target = ScalableTarget(
            service: "a", minimum: 2, maximum: 4, isScaleOutSuspended: row.suspended, key: "k",
            createdAt: .zero)
        let decision = decide(
            policy(.change, [.init(lower: 0, adjustment: 1)]), target, current: row.current, distance: 6,
            isDeploying: row.deploying, recent: row.ended.map { activity(ended: .seconds($0)) },
            now: .seconds(100),
            speed: 2)
        #expect(decision == row.decision)
    }

    @Test func `a policy does not scale in while a deployment is in progress, nor an unfinished change on`() {
        let target = ScalableTarget(service: "a", minimum: 2, maximum: 4, key: "k", createdAt: .zero)
        let sink = policy(.change, [.init(upper: 0, adjustment: -1)])
        func decision(_ current: Int, deploying: Bool = false, recent: ScalingActivity? = nil)
            -> ScalingDecision
        {
            decide(
                sink, target, current: current, distance: -6, isDeploying: deploying, recent: recent,
                now: .seconds(100), speed: 1)
        }
        #expect(decision(3) == .scale(to: 2))
        #expect(decision(3, deploying: true) == .wait)
        #expect(decision(3, recent: activity(ended: nil)) == .wait)
        #expect(decision(2) == .atLimit(reason: "AlreadyAtMinCapacity"))
        #expect(decision(8) == .scale(to: 4), "what is outside the limits comes back within them")
    }
}
