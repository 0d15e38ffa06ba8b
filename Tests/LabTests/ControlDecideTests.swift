import Testing

@testable import Lab

/// Tables of `decide`: one service `web` with a target group, desired 2 unless said otherwise, at 1000 s.
@Suite struct ControlDecideTests {
    enum Health { case new, well, sick, cut }

    static let now = Duration.seconds(1000)

    /// `T1`, `T2`, … in the zones and states given.
    private func cluster(desired: Int = 2, maximum: Int = 200, _ tasks: [(String, Health)]) -> (
        ClusterState, Observations
    ) {
        var state = ClusterState(
            zones: ["a", "b"], subnets: [], scenarioTimes: ControlTimes(), times: ControlTimes())
        var seen = Observations()
        let blueprint = ServiceBlueprint(
            name: "web", image: "", port: 80, cpu: 256, memory: 512, desiredCount: 2, healthCommand: "")
        let deployment = Deployment(
            id: "d", definition: RevisionID(family: "web", number: 1), createdAt: .zero, updatedAt: .zero)
        var service = ECSService(
            blueprint: blueprint, createdAt: .zero, targetGroup: "g", desiredCount: desired,
            deployments: [deployment])
        service.maximumPercent = maximum
        service.isSteady = true
        state.services = [service]
        for (index, (zone, health)) in tasks.enumerated() {
            let address = "10.0.0.\(index + 1)"
            var task = Self.task("T\(index + 1)", zone: zone, address: address)
            task.status = .running
            task.startedAt = health == .new ? Self.now : .zero
            task.health.status = health == .new ? .unknown : health == .sick ? .unhealthy : .healthy
            task.isReported = health == .sick || health == .cut
            state.tasks.append(task)
            state.targets.append(BalancerTarget(task: task.id, address: address, port: 80, zone: zone))
            let reading: TargetReading.State =
                health == .new ? .initial : health == .cut ? .unhealthy : .healthy
            seen.targets[address] = TargetReading(
                address: address, port: 80, state: reading, reason: "Target.Timeout")
        }
        return (state, seen)
    }

    private static func task(_ id: String, zone: String, address: String = "10.0.0.9") -> ECSTask {
        ECSTask(
            id: TaskID(id), service: "web", definition: RevisionID(family: "web", number: 1), deployment: "d",
            zone: zone, subnet: "s",
            address: address,
            interface: NetworkInterfaceIDs(interface: "eni", attachment: "x", mac: ""), isBoot: false,
            createdAt: .zero,
            schedule: HealthSchedule(interval: .seconds(30), startPeriod: .seconds(30), retries: 3),
            since: .zero)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var desired = 2
        var maximum = 200
        let tasks: [(String, Health)]
        let wanted: [Action]
    }

    static let scaling = StopCause.scaling(deployment: "d")
    static let failedTarget = StopCause.failedTargetHealth(targetGroup: "g")

