import Loopback
import Testing

@testable import Lab

/// Deployments as stories: good ones, and those the circuit breaker ends.
@Suite struct DeployingTests {
    /// Registers a revision of the service's definition with one difference, and deploys it.
    private func deploy(
        _ lab: ControlLab, _ service: String, _ change: (inout TaskDefinition) -> Void
    ) async throws -> RevisionID {
        let state = await lab.control.state
        let current = try #require(state.service(service)?.primary.definition)
        var definition = try #require(state.definitions[current])
        change(&definition)
        let revision = await lab.control.register(definition)
        _ = await lab.control.updateService(service, rollout: RolloutRequest(definition: revision.id))
        return revision.id
    }

    private static let unhealthy: @Sendable (inout TaskDefinition) -> Void = {
        $0.container.healthCheck?.command = ["CMD-SHELL", "exit 1"]
    }
    private static let crashing: @Sendable (inout TaskDefinition) -> Void = {
        $0.container.command = ["sh", "-c", "exit 1"]
    }
    private static let unpullable: @Sendable (inout TaskDefinition) -> Void = {
        $0.container.image = "ecs-microservices/flask-ap:latest"
    }

    private func rollouts(_ lab: ControlLab, _ service: String) async -> [String] {
        await lab.control.state.service(service)?.deployments.map {
            "\($0.definition.number) \($0.rollout.rawValue)"
        } ?? []
    }

    /// `2 SUCCESSFUL`, newest first.
    private func story(_ lab: ControlLab, _ service: String) async -> [String] {
        await lab.control.state.service(service)?.history.map {
            "\($0.definition.number) \($0.status.rawValue)"
        } ?? []
    }

    @Test(arguments: ["nginx", "flask-app", "redis"])
    func `a good revision replaces the old one, and never are fewer healthy than desired`(
        service: String
    ) async throws {
        let lab = await ControlLab.booted()
        let desired = await lab.tasks(service).count
        let revision = try await deploy(lab, service) {
            $0.container.environment = [Tag(key: "A", value: "1")]
        }
        #expect(await rollouts(lab, service) == ["2 IN_PROGRESS", "1 COMPLETED"])
        for _ in 0..<150 {
            await lab.turn(.seconds(1))
            let up = await lab.tasks(service).filter {
                $0.isWanted && $0.status == .running && $0.health.status == .healthy
            }
            #expect(up.count >= desired)
            // Who waited until one deployment is left (`services-stable`) finds that one completed.
            #expect(await rollouts(lab, service) != ["2 IN_PROGRESS"])
            #expect(await lab.tasks(service).count { $0.status < .deactivating } <= 2 * desired)
        }
        #expect(await rollouts(lab, service) == ["2 COMPLETED"])
        #expect(await story(lab, service) == ["2 SUCCESSFUL", "1 SUCCESSFUL"])
        let running = await lab.tasks(service).filter { $0.status == .running }
        #expect(running.map(\.definition) == Array(repeating: revision, count: desired))
        #expect(lab.machine.now.running[running[0].id]?.settings.environment == ["A": "1"])
        #expect(await lab.events(service).last == "(service \(service)) has reached a steady state.")
    }

