import Testing

@testable import Lab

/// Whole stories: the control plane on a scripted machine.
@Suite struct ControlPlaneTests {
    @Test func `the first tasks are spread, and Redis is in zone b`() async {
        let lab = await ControlLab.booted()
        #expect(
            lab.machine.now.log.filter { $0.hasPrefix("start") }.sorted() == [
                "start flask-app in ap-south-1a at 10.0.11.20",
                "start flask-app in ap-south-1b at 10.0.12.21",
                "start nginx in ap-south-1a at 10.0.11.21", "start nginx in ap-south-1b at 10.0.12.22",
                "start redis in ap-south-1b at 10.0.12.20",
            ])
        #expect(await lab.story("nginx") == ["a RUNNING", "b RUNNING"])
        #expect(
            await lab.events("nginx").sorted() == [
                "(service nginx) (deployment \(await lab.control.state.service("nginx")!.primary.id)) "
                    + "deployment completed.",
                "(service nginx) has reached a steady state.",
                "(service nginx) has started 2 tasks: (task X) (task X).",
                "(service nginx) registered 1 targets in (target-group \(lab.control.names.targetGroup))",
                "(service nginx) registered 1 targets in (target-group \(lab.control.names.targetGroup))",
            ])
    }

    @Test func `a task that dies is replaced, and its target drains away`() async throws {
        let lab = await ControlLab.booted()
        let victim = try #require(await lab.tasks("nginx").first)
        lab.machine.end(victim.id, "killed by signal 9")
        await lab.control.exited(victim.id, "killed by signal 9")
        await lab.turn(.seconds(1))
        #expect(await lab.story("nginx") == ["a STOPPED", "b RUNNING", "a PROVISIONING"])
        let dead = try #require(await lab.control.state.task(victim.id))
        #expect(dead.cause?.code == "EssentialContainerExited")
        #expect(dead.cause?.reason == "Essential container in task exited")
        #expect(try await lab.control.targetHealth().map(\.state).sorted() == ["draining", "healthy"])
        await lab.turn(.seconds(32))
        #expect(await lab.story("nginx") == ["a STOPPED", "b RUNNING", "a RUNNING"])
        #expect(try await lab.control.targetHealth().map(\.state) == ["healthy", "healthy"])
        #expect(lab.machine.now.log.contains("deregister \(victim.address):80"))
        #expect(await lab.tasks("nginx").last?.address != victim.address)
        await lab.turn(.seconds(30))
        #expect(await lab.events("nginx").last == "(service nginx) has reached a steady state.")
    }

    @Test func `a stopped task serves for the deregistration delay before SIGTERM`() async throws {
        let lab = await ControlLab.booted(speed: 10)
        let victim = try #require(await lab.tasks("nginx").first)
        _ = await lab.control.stopTask(victim.id, reason: "chaos")
        await lab.turn(.milliseconds(2900), step: .milliseconds(100))
        #expect(await lab.control.state.task(victim.id)?.status == .deactivating)
        #expect(lab.machine.now.running[victim.id] != nil)
        await lab.turn(.milliseconds(200), step: .milliseconds(100))
        let stopped = try #require(await lab.control.state.task(victim.id))
        #expect(stopped.status == .stopped)
        #expect(stopped.cause == .user(reason: "chaos"))
        let log = lab.machine.now.log.filter { $0.contains(victim.address) }
        #expect(
            log.suffix(3).sorted() == [
                "deregister \(victim.address):80", "drain \(victim.address):80",
                "stop \(victim.address) within 3.0 seconds",
            ])
    }

    @Test func `failing container health replaces a task after three checks`() async throws {
        let lab = await ControlLab.booted()
        let sick = try #require(await lab.tasks("flask-app").first)
        await lab.turn(.seconds(10))
        lab.machine.script { $0.sick = [sick.id] }
        await lab.turn(.seconds(75))
        #expect(await lab.control.state.task(sick.id)?.health.status == .healthy)
        await lab.turn(.seconds(10))
        #expect(await lab.control.state.task(sick.id)?.health.status == .unhealthy)
        #expect(await lab.story("flask-app") == ["a RUNNING", "b RUNNING", "a PROVISIONING"])
        #expect(
            await lab.events("flask-app").contains(
                "(service flask-app) (task X) failed container health checks."))
        await lab.turn(.seconds(60))
        #expect(await lab.story("flask-app") == ["a STOPPED", "b RUNNING", "a RUNNING"])
        let cause = await lab.control.state.task(sick.id)?.cause
        #expect(cause == .failedContainerHealth)
        #expect(cause?.code == "ServiceSchedulerInitiated")
    }

    @Test func `a target no node can reach is replaced, and comes back if the zone heals first`() async throws
    {
        let lab = await ControlLab.booted()
        await lab.turn(.seconds(60))
        let cut = try #require(await lab.tasks("nginx").first)
        lab.machine.script { $0.unreachable = [cut.address] }
        await lab.turn(.seconds(1))
        #expect(await lab.story("nginx") == ["a RUNNING", "b RUNNING", "a PROVISIONING"])
        #expect(
            await lab.events("nginx").suffix(2) == [
                "(service nginx) (port 80) is unhealthy in (target-group \(lab.control.names.targetGroup)) "
                    + "due to (reason Request timed out)",
                "(service nginx) has started 1 tasks: (task X).",
            ])
        lab.machine.script { $0.unreachable = [] }
        await lab.turn(.seconds(1))
        #expect(await lab.control.state.task(cut.id)?.isWanted == true)
        #expect(await lab.story("nginx") == ["a RUNNING", "b RUNNING", "a STOPPED"])
    }

    @Test func `a task that cannot start is cleaned up and tried again, ever more slowly`() async throws {
        let lab = await ControlLab.booted()
        lab.machine.script { $0.unstartable = ["redis"] }
        let redis = try #require(await lab.tasks("redis").first)
        lab.machine.end(redis.id, "exited with 1")
        await lab.control.exited(redis.id, "exited with 1")
        await lab.turn(.seconds(22))
        #expect(await lab.story("redis") == ["b STOPPED", "a STOPPED", "a PROVISIONING"])
        #expect(await lab.tasks("redis")[1].cause?.code == "TaskFailedToStart")
        #expect(await lab.tasks("redis")[1].cause?.reason == "CannotStartContainerError: no such image")
        await lab.turn(.seconds(120))
        let before = await lab.tasks("redis").count
        #expect(
            await lab.events("redis").contains(
                "(service redis) is unable to consistently start tasks successfully."))
        lab.machine.script { $0.unstartable = [] }
        await lab.turn(.seconds(90))
        #expect(await lab.tasks("redis").count <= before + 1)
        #expect(await lab.control.state.runningCount("redis") == 1)
    }

    @Test func `the desired count is followed up and down`() async {
        let lab = await ControlLab.booted()
        _ = await lab.control.updateService(
            "nginx", desiredCount: 4, minimumHealthyPercent: nil, maximumPercent: nil)
        await lab.turn(.seconds(60))
        #expect(await lab.story("nginx") == ["a RUNNING", "b RUNNING", "a RUNNING", "b RUNNING"])
        _ = await lab.control.updateService(
            "nginx", desiredCount: 2, minimumHealthyPercent: nil, maximumPercent: nil)
        await lab.turn(.seconds(1))
        #expect(await lab.story("nginx") == ["a RUNNING", "b RUNNING", "a DEACTIVATING", "b DEACTIVATING"])
        await lab.turn(.seconds(31))
        #expect(await lab.story("nginx") == ["a RUNNING", "b RUNNING", "a STOPPED", "b STOPPED"])
        #expect(await lab.events("nginx").last == "(service nginx) has reached a steady state.")
    }

    @Test func `a silent balancer makes no task unhealthy`() async {
        let lab = await ControlLab.booted()
        await lab.turn(.seconds(60))
        lab.machine.script { $0.isSilent = true }
        await lab.turn(.seconds(60))
        #expect(await lab.story("nginx") == ["a RUNNING", "b RUNNING"])
    }

    @Test func `an ACL the machine did not obey is enforced later`() async throws {
        let lab = await ControlLab.booted()
        lab.machine.script { $0.isSilent = true }
        await #expect(throws: FakeDataPlane.Refused.self) {
            try await lab.control.changeNetwork { network throws(NetworkError) in
                let acl = try network.createACL(vpc: network.vpc, token: nil, tags: [])
                _ = try network.replaceAssociation(network.subnets[0].association, acl: acl.id)
            }
        }
        #expect(lab.machine.now.blocked == [])
        lab.machine.script { $0.isSilent = false }
        await lab.turn(.seconds(1))
        #expect(lab.machine.now.blocked == ["10.0.1.0/24"])
    }

    @Test func `a lab whose first task does not start says which and why`() async {
        let lab = ControlLab()
        lab.machine.script { $0.unstartable = ["nginx"] }
        await lab.control.startFirstTasks()
        await lab.control.pass()
        await lab.control.settle()
        await #expect {
            try await lab.control.boot()
        } throws: { error in
            "\(error)" == "the lab's first nginx task in ap-south-1a did not start: "
                + "CannotStartContainerError: no such image"
        }
    }

    @Test func `the control loop hears of dead tasks and ends when cancelled`() async throws {
        let lab = await ControlLab.booted()
        let victim = try #require(await lab.tasks("redis").first)
        let loop = Task { await lab.control.run() }
        lab.machine.end(victim.id, "exited with 1")
        while await lab.control.state.task(victim.id)?.exit == nil { await Task.yield() }
        loop.cancel()
        lab.clock.advance(by: .seconds(1))
        await loop.value
        #expect(await lab.control.state.task(victim.id)?.exit == "exited with 1")
    }

    @Test func `addresses are not used again soon`() {
        var pool = AddressPool()
        let first = pool.next(in: "10.0.11.0/24", taken: [])
        #expect(first == "10.0.11.20")
        #expect(pool.next(in: "10.0.11.0/24", taken: ["10.0.11.21"]) == "10.0.11.22")
        #expect(pool.next(in: "10.0.11.0/24", taken: Set((20...250).map { "10.0.11.\($0)" })) == nil)
    }
}