    static let cases: [Case] = [
        Case(
            testDescription: "nothing there: one task per zone", tasks: [],
            wanted: [.launch(service: "web", zones: ["a", "b"])]),
        Case(testDescription: "as it should be", tasks: [("a", .well), ("b", .well)], wanted: []),
        Case(
            testDescription: "one missing goes where there is none", tasks: [("a", .well)],
            wanted: [.launch(service: "web", zones: ["b"])]),
        Case(
            testDescription: "three more are spread", desired: 4, tasks: [("b", .well)],
            wanted: [.launch(service: "web", zones: ["a", "a", "b"])]),
        Case(testDescription: "a starting task counts", tasks: [("a", .well), ("b", .new)], wanted: []),
        Case(
            testDescription: "an unhealthy task is replaced first, not stopped",
            tasks: [("a", .sick), ("b", .well)],
            wanted: [.launch(service: "web", zones: ["a"])]),
        Case(
            testDescription: "and stays while its replacement settles",
            tasks: [("a", .sick), ("b", .well), ("a", .new)], wanted: []),
        Case(
            testDescription: "and goes when it has settled",
            tasks: [("a", .sick), ("b", .well), ("a", .well)],
            wanted: [.stop([TaskID("T1")], .failedContainerHealth)]),
        Case(
            testDescription: "what the balancer cannot reach is unhealthy too",
            tasks: [("a", .cut), ("b", .well), ("b", .well)], wanted: [.stop([TaskID("T1")], failedTarget)]),
        Case(
            testDescription:
                "a replacement in the dead zone is unhealthy as well: it goes, and another is tried",
            tasks: [("a", .cut), ("b", .well), ("a", .cut)],
            wanted: [.launch(service: "web", zones: ["b"]), .stop([TaskID("T3")], failedTarget)]),
        Case(
            testDescription: "all unhealthy: as many again, within 200 %",
            tasks: [("a", .sick), ("b", .sick)],
            wanted: [.launch(service: "web", zones: ["a", "b"])]),
        Case(
            testDescription: "no room to start first: one unhealthy goes", maximum: 100,
            tasks: [("a", .sick), ("b", .sick)], wanted: [.stop([TaskID("T2")], .failedContainerHealth)]),
        Case(
            testDescription: "too many: the newest of the fullest zone goes",
            tasks: [("a", .well), ("b", .well), ("a", .well)], wanted: [.stop([TaskID("T3")], scaling)]),
        Case(
            testDescription: "scaled in: one zone after the other, what settles first", desired: 1,
            tasks: [("a", .well), ("b", .well), ("a", .new)],
            wanted: [.stop([TaskID("T3"), TaskID("T2")], scaling)]),
        Case(
            testDescription: "scaled to nothing", desired: 0, tasks: [("a", .well)],
            wanted: [.stop([TaskID("T1")], scaling)]),
    ]

    @Test(arguments: cases) func `a service is kept at its desired count`(_ row: Case) {
        let (state, seen) = cluster(desired: row.desired, maximum: row.maximum, row.tasks)
        #expect(decide(state, seen, now: Self.now) == row.wanted)
    }

