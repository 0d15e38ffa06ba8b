import AWS
import History
import Plan
import Testing
import Watch

@Suite struct ChangesTests {
    private static let zones = ["a", "b"]

    private func task(
        _ id: String, _ last: String = "RUNNING", of service: String = "web", zone: String? = "a",
        desired: String = "RUNNING", health: String = "HEALTHY", reason: String? = nil
    ) -> Snapshot.Task {
        let task = ECSTask(
            arn: "arn/\(id)", group: "service:\(service)", lastStatus: last, desiredStatus: desired,
            healthStatus: health, stoppedReason: reason, address: "10.0.0.\(id)")
        return Snapshot.Task(task, service: service, zone: zone)
    }

    private func service(_ name: String, desired: Int, running: Int, pending: Int = 0, events: [String] = [])
        -> ECSService
    {
        ECSService(
            arn: "arn/\(name)", name: name, desired: desired, running: running, pending: pending,
            events: events.map { ECSService.Event(id: $0, message: $0) },
            targetGroups: name == "web" ? ["tg"] : [])
    }

    private func target(_ id: String, zone: String? = "a", _ state: String = "healthy", reason: String? = nil)
        -> TargetHealth
    {
        TargetHealth(id: "10.0.0.\(id)", port: 80, zone: zone, state: state, reason: reason)
    }

    private func snapshot(
        services: [ECSService]? = nil, tasks: [Snapshot.Task] = [], targets: [TargetHealth] = [],
        nodes: [String] = [], database: Snapshot.Database? = nil
    ) -> Snapshot {
        Snapshot(
            services: services ?? [service("web", desired: 2, running: 2)], tasks: tasks, targets: targets,
            nodes: nodes, database: database)
    }

    private func changes(_ old: Snapshot?, _ new: Snapshot) -> [Entry] {
        Changes.between(old, new, at: .seconds(3), zones: Self.zones, balanced: "web")
    }

    /// `subject: text` of each event.
    private func events(_ old: Snapshot?, _ new: Snapshot) -> [String] {
        changes(old, new).compactMap {
            if case .event(let event) = $0 { "\(event.subject): \(event.text)" } else { nil }
        }
    }

    /// `metric service zone=value` of each sample.
    private func samples(_ old: Snapshot?, _ new: Snapshot) -> [String] {
        changes(old, new).compactMap { entry in
            guard case .platform(let sample) = entry else { return nil }
            return "\(sample.metric.rawValue) \(sample.service) \(sample.zone ?? "all")=\(Int(sample.value))"
        }
    }

