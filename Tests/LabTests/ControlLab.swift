import Foundation
import Loopback
import Testing

@testable import Lab

/// A control plane on a scripted machine and a clock turned by hand.
struct ControlLab {
    let clock = HandClock()
    let machine = FakeDataPlane()
    let control: ControlPlane
    let api: LabAPI

    init(speed: Double = 1, flaw: LabFlaw? = nil) {
        control = ControlPlane(
            dataPlane: machine, clock: clock, settings: ControlSettings(speed: speed, seed: 7, flaw: flaw))
        api = LabAPI(control: control)
    }

    /// A lab whose first tasks run, are healthy and in a steady state.
    static func booted(speed: Double = 1, flaw: LabFlaw? = nil) async -> ControlLab {
        let lab = ControlLab(speed: speed, flaw: flaw)
        await lab.control.startFirstTasks()
        await lab.turn(.seconds(2))
        return lab
    }

    /// Turns the clock in steps of a second, and lets the control loop do all it wants in each.
    func turn(_ duration: Duration, step: Duration = .seconds(1)) async {
        let end = clock.now + duration
        while clock.now < end {
            clock.advance(by: min(step, end - clock.now))
            for _ in 0..<6 {
                await control.pass()
                await control.settle()
                for id in machine.takeCrashed() { await control.exited(id, "exited with 1") }
            }
        }
    }

    func tasks(_ service: String) async -> [ECSTask] {
        await control.state.tasks.filter { $0.service == service }
    }

    /// `a RUNNING`, in order of creation.
    func story(_ service: String) async -> [String] {
        await tasks(service).map { "\($0.zone.suffix(1)) \($0.status.rawValue)" }
    }

    /// Messages of the service, oldest first, with task ids left out.
    func events(_ service: String) async -> [String] {
        let events = await control.state.service(service)?.events ?? []
        return events.reversed().map { $0.message.replacing(/task [0-9a-f]{32}/, with: "task X") }
    }

    /// Minutes in which every task of these services uses this much of its CPU, in percent; 10 of what is not named.
    func minutes(_ count: Int, _ percent: [String: Double] = [:]) async {
        for _ in 0..<count {
            let tasks = await control.state.tasks.filter { $0.status == .running }
            machine.script { state in
                for task in tasks {
                    var old =
                        state.reading.tasks.first { $0.id == task.id }
                        ?? MachineReading.Task(id: task.id, used: 0, allowed: 0, memory: 100 << 20)
                    old.used += percent[task.service] ?? 10
                    old.allowed += 100
                    state.reading.tasks.removeAll { $0.id == task.id }
                    state.reading.tasks.append(old)
                }
            }
            let length = control.monitoring.minuteLength
            let next = control.monitoring.start(of: control.monitoring.minute(at: clock.now) + 1)
            // The last step ends a little after the minute, as a tick of the loop does.
            await turn(next - clock.now - length / 60, step: length / 20)
            await control.monitor()
            await turn(length / 30, step: length / 60)
            await control.monitor()
            await control.settle()
        }
    }

    /// Desired tasks of a service.
    func desired(_ service: String) async -> Int { await control.state.service(service)?.desiredCount ?? -1 }

    // MARK: The API

    private static let signature =
        "AWS4-HMAC-SHA256 Credential=AKID/20261123/ap-south-1/%/aws4_request, SignedHeaders=host, Signature=0"

    static func signed(_ service: String) -> [String: String] {
        ["authorization": signature.replacing("%", with: service)]
    }

    func ecs(_ action: String, _ body: String = "{}") async -> LoopbackAnswer {
        var headers = Self.signed("ecs")
        headers["x-amz-target"] = "AmazonEC2ContainerServiceV20141113.\(action)"
        headers["content-type"] = "application/x-amz-json-1.1"
        return await api.answer(LoopbackRequest(headers: headers, body: Data(body.utf8)))
    }

    /// CloudWatch and Application Auto Scaling in JSON.
    func json(_ target: String, _ action: String, _ body: String = "{}") async -> LoopbackAnswer {
        let isCloudWatch = target == "GraniteServiceVersion20100801"
        var headers = Self.signed(isCloudWatch ? "monitoring" : "application-autoscaling")
        headers["x-amz-target"] = "\(target).\(action)"
        headers["content-type"] = "application/x-amz-json-\(isCloudWatch ? "1.0" : "1.1")"
        return await api.answer(LoopbackRequest(headers: headers, body: Data(body.utf8)))
    }

    /// `{"cluster": …, …}`
    func cluster(_ action: String, _ rest: String = "") async -> LoopbackAnswer {
        await ecs(action, "{\"cluster\":\"ecs-microservices-cluster\"\(rest.isEmpty ? "" : ",")\(rest)}")
    }

    func logs(_ action: String, _ body: String) async -> LoopbackAnswer {
        var headers = Self.signed("logs")
        headers["x-amz-target"] = "Logs_20140328.\(action)"
        headers["content-type"] = "application/x-amz-json-1.1"
        return await api.answer(LoopbackRequest(headers: headers, body: Data(body.utf8)))
    }

    func form(_ service: String, _ body: String) async -> LoopbackAnswer {
        let versions = [
            "ec2": "2016-11-15", "sts": "2011-06-15", "rds": "2014-10-31", "monitoring": "2010-08-01",
        ]
        let version = versions[service] ?? "2015-12-01"
        return await api.answer(
            LoopbackRequest(headers: Self.signed(service), body: Data("\(body)&Version=\(version)".utf8)))
    }
}

extension LoopbackAnswer {
    /// The text between the first `<name>` and `</name>`.
    func xml(_ name: String) -> String? {
        body.firstMatch(of: try! Regex("<\(name)>(.*?)</\(name)>", as: (Substring, Substring).self))
            .map { String($0.output.1) }
    }

    /// The body with ids of requests left out, and without the XML declaration.
    var shown: String {
        body.replacing(/<(requestId|RequestId|RequestID)>[^<]*</) { "<\($0.output.1)>…<" }
            .replacing("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", with: "").replacing("\n", with: "")
    }
}