    @Test(arguments: [("health", unhealthy), ("crash", crashing), ("image", unpullable)])
    func `a bad revision fails after three tasks and is rolled back to the tasks that are still there`(
        name: String, change: @Sendable (inout TaskDefinition) -> Void
    ) async throws {
        let lab = await ControlLab.booted()
        let before = await lab.tasks("flask-app").map(\.id)
        let good = try #require(await lab.control.state.service("flask-app")?.primary.id)
        _ = try await deploy(lab, "flask-app", change)
        let bad = try #require(await lab.control.state.service("flask-app")?.primary.id)
        await lab.turn(.seconds(400))
        let failures = await lab.tasks("flask-app").filter { $0.definition.number == 2 }
        #expect((3...4).contains(failures.count))
        #expect(failures.allSatisfy { $0.status == .stopped })
        #expect(await rollouts(lab, "flask-app") == ["1 COMPLETED"])
        #expect(await story(lab, "flask-app") == ["2 ROLLBACK_SUCCESSFUL", "1 SUCCESSFUL"])
        let record = try #require(await lab.control.state.service("flask-app")?.history.first)
        #expect(record.failedTasks >= 3 && record.rollback?.to == good && record.sources == [good])
        let events = await lab.events("flask-app")
        #expect(
            events.contains(
                "(service flask-app) (deployment \(bad)) deployment failed: tasks failed to start."))
        #expect(events.contains("(service flask-app) rolling back to deployment \(good)."))
        #expect(await lab.tasks("flask-app").filter { $0.status == .running }.map(\.id) == before)
    }

    @Test func `without a circuit breaker a bad deployment goes on for ever, beside the old tasks`()
        async throws
    {
        let lab = await ControlLab.booted(flaw: .noRollback)
        let before = await lab.tasks("flask-app").map(\.id)
        _ = try await deploy(lab, "flask-app", Self.crashing)
        await lab.turn(.seconds(600))
        #expect(await rollouts(lab, "flask-app") == ["2 IN_PROGRESS", "1 COMPLETED"])
        #expect(await lab.control.state.service("flask-app")?.primary.failedTasks ?? 0 > 10)
        #expect(await lab.tasks("flask-app").filter { $0.status == .running }.map(\.id) == before)
    }

    @Test func `a breaker that must not roll back leaves the failed deployment, and starts no more of it`()
        async throws
    {
        let lab = await ControlLab.booted()
        _ = await lab.control.updateService(
            "flask-app", breaker: CircuitBreaker(isEnabled: true, rollsBack: false))
        _ = try await deploy(lab, "flask-app", Self.crashing)
        await lab.turn(.seconds(300))
        #expect(await rollouts(lab, "flask-app") == ["2 FAILED", "1 COMPLETED"])
        #expect(await story(lab, "flask-app") == ["2 STOPPED", "1 SUCCESSFUL"])
        let count = await lab.tasks("flask-app").count
        await lab.turn(.seconds(300))
        #expect(await lab.tasks("flask-app").count == count)
    }

    @Test func `a deployment during another takes its place`() async throws {
        let lab = await ControlLab.booted()
        _ = try await deploy(lab, "flask-app", Self.crashing)
        await lab.turn(.seconds(21))
        let third = try await deploy(lab, "flask-app") { $0.container.command = [] }
        await lab.turn(.seconds(150))
        #expect(third.number == 3)
        #expect(await rollouts(lab, "flask-app") == ["3 COMPLETED"])
        #expect(await story(lab, "flask-app") == ["3 SUCCESSFUL", "2 STOPPED", "1 SUCCESSFUL"])
    }

    @Test func `forcing starts a deployment of the same revision, asking for what is there does not`()
        async throws
    {
        let lab = await ControlLab.booted()
        let first = try #require(await lab.control.state.service("nginx")?.primary)
        _ = await lab.control.updateService("nginx", rollout: RolloutRequest(definition: first.definition))
        #expect(await lab.control.state.service("nginx")?.deployments.count == 1)
        _ = await lab.control.updateService("nginx", rollout: RolloutRequest(isForced: true))
        #expect(await rollouts(lab, "nginx") == ["1 IN_PROGRESS", "1 COMPLETED"])
    }

    @Test func `other subnets are a deployment, and tasks go only there`() async throws {
        let lab = await ControlLab.booted()
        let subnet = try #require(await lab.control.network.taskSubnet(in: "ap-south-1b"))
        let answer = await lab.cluster(
            "UpdateService",
            "\"service\":\"flask-app\",\"networkConfiguration\":{\"awsvpcConfiguration\":"
                + "{\"subnets\":[\"\(subnet.id)\"]}}")
        #expect(answer.status == 200)
        await lab.turn(.seconds(120))
        let running = await lab.tasks("flask-app").filter { $0.status == .running }
        #expect(running.map(\.zone) == ["ap-south-1b", "ap-south-1b"])
        #expect(running.map(\.subnet) == [subnet.id, subnet.id])
        #expect(await rollouts(lab, "flask-app") == ["1 COMPLETED"])
    }

    @Test(arguments: [(1, 3), (2, 3), (6, 3), (7, 4), (100, 50), (1000, 200)])
    func `the breaker's threshold is half of desired, but 3 to 200`(desired: Int, threshold: Int) {
        #expect(CircuitBreaker.threshold(desired: desired) == threshold)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var desired = 4
        var minimum = 100
        var old = 4
        var oldSick = 0
        var new = 0
        var settling = 0
        var hasRoom = true
        let going: Int
    }

    static let rows = [
        Row(testDescription: "nothing new is healthy: all stay", settling: 4, going: 0),
        Row(testDescription: "one for one", new: 1, settling: 3, going: 1),
        Row(testDescription: "all new are healthy: all go", new: 4, going: 4),
        Row(testDescription: "no room, and none to spare", hasRoom: false, going: 0),
        Row(testDescription: "no room, half may go", minimum: 50, hasRoom: false, going: 2),
        Row(testDescription: "room: nobody goes early", minimum: 50, settling: 4, going: 0),
        Row(
            testDescription: "no room, some new settle: no more than it takes", minimum: 0, old: 2,
            settling: 2,
            hasRoom: false, going: 2),
        Row(testDescription: "the sick go at once", old: 3, oldSick: 1, going: 1),
        Row(testDescription: "scaled to nothing", desired: 0, going: 4),
    ]

    @Test(arguments: rows)
    func `old tasks go as the percentages allow`(row: Row) async {
        let lab = await ControlLab.booted()
        var service = await lab.control.state.service("flask-app")!
        service.desiredCount = row.desired
        service.minimumHealthyPercent = row.minimum
        func crew(_ healthy: Int, _ settling: Int, _ sick: Int) async -> Crew {
            var state = await lab.control.state
            state.targets = []
            let model = state.tasks.first { $0.service == "flask-app" }!
            var tasks: [ECSTask] = []
            for index in 0..<(healthy + settling + sick) {
                var task = model
                task.health.status =
                    index < healthy ? .healthy : index < healthy + settling ? .unknown : .unhealthy
                task.isReported = true
                tasks.append(task)
            }
            return Crew(tasks, state, Observations(), now: .seconds(1000))
        }
        let (old, new) = (await crew(row.old, 0, row.oldSick), await crew(row.new, row.settling, 0))
        let going = roll(old, out: service, for: new, hasRoom: row.hasRoom).reduce(0) { sum, action in
            if case .stop(let ids, _) = action { sum + ids.count } else { sum }
        }
        #expect(going == row.going)
    }
}
