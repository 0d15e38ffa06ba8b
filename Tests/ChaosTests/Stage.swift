import AWS
import Chaos
import Foundation
import History
import Plan
import TestKit

/// A scripted cloud, a journal in a directory of its own, and an engine over both.
final class Stage: Sendable {
    let cloud = ScriptedAWSCloud()
    let server: ScriptedAWS
    let history = MemoryHistory()
    let journalPath: String
    private let directory: URL

    init() throws {
        server = try cloud.start()
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "chaos-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        journalPath = directory.appendingPathComponent("journal.sqlite").path
    }

    deinit {
        server.stop()
        try? FileManager.default.removeItem(at: directory)
    }

    /// Of the machine that the tests pretend to run on.
    static let ownAddress = "02:00:00:00:00:07"
    static let kill = PlannedFault(
        name: "kill 1 task of web", fault: .killTasks(count: 1, service: "web", zone: nil), at: .zero)
    static let block = PlannedFault(
        name: "block zone eu-test-1a", fault: .blockZone("eu-test-1a"), at: .zero, duration: .seconds(240))

    static func plan(
        _ faults: [PlannedFault], guardrail: System.Guard = .init(), region: String = "eu-test-1"
    ) -> Plan {
        let phase = Phase(.hold, startRate: 1, endRate: 1, duration: .seconds(600))
        return Plan(
            name: "test", load: .open([phase]), requests: [], faults: faults,
            system: System(
                name: "shop", region: region, zones: ScriptedAWSCloud.zones, cluster: "shop",
                balancer: "front",
                balancedService: "web", database: "shop-db",
                services: [
                    System.Service(name: "web", tasks: 2...4, port: 80, cpu: 256, memory: 512),
                    System.Service(name: "app", tasks: 2...4, port: 5000, cpu: 512, memory: 1024),
                ], guardrail: guardrail), speed: 6)
    }

    var platform: AWSPlatform {
        AWSPlatform(
            configuration: AWSConfiguration(
                region: "eu-test-1", endpoints: Endpoints(all: server.url), credentials: Credentials.lab,
                pause: { _ in }))
    }

    func journal() throws -> Journal { try Journal(path: journalPath) }

    /// What the journal would undo, without the marks.
    func undos() throws -> [Undo] {
        try journal().all().map(\.undo.unmarked)
    }

    func engine(
        _ faults: [PlannedFault], run: String = "run-1", clock: any RunClock = EagerClock(),
        guardrail: System.Guard = .init(), region: String = "eu-test-1", guards: GuardPolicy? = nil,
        journal: Journal? = nil, harm: @escaping @Sendable () async throws(FaultProblem) -> String? = { nil }
    ) throws -> ChaosEngine {
        ChaosEngine(
            plan: Self.plan(faults, guardrail: guardrail, region: region), platform: platform,
            journal: try journal ?? self.journal(), runID: run, seed: 11, clock: clock, writer: history,
            ownAddresses: [Self.ownAddress], guards: guards, harm: harm)
    }

    /// Which list each subnet is on.
    var lists: [String: String] { cloud.now.subnets.mapValues(\.acl) }
    static let original = [
        "subnet-public-a": "acl-old", "subnet-private-a": "acl-other", "subnet-public-b": "acl-old",
        "subnet-private-b": "acl-other",
    ]
    /// The mutating calls that reached the cloud, in order.
    var mutations: [String] {
        server.requests.map(\.action).filter {
            !$0.hasPrefix("Describe") && !$0.hasPrefix("List") && !$0.hasPrefix("Get")
        }
    }
}

extension Undo {
    var unmarked: Undo { if case .marked(let marked) = self { marked.undo } else { self } }
}
