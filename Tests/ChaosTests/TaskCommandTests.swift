import AWS
import Chaos
import Foundation
import History
import Plan
import TestKit
import Testing

/// The faults inside of tasks, each by a document of SSM's. Their common life is HangTasksTests'.
@Suite struct TaskCommandTests {
    private static func planned(_ name: String, _ fault: Fault) -> PlannedFault {
        PlannedFault(name: name, fault: fault, at: .zero, duration: .seconds(60))
    }

    private struct Case: Sendable {
        var fault: PlannedFault
        var document: String
        var parameters: [String: [String]]
        /// `INSTANCES` for theirs.
        var seen: String
    }

    private static let cases = [
        Case(
            fault: planned("cut app from web", .cut(service: "app", from: .service("web"))),
            document: "AWSFIS-Run-Network-Blackhole-Port-ECS",
            parameters: ["Port": ["80"], "Protocol": ["tcp"], "TrafficType": ["egress"]],
            seen: "what INSTANCES send to web's port 80 is dropped"),
        Case(
            fault: planned("cut app from database", .cut(service: "app", from: .database)),
            document: "AWSFIS-Run-Network-Blackhole-Port-ECS",
            parameters: ["Port": ["5432"], "Protocol": ["tcp"], "TrafficType": ["egress"]],
            seen: "what INSTANCES send to database's port 5432 is dropped"),
        Case(
            fault: planned("cut app from dns", .cut(service: "app", from: .dns)),
            document: "AWSFIS-Run-Network-Blackhole-Port-ECS",
            parameters: ["Port": ["53"], "Protocol": ["udp"], "TrafficType": ["egress"]],
            seen: "what INSTANCES send to dns's port 53 is dropped"),
        Case(
            fault: planned("lose 5% of packets of app", .losePackets(percent: 5, service: "app")),
            document: "AWSFIS-Run-Network-Packet-Loss-ECS",
            parameters: ["LossPercent": ["5"], "Sources": ["ALL"]],
            seen: "INSTANCES lose 5% of the packets they send"),
        Case(
            fault: planned("delay app by 50ms", .delay(service: "app", by: .milliseconds(50))),
            document: "AWSFIS-Run-Network-Latency-ECS",
            parameters: ["DelayMilliseconds": ["50"], "JitterMilliseconds": ["0"], "Sources": ["ALL"]],
            seen: "what INSTANCES send leaves 50ms late"),
        Case(
            fault: planned("stress cpu of app", .stressCPU(service: "app")),
            document: "AWSFIS-Run-CPU-Stress",
            parameters: ["LoadPercent": ["100"], "CPU": ["0"]], seen: "other work takes the CPU of INSTANCES"),
    ]

    @Test(arguments: cases.indices)
    func `each is one command in every running task, proved when it is felt, and cancelled`(
        index: Int
    ) async throws {
        let (wanted, stage) = (Self.cases[index], try Stage())
        let engine = try stage.engine([wanted.fault], harm: { "the median latency is 110ms" })
        try await engine.preflight()
        await engine.play(0)
        let record = try #require(stage.history.faults[0])
        #expect(record.state == .healed, "\(record)")
        let command = try #require(stage.cloud.now.commands.first)
        let running = stage.cloud.now.tasks.filter { $0.service == "app" }.map { "mi-\($0.id)" }
        #expect(command.instances.sorted() == running.sorted() && command.status == "Cancelled")
        #expect(
            record.effectProof == wanted.seen.replacing(
                "INSTANCES", with: command.instances.joined(separator: ", "))
                + " (command \(command.id)); the median latency is 110ms")
        let sent = try #require(stage.server.requests.first { $0.action == "SendCommand" })
        #expect(sent.field("DocumentName") == wanted.document)
        let body = try #require(try JSONSerialization.jsonObject(with: Data(sent.body)) as? [String: Any])
        let duration = ["DurationSeconds": ["120"]]
        #expect(
            body["Parameters"] as? [String: [String]] == wanted.parameters.merging(duration) { $1 })
        #expect(stage.mutations == ["SendCommand", "CancelCommand"])
    }

    @Test func `it takes no task out, so a guard that leaves tasks allows it`() async throws {
        let stage = try Stage()
        let engine = try stage.engine(
            [Self.cases[0].fault], guardrail: System.Guard(leastLeft: 3, largestShare: 0.1))
        try await engine.preflight()
    }

    @Test func `a command that is left over is found by any of the documents`() async throws {
        let stage = try Stage()
        for (number, wanted) in Self.cases.enumerated() {
            stage.cloud.change {
                $0.commands = [
                    .init(id: "left", comment: "loadchaos run-\(number) \(wanted.fault.name)", instances: [])
                ]
            }
            stage.cloud.answer { request in
                guard request.action == "ListCommands" else { return nil }
                let isOurs = String(decoding: request.body, as: UTF8.self).contains(wanted.document)
                return isOurs ? nil : .ok(#"{"Commands":[]}"#)
            }
            let system = try #require(Stage.plan([]).system)
            let found = try await TagRecovery.find(system, on: stage.platform)
            #expect(found.debts.map(\.debt.fault) == [wanted.fault.name])
        }
    }
}