    @Test func `the first look writes every value, zeros too, and no event`() {
        let first = snapshot(
            services: [
                service("web", desired: 2, running: 1, pending: 1, events: ["old"]),
                service("app", desired: 1, running: 1),
            ],
            tasks: [
                task("1"), task("2", "PENDING", zone: "b"),
                task("3", of: "app", zone: "b", health: "UNKNOWN"),
            ],
            targets: [target("1"), target("2", zone: "b", "initial")], nodes: ["127.0.1.10"])
        #expect(
            samples(nil, first) == [
                "desired-tasks web all=2", "running-tasks web all=1", "running-tasks web a=1",
                "running-tasks web b=0",
                "pending-tasks web all=1", "pending-tasks web a=0", "pending-tasks web b=1",
                "healthy-tasks web all=1",
                "healthy-tasks web a=1", "healthy-tasks web b=0", "desired-tasks app all=1",
                "running-tasks app all=1",
                "running-tasks app a=0", "running-tasks app b=1", "pending-tasks app all=0",
                "pending-tasks app a=0",
                "pending-tasks app b=0", "healthy-tasks app all=1", "healthy-tasks app a=0",
                "healthy-tasks app b=1",
            ])
        #expect(events(nil, first).isEmpty)
    }

    @Test func `the same snapshot again is nothing new`() {
        let same = snapshot(tasks: [task("1")], targets: [target("1")], nodes: ["x"])
        #expect(changes(same, same).isEmpty)
    }

    @Test func `only values that changed are written, at the time of the answer`() {
        let old = snapshot(tasks: [task("1"), task("2")], targets: [target("1"), target("2")])
        let new = snapshot(tasks: [task("1"), task("2")], targets: [target("1"), target("2", "unhealthy")])
        #expect(samples(old, new) == ["healthy-tasks web all=1", "healthy-tasks web a=1"])
        guard case .platform(let sample)? = changes(old, new).first else {
            Issue.record("no sample")
            return
        }
        #expect(sample.at == .seconds(3))
    }

    @Test func `a target without a zone is in its task's`() {
        let first = snapshot(
            tasks: [task("1", zone: "b")], targets: [target("1", zone: nil), target("9", zone: "all")])
        #expect(samples(nil, first).contains("healthy-tasks web b=1"))
        #expect(samples(nil, first).contains("healthy-tasks web all=2"))
    }

    @Test(arguments: [
        (["HEALTHY", "UNHEALTHY", "UNKNOWN"], 1), (["UNHEALTHY", "UNKNOWN", "UNKNOWN"], 0),
        (["UNKNOWN", "UNKNOWN", "UNKNOWN"], 3), (["HEALTHY", "HEALTHY", "HEALTHY"], 3),
    ])
    func `UNKNOWN is healthy only in a service whose tasks have no health check`(health: [String], count: Int)
    {
        let tasks = health.enumerated().map { task("\($0.offset)", of: "app", health: $0.element) }
        let first = snapshot(
            services: [service("app", desired: 3, running: 3)],
            tasks: tasks + [task("9", of: "app", desired: "STOPPED", health: "UNKNOWN")])
        #expect(samples(nil, first).contains("healthy-tasks app all=\(count)"))
    }

    @Test func `each change of a task is a line`() {
        let old = snapshot(tasks: [task("1"), task("2"), task("3", "PENDING"), task("4")])
        let new = snapshot(tasks: [
            task("1", "STOPPED", desired: "STOPPED", reason: "loadchaos run"),
            task("2", "RUNNING", desired: "STOPPED", reason: "scaling in"), task("3"),
            task("4", health: "UNHEALTHY"),
            task("5", zone: "b"), task("6", "PENDING"),
        ])
        #expect(
            events(old, new) == [
                "web: task 1 in a is being stopped: loadchaos run", "web: task 1 in a stopped: loadchaos run",
                "web: task 2 in a is being stopped: scaling in", "web: task 3 in a started",
                "web: task 4 in a is UNHEALTHY", "web: task 5 in b started",
            ])
    }

    @Test func `each change of a target is a line`() {
        let old = snapshot(targets: [
            target("1"), target("2"), target("3", "initial", reason: "Elb.InitialHealthChecking"),
        ])
        let new = snapshot(targets: [
            target("1", "unhealthy", reason: "Target.Timeout"), target("3"), target("4", "initial"),
        ])
        #expect(
            events(old, new) == [
                "target 10.0.0.1:80: healthy → unhealthy (Target.Timeout)",
                "target 10.0.0.3:80: initial → healthy",
                "target 10.0.0.4:80: registered, initial", "target 10.0.0.2:80: deregistered",
            ])
    }

    @Test func `the balancer's nodes and new lines of a service's log are events, oldest first`() {
        let old = snapshot(
            services: [service("web", desired: 2, running: 2, events: ["b", "a"])], nodes: ["x", "y"])
        let new = snapshot(
            services: [service("web", desired: 2, running: 2, events: ["d", "c", "b", "a"])], nodes: ["y"])
        #expect(events(old, new) == ["balancer: nodes x, y → y", "web: c", "web: d"])
        let none = snapshot(services: new.services)
        #expect(events(new, none) == ["balancer: nodes y → none"])
    }

    @Test func `a fail-over is told as RDS tells it, and as it is seen`() {
        func database(_ status: String, _ zone: String, _ events: [(String, String)]) -> Snapshot {
            snapshot(
                database: Snapshot.Database(
                    instance: DBInstance(name: "db", status: status, zone: zone, secondaryZone: "a"),
                    events: events.map { DBEvent(message: $0.0, date: $0.1) }))
        }
        let before = database("available", "b", [("DB instance restarted", "9:00")])
        let after = database(
            "rebooting", "a",
            [
                ("DB instance restarted", "9:00"), ("failover started", "9:05"),
                ("DB instance restarted", "9:06"),
            ])
        #expect(events(nil, before).isEmpty)
        #expect(events(before, before).isEmpty)
        #expect(
            events(before, after) == [
                "database db: failover started", "database db: DB instance restarted",
                "database db: available → rebooting", "database db: its primary moved from b to a",
            ])
        #expect(events(before, snapshot()).isEmpty)
    }
}
