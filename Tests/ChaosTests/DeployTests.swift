import AWS
import Foundation
import History
import Plan
import TestKit
import Testing

@testable import Chaos

@Suite struct DeployTests {
    private static let old = "arn:aws:ecs:eu-test-1:123456789012:task-definition/shop-app:3"
    private static let new = "arn:aws:ecs:eu-test-1:123456789012:task-definition/shop-app:4"

    private static func service(
        _ revision: String, _ state: String, failed: Int = 0, breaker: Bool = true
    ) -> ECSService {
        var service = ECSService(
            arn: "a", name: "app", desired: 3, running: 3, pending: 0,
            deployments: [
                .init(
                    id: "d", status: "PRIMARY", rolloutState: state, taskDefinition: revision, running: 3,
                    failedTasks: failed)
            ])
        service.hasCircuitBreaker = breaker
        return service
    }

    @Test(
        arguments: [
            (.good, service(new, "IN_PROGRESS"), false), (.good, service(new, "COMPLETED"), true),
            (.good, service(old, "COMPLETED"), false), (.good, service(new, "FAILED", failed: 3), false),
            (.slow, service(new, "COMPLETED"), true),
            (.unhealthy, service(new, "IN_PROGRESS", failed: 9), false),
            (.unhealthy, service(new, "FAILED", failed: 3), true),
            (.unhealthy, service(old, "IN_PROGRESS"), true),
            (.crashing, service(new, "IN_PROGRESS", failed: 2, breaker: false), false),
            (.crashing, service(new, "IN_PROGRESS", failed: 3, breaker: false), true),
            (.crashing, service(new, "COMPLETED"), false),
        ] as [(Fault.Release, ECSService, Bool)])
    func `a release has taken effect when its rollout has come to its end`(
        release: Fault.Release, service: ECSService, proved: Bool
    ) {
        let outcome = Deploy.outcome(service, ours: Self.new, release: release)
        let isProved = if case .proved = outcome { true } else { false }
        #expect(isProved == proved, "\(outcome)")
    }

    private static let content: JSONDocument = .object([
        "family": .string("shop-app"),
        "containerDefinitions": .array([
            .object(["name": .string("agent")]),
            .object([
                "name": .string("app"), "image": .string("app:1"), "entryPoint": .array([.string("x")]),
                "environment": .array([
                    .object(["name": .string("RESPONSE_DELAY_MS"), "value": .string("0")])
                ]),
                "healthCheck": .object([
                    "command": .array([.string("CMD"), .string("true")]), "interval": .int(7),
                ]),
            ]),
        ]),
    ])

    @Test(arguments: Fault.Release.allCases)
    func `a release differs from the revision before in one thing only`(release: Fault.Release) throws {
        let made = release.apply(to: Self.content, service: "app", run: "r1")
        #expect(made["containerDefinitions"]?.items[0] == Self.content["containerDefinitions"]?.items[0])
        let (before, after) = (
            try #require(Self.content["containerDefinitions"]?.items[1]),
            try #require(made["containerDefinitions"]?.items[1])
        )
        let changed = ["name", "image", "entryPoint", "command", "environment", "healthCheck"].filter {
            before[$0] != after[$0]
        }
        switch release {
        case .good, .slow: #expect(changed == ["environment"])
        case .crashing: #expect(changed == ["entryPoint", "command"])
        case .unhealthy:
            #expect(changed == ["healthCheck"])
            #expect(after["healthCheck"]?["interval"] == .int(7))
        }
        if release == .slow {
            let variable: JSONDocument = .object([
                "name": .string("RESPONSE_DELAY_MS"), "value": .string("100"),
            ])
            #expect(after["environment"] == .array([variable]))
        }
    }

    private static let fault = PlannedFault(
        name: "deploy app", fault: .deploy(service: "app", .good), at: .zero)

    /// The app is on a revision of ours, which nobody has taken back.
    private func deployed() throws -> Stage {
        let stage = try Stage()
        stage.cloud.change { state in
            state.revisions.all.append(
                .init(
                    family: "shop-app", number: 4,
                    tags: ["loadchaos:run": "run-1", "loadchaos:fault": "deploy app"]))
            state.revisions.current["app"] = Self.new
        }
        return stage
    }

    @Test func `a release is rolled out, and its service put back`() async throws {
        let stage = try Stage()
        await (try stage.engine([Self.fault])).play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed)
        #expect(record.effectProof == "shop-app:4 is deployed: 3 tasks run it")
        #expect(
            stage.mutations == [
                "RegisterTaskDefinition", "UpdateService", "UpdateService", "DeregisterTaskDefinition",
            ])
        #expect(stage.cloud.now.revisions.current["app"] == Self.old)
        let sent = try #require(stage.server.requests.first { $0.action == "RegisterTaskDefinition" })
        let body = String(decoding: sent.body, as: UTF8.self)
        #expect(body.contains("LOADCHAOS_RELEASE") && !body.contains("revision\""))
        #expect(body.contains(#"{"key":"loadchaos:run","value":"run-1"}"#))
    }

    @Test func `a service that went on to another revision is left there`() async throws {
        let stage = try deployed()
        stage.cloud.change { $0.revisions.current["app"] = "x:9" }
        let undo = RestoreRevision(
            cluster: "shop", service: "app", family: "shop-app", original: Self.old, run: "run-1",
            fault: "deploy app")
        #expect(
            try await undo.revert(on: stage.platform, applied: ["revision": Self.new]) == [
                "shop-app:4 is deregistered"
            ])
        #expect(stage.cloud.now.revisions.current["app"] == "x:9")
        #expect(try await undo.revert(on: stage.platform, applied: ["revision": Self.new]) == [])
    }

    @Test func `a revision the journal does not know is found by its tags`() async throws {
        let stage = try deployed()
        let undo = RestoreRevision(
            cluster: "shop", service: "app", family: "shop-app", original: Self.old, run: "run-1",
            fault: "deploy app")
        #expect(try await undo.revert(on: stage.platform, applied: [:]).count == 2)
        #expect(stage.cloud.now.revisions.current["app"] == Self.old)
    }

    @Test func `an undo that fails says how to do it by hand`() async throws {
        let stage = try deployed()
        stage.cloud.answer { request in
            request.action == "UpdateService"
                ? .status(400, #"{"__type":"ClientException","message":"refused"}"#) : nil
        }
        let undo = RestoreRevision(
            cluster: "shop", service: "app", family: "shop-app", original: Self.old, run: "run-1",
            fault: "deploy app")
        let failure = await #expect(throws: UndoFailure.self) {
            try await undo.revert(on: stage.platform, applied: ["revision": Self.new])
        }
        #expect(failure?.commands.count == 2)
        #expect(failure?.commands[0].contains("--task-definition \(Self.old)") == true)
    }
}
