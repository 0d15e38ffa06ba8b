import AWS
import HTTP
import History
import Plan
import Synchronization
import TestKit
import Testing
import Watch

@Suite struct PlatformWatchTests {
    private static let plan = Plan(
        name: "test", load: .closed(users: 1, duration: .seconds(60)), requests: [],
        system: System(
            name: "shop", region: "eu-test-1", zones: ScriptedAWSCloud.zones, cluster: "shop",
            balancer: "front",
            balancedService: "web",
            services: [
                System.Service(name: "web", tasks: 2...4, port: 80, cpu: 256, memory: 512),
                System.Service(name: "app", tasks: 2...4, port: 5000, cpu: 512, memory: 1024),
            ]))

    /// Watches the cloud for some looks; `between` runs after each look, with its number from 1.
    private func watch(
        _ cloud: ScriptedAWSCloud, looks: Int, onNodes: (@Sendable ([String]) -> Void)? = nil,
        between: @escaping @Sendable (Int) -> Void
    ) async throws -> MemoryHistory {
        let server = try cloud.start()
        let history = MemoryHistory()
        let clock = EagerClock(endingAfter: looks, between: between)
        let platform = AWSPlatform(
            configuration: AWSConfiguration(
                region: "eu-test-1", endpoints: Endpoints(all: server.url), credentials: Credentials.lab,
                pause: { _ in }))
        await PlatformWatch(
            plan: Self.plan, platform: platform, clock: clock, writer: history, onNodes: onNodes
        ).run()
        return history
    }

    private func samples(_ history: MemoryHistory) -> [PlatformSample] {
        history.entries.compactMap { if case .platform(let sample) = $0 { sample } else { nil } }
    }

    @Test func `what changes between two looks is written, and nothing else`() async throws {
        let cloud = ScriptedAWSCloud()
        let history = try await watch(cloud, looks: 3) { number in
            if number == 1 { cloud.change { $0.targetStates = ["weba": "unhealthy"] } }
        }
        let written = samples(history)
        // Two services; desired, and three metrics over all and in two zones.
        #expect(written.count { $0.at == .zero } == 20)
        let later = written.filter { $0.at > .zero }
        #expect(later.map(\.zone) == [nil, "eu-test-1a"])
        #expect(later.map(\.value) == [1, 0])
        #expect(
            later.allSatisfy { $0.metric == .healthyTasks && $0.service == "web" && $0.at == .seconds(1) })
        #expect(history.events.map(\.text) == ["healthy → unhealthy (Target.Timeout)"])
    }

    @Test func `a stopped task is seen with its reason, once`() async throws {
        let cloud = ScriptedAWSCloud()
        let history = try await watch(cloud, looks: 5) { number in
            guard number == 2 else { return }
            cloud.change { state in
                for at in state.tasks.indices where state.tasks[at].id == "appa" {
                    state.tasks[at].lastStatus = "STOPPED"
                    state.tasks[at].desiredStatus = "STOPPED"
                    state.tasks[at].reason = "out of memory"
                }
            }
        }
        let texts = history.events.map(\.text)
        #expect(
            texts == [
                "task appa in eu-test-1a is being stopped: out of memory",
                "task appa in eu-test-1a stopped: out of memory",
            ])
    }

    @Test func `an API that goes away is one warning, and one line when it is back`() async throws {
        let cloud = ScriptedAWSCloud()
        let history = try await watch(cloud, looks: 8) { number in
            if number == 2 { cloud.answer { _ in .close } }
            if number == 6 { cloud.answer(instead: nil) }
        }
        let events = history.events
        #expect(events.map(\.kind) == [.warning, .platform])
        #expect(events.first?.text.hasPrefix("the platform cannot be watched: ") == true)
        #expect(events.last?.text == "the platform is watched again")
    }

    @Test func `the balancer's nodes are told at first, and when they change`() async throws {
        let cloud = ScriptedAWSCloud()
        let told = Mutex<[[String]]>([])
        _ = try await watch(cloud, looks: 4, onNodes: { nodes in told.withLock { $0.append(nodes) } }) {
            number in
            if number == 2 { cloud.change { $0.nodes = ["127.0.2.10"] } }
        }
        #expect(told.withLock { $0 } == [["127.0.1.10", "127.0.2.10"], ["127.0.2.10"]])
    }

    @Test func `throttling slows the watch down, and answers let it catch up`() {
        func error(_ code: String, status: Int = 400) -> AWSError {
            AWSError(service: "ecs", action: "x", kind: .refused(code: code, message: "", status: status))
        }
        var pace = WatchPace(interval: .seconds(5))
        #expect(pace.failed(error("ThrottlingException")) != nil)
        #expect(pace.wait == .seconds(10))
        #expect(pace.failed(error("ThrottlingException")) == nil)
        for _ in 0..<5 { _ = pace.failed(error("RequestLimitExceeded")) }
        #expect(pace.wait == .seconds(60))
        #expect(pace.answered() == "the platform is watched again")
        #expect(pace.wait == .seconds(30))
        for _ in 0..<5 { #expect(pace.answered() == nil) }
        #expect(pace.wait == .seconds(5))
        _ = pace.failed(error("ClusterNotFoundException"))
        #expect(pace.wait == .seconds(5))
    }
}