    @Test func `a target may be unhealthy during its grace period`() {
        var (state, seen) = cluster([("a", .cut), ("b", .well)])
        state.update(TaskID("T1")) {
            $0.startedAt = Self.now - .seconds(59)
            $0.isReported = false
        }
        #expect(decide(state, seen, now: Self.now) == [])
        #expect(
            decide(state, seen, now: Self.now + .seconds(1)) == [
                .report(TaskID("T1"), .failedTargetHealth("Target.Timeout")),
                .launch(service: "web", zones: ["a"]),
            ])
        seen.targets["10.0.0.1"]?.state = .healthy
        state.update(TaskID("T1")) { $0.isReported = true }
        #expect(decide(state, seen, now: Self.now) == [.recover(TaskID("T1"))])
    }

    @Test func `launches wait while starting keeps failing`() {
        var (state, seen) = cluster([("a", .well)])
        state.services[0].launchNotBefore = Self.now + .seconds(1)
        #expect(decide(state, seen, now: Self.now) == [])
        #expect(decide(state, seen, now: Self.now + .seconds(1)).count == 1)
    }

    @Test func `a steady state is said once`() {
        var (state, seen) = cluster([("a", .well), ("b", .well)])
        state.services[0].isSteady = false
        #expect(decide(state, seen, now: Self.now) == [.reachSteadyState(service: "web")])
        seen.targets["10.0.0.1"]?.state = .initial
        #expect(decide(state, seen, now: Self.now) == [])
    }

    struct Step: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let status: TaskStatus
        let isWanted: Bool
        var age = 0
        var isRegistered = false
        var exit: String?
        let wanted: Action?
    }

    static let id = TaskID("T1")

    static let steps: [Step] = [
        Step(
            testDescription: "the interface takes 20 s", status: .provisioning, isWanted: true, age: 19,
            wanted: nil),
        Step(
            testDescription: "then it starts", status: .provisioning, isWanted: true, age: 20,
            wanted: .start(id)),
        Step(
            testDescription: "stopped before it began", status: .provisioning, isWanted: false,
            wanted: .finish(id)),
        Step(testDescription: "started", status: .activating, isWanted: true, wanted: .activate(id)),
        Step(
            testDescription: "no longer wanted", status: .activating, isWanted: false, wanted: .deactivate(id)
        ),
        Step(testDescription: "running", status: .running, isWanted: true, wanted: nil),
        Step(testDescription: "stopped", status: .running, isWanted: false, wanted: .deactivate(id)),
        Step(
            testDescription: "serves what it has begun", status: .deactivating, isWanted: false, age: 29,
            isRegistered: true, wanted: nil),
        Step(
            testDescription: "for 30 s", status: .deactivating, isWanted: false, age: 30, isRegistered: true,
            wanted: .terminate(id)),
        Step(
            testDescription: "no target, no delay", status: .deactivating, isWanted: false,
            wanted: .terminate(id)),
        Step(
            testDescription: "the dead serve nothing", status: .deactivating, isWanted: false,
            isRegistered: true,
            exit: "killed by signal 9", wanted: .terminate(id)),
        Step(
            testDescription: "SIGTERM takes its time", status: .stopping, isWanted: false, age: 99,
            wanted: nil),
        Step(testDescription: "gone", status: .deprovisioning, isWanted: false, wanted: .finish(id)),
        Step(
            testDescription: "remembered for an hour", status: .stopped, isWanted: false, age: 3599,
            wanted: nil),
        Step(
            testDescription: "then forgotten", status: .stopped, isWanted: false, age: 3600,
            wanted: .forget(id)),
    ]

    @Test(arguments: steps) func `a task goes through its life`(_ step: Step) {
        var (state, seen) = cluster(desired: 0, [])
        var task = Self.task("T1", zone: "a")
        task.status = step.status
        task.isWanted = step.isWanted
        task.exit = step.exit
        task.since = Self.now - .seconds(step.age)
        task.startedAt = .zero
        state.services[0].desiredCount = step.isWanted ? 1 : 0
        state.tasks = [task]
        if step.isRegistered {
            state.targets = [BalancerTarget(task: task.id, address: task.address, port: 80, zone: "a")]
        }
        seen.targets = [:]
        #expect(decide(state, seen, now: Self.now) == (step.wanted.map { [$0] } ?? []))
        task.isBusy = true
        state.tasks = [task]
        #expect(decide(state, seen, now: Self.now) == [])
    }

    @Test func `a draining target leaves when its delay is over`() {
        var (state, seen) = cluster(desired: 0, [])
        state.targets = [
            BalancerTarget(
                task: TaskID("T1"), address: "10.0.0.1", port: 80, zone: "a", drainingSince: .seconds(970))
        ]
        #expect(decide(state, seen, now: .seconds(999)) == [])
        #expect(decide(state, seen, now: .seconds(1000)) == [.deregister(address: "10.0.0.1", port: 80)])
        seen.targets = [:]
    }

    @Test(arguments: [
        // Three failures in a row after the start period make it unhealthy; one success makes it healthy.
        ("....", 0, "U"), ("xxx", 0, "U"), ("....", 40, "U"), ("xxx", 40, "S"), ("xx+xx", 40, "H"),
        ("xx+xxx", 40, "S"),
        ("xxxx+", 40, "H"), ("+xxx", 0, "S"),
    ]) func `container health follows Docker's rules`(_ checks: String, _ at: Int, _ wanted: String) {
        var health = ContainerHealth()
        for check in checks where check != "." {
            health.record(check == "+", at: .seconds(at), countsFrom: .seconds(30), retries: 3, next: .zero)
        }
        let letter = [ContainerHealth.Status.unknown: "U", .healthy: "H", .unhealthy: "S"][health.status]
        #expect(letter == wanted)
    }
}
