import Foundation
import Loopback
import Testing

@testable import Lab

/// SSM's commands and FIS's experiments, through the API.
@Suite struct APICommandTests {
    private func ssm(_ lab: ControlLab, _ action: String, _ body: String) async -> LoopbackAnswer {
        var headers = ControlLab.signed("ssm")
        headers["x-amz-target"] = "AmazonSSM.\(action)"
        headers["content-type"] = "application/x-amz-json-1.1"
        return await lab.api.answer(LoopbackRequest(headers: headers, body: Data(body.utf8)))
    }

    private func value(_ answer: LoopbackAnswer, _ name: String) -> String? {
        answer.body.firstMatch(of: try! Regex("\"\(name)\":\"(.*?)\"", as: (Substring, Substring).self))
            .map { String($0.output.1) }
    }

    private func order(_ instance: String, seconds: Int = 60) -> String {
        """
        {"DocumentName":"AWSFIS-Run-Network-Blackhole-Port-ECS","InstanceIds":["\(instance)"],"Comment":"ours",\
        "Parameters":{"Port":["80"],"Protocol":["tcp"],"TrafficType":["ingress"],"DurationSeconds":["\(seconds)"]}}
        """
    }

    @Test func `each running task is a managed instance, found by the tag with its ARN`() async throws {
        let lab = await ControlLab.booted()
        let task = try #require(await lab.tasks("nginx").first)
        let all = await ssm(lab, "DescribeInstanceInformation", "{}")
        #expect(all.body.components(separatedBy: "\"InstanceId\"").count == 6)
        let arn = lab.control.names.task(task.id)
        let one = await ssm(
            lab, "DescribeInstanceInformation",
            #"{"Filters":[{"Key":"tag:ECS_TASK_ARN","Values":["\#(arn)"]}]}"#)
        #expect(one.body.components(separatedBy: "\"InstanceId\"").count == 2)
        #expect(value(one, "InstanceId") == "mi-" + task.name.prefix(17))
        #expect(value(one, "IPAddress") == task.address)
    }

    @Test func `a command drops the port's packets, on the lab's clock, and ends by itself`() async throws {
        let lab = await ControlLab.booted(speed: 6)
        let task = try #require(await lab.tasks("nginx").first)
        let sent = await ssm(lab, "SendCommand", order("mi-" + task.name.prefix(17)))
        #expect(sent.status == 200, "\(sent.body)")
        #expect(value(sent, "Status") == "InProgress")
        #expect(lab.machine.now.impairments == [task.id: [.blackhole(BlackholePort(port: 80))]])
        await lab.turn(.seconds(9))
        #expect(!lab.machine.now.impairments.isEmpty)
        await lab.turn(.seconds(2))
        #expect(lab.machine.now.impairments.isEmpty)
        let listed = await ssm(lab, "ListCommands", "{}")
        #expect(value(listed, "Status") == "Success" && value(listed, "Comment") == "ours")
    }

    @Test(arguments: [
        (
            "AWSFIS-Run-Network-Packet-Loss-ECS", #""LossPercent":["5"],"Sources":["ALL"]"#,
            TaskImpairment.loss(percent: 5)
        ),
        ("AWSFIS-Run-Network-Packet-Loss-ECS", #""FlowsPercent":["100"]"#, .loss(percent: 7)),
        (
            "AWSFIS-Run-Network-Latency-ECS", #""DelayMilliseconds":["50"],"JitterMilliseconds":["0"]"#,
            .delay(milliseconds: 50, jitter: 0)
        ),
        ("AWSFIS-Run-CPU-Stress", #""LoadPercent":["80"],"CPU":["0"]"#, .cpu(percent: 80, workers: 0)),
        (
            "AWSFIS-Run-Network-Blackhole-Port-ECS", #""Port":["6379"],"TrafficType":["egress"]"#,
            .blackhole(BlackholePort(port: 6379, direction: .egress))
        ),
    ])
    func `each document impairs a task in its way, and is told by its name`(
        document: String, parameters: String, impairment: TaskImpairment
    ) async throws {
        let lab = await ControlLab.booted()
        let task = try #require(await lab.tasks("flask-app").first)
        let sent = await ssm(
            lab, "SendCommand",
            """
            {"DocumentName":"\(document)","InstanceIds":["mi-\(task.name.prefix(17))"],\
            "Parameters":{\(parameters),"DurationSeconds":["60"]}}
            """)
        #expect(sent.status == 200, "\(sent.body)")
        #expect(lab.machine.now.impairments == [task.id: [impairment]])
        for (name, count) in [(document, 1), ("AWSFIS-Run-Memory-Stress", 0)] {
            let listed = await ssm(
                lab, "ListCommands", #"{"Filters":[{"key":"DocumentName","value":"\#(name)"}]}"#)
            #expect(listed.body.components(separatedBy: "\"CommandId\"").count == count + 1)
        }
    }

    @Test func `a command is cancelled, also twice`() async throws {
        let lab = await ControlLab.booted()
        let task = try #require(await lab.tasks("flask-app").first)
        let instance = "mi-" + task.name.prefix(17)
        let id = try #require(value(await ssm(lab, "SendCommand", order(instance)), "CommandId"))
        for _ in 1...2 {
            #expect(await ssm(lab, "CancelCommand", #"{"CommandId":"\#(id)"}"#).body == "{}")
            #expect(lab.machine.now.impairments.isEmpty)
        }
        let rows = await ssm(lab, "ListCommandInvocations", #"{"CommandId":"\#(id)"}"#)
        #expect(value(rows, "Status") == "Cancelled" && value(rows, "InstanceId") == instance)
    }

    @Test func `two commands on one task are told apart`() async throws {
        let lab = await ControlLab.booted()
        let task = try #require(await lab.tasks("nginx").first)
        let instance = "mi-" + task.name.prefix(17)
        let first = try #require(value(await ssm(lab, "SendCommand", order(instance)), "CommandId"))
        let other = order(instance).replacing("[\"80\"]", with: "[\"443\"]")
        _ = await ssm(lab, "SendCommand", other)
        #expect(
            lab.machine.now.impairments[task.id]
                == [80, 443].reduce(into: []) { $0.insert(.blackhole(BlackholePort(port: $1))) })
        _ = await ssm(lab, "CancelCommand", #"{"CommandId":"\#(first)"}"#)
        #expect(lab.machine.now.impairments[task.id] == [.blackhole(BlackholePort(port: 443))])
    }

    @Test func `a command ends with its task`() async throws {
        let lab = await ControlLab.booted()
        let task = try #require(await lab.tasks("flask-app").first)
        let sent = await ssm(lab, "SendCommand", order("mi-" + task.name.prefix(17), seconds: 600))
        let id = try #require(value(sent, "CommandId"))
        _ = await lab.control.stopTask(task.id, reason: "test")
        await lab.turn(.seconds(2))
        let rows = await ssm(lab, "ListCommandInvocations", #"{"CommandId":"\#(id)"}"#)
        #expect(value(rows, "Status") == "Failed" && value(rows, "StatusDetails") == "Undeliverable")
    }

    private static let named = #""DocumentName":"AWSFIS-Run-Network-Blackhole-Port-ECS""#

    @Test(arguments: [
        (#"{"DocumentName":"AWS-RunShellScript"}"#, "InvalidDocument"),
        ("{\(named)}", "InvalidParameters"),
        ("{\(named),\"Parameters\":{\"Port\":[\"0\"],\"DurationSeconds\":[\"1\"]}}", "InvalidParameters"),
        ("{\(named),\"Parameters\":{\"Color\":[\"red\"]}}", "InvalidParameters"),
        (
            #"{"DocumentName":"AWSFIS-Run-Network-Latency-ECS","Parameters":{"Sources":["S3"],"DurationSeconds":["1"]}}"#,
            "InvalidParameters"
        ),
        (
            "{\(named),\"InstanceIds\":[\"mi-0\"],\"Parameters\":{\"Port\":[\"80\"],\"DurationSeconds\":[\"1\"]}}",
            "InvalidInstanceId"
        ),
    ])
    func `what SSM refuses is refused`(body: String, code: String) async {
        let lab = await ControlLab.booted()
        #expect(value(await ssm(lab, "SendCommand", body), "__type") == code)
        #expect(
            value(await ssm(lab, "CancelCommand", #"{"CommandId":"none"}"#), "__type") == "InvalidCommandId")
    }

    // MARK: FIS

    private func fis(_ lab: ControlLab, _ method: String, _ path: String, _ body: String = "") async
        -> LoopbackAnswer
    {
        await lab.api.answer(
            LoopbackRequest(
                method: method, path: path, headers: ControlLab.signed("fis"), body: Data(body.utf8)))
    }

    @Test func `an experiment interrupts one Spot task, which drains before it gets SIGTERM`() async throws {
        let lab = await ControlLab.booted()
        let templates = await fis(lab, "GET", "/experimentTemplates")
        #expect(templates.body.contains(#""tags":{"loadchaos:fault":"interrupt nginx"}"#))
        let order = #"{"experimentTemplateId":"EXTspotnginx","clientToken":"t1"}"#
        let started = await fis(lab, "POST", "/experiments", order)
        #expect(started.status == 200 && value(started, "status") == "completed")
        let victim = try #require(await lab.tasks("nginx").first { !$0.isWanted })
        #expect(victim.capacityProvider == .spot && victim.cause == .spotInterruption)
        await lab.control.settle()
        #expect(lab.machine.now.log.last { $0.hasPrefix("drain") } == "drain \(victim.address):80")
        #expect(lab.machine.now.running[victim.id] != nil)
        // Repeated with its token it is the same experiment.
        #expect(value(await fis(lab, "POST", "/experiments", order), "id") == value(started, "id"))
        let targets = await fis(lab, "GET", "/experiments/\(value(started, "id") ?? "")/resolvedTargets")
        #expect(targets.body.contains(lab.control.names.task(victim.id)))
        // Thirty seconds of draining leave ninety of the two minutes.
        await lab.turn(.seconds(33))
        let stop = try #require(lab.machine.now.log.last { $0.hasPrefix("stop \(victim.address)") })
        let grace = try #require(
            stop.firstMatch(of: /within ([0-9.]+) seconds/).flatMap { Double($0.output.1) })
        #expect((85...90).contains(grace))
        let described = await lab.cluster("DescribeTasks", "\"tasks\":[\"\(victim.name)\"]")
        #expect(
            described.body.contains(
                #""stopCode":"SpotInterruption","stoppedReason":"Your Spot Task was interrupted.""#))
        #expect(described.body.contains(#""capacityProviderName":"FARGATE_SPOT""#))
        let wanted = await lab.tasks("nginx").filter(\.isWanted)
        #expect(wanted.compactMap(\.capacityProvider) == [.fargate, .spot])
    }

    @Test(arguments: [
        ("GET", "/experiments/EXPnone", 404), ("POST", "/experiments", 404), ("GET", "/nothing", 404),
        ("DELETE", "/experiments", 404),
    ])
    func `other paths and ids are told so in JSON`(method: String, path: String, status: Int) async {
        let lab = await ControlLab.booted()
        let answer = await fis(lab, method, path, method == "POST" ? #"{"experimentTemplateId":"x"}"# : "")
        #expect(answer.status == status && answer.body.hasPrefix(#"{"__type":""#))
    }

    // MARK: Capacity

    @Test func `a service with a strategy shows it in place of a launch type`() async {
        let lab = await ControlLab.booted()
        let answer = await lab.cluster("DescribeServices", #""services":["nginx","redis"]"#)
        let parts = answer.body.components(separatedBy: "\"serviceName\":\"redis\"")
        #expect(
            parts[0].contains(
                #""capacityProviderStrategy":[{"capacityProvider":"FARGATE","weight":1,"base":1}"#))
        #expect(!parts[0].contains("launchType"))
        #expect(
            parts[1].contains("\"launchType\":\"FARGATE\"") && !parts[1].contains("capacityProviderStrategy"))
    }

    @Test func `the base comes first, then tasks by weight`() async {
        let lab = await ControlLab.booted()
        _ = await lab.cluster("UpdateService", #""service":"nginx","desiredCount":5"#)
        await lab.turn(.seconds(2))
        let providers = await lab.tasks("nginx").compactMap(\.capacityProvider)
        #expect(providers == [.fargate, .spot, .fargate, .spot, .spot])
    }

    @Test func `a lab with one zone places all tasks there, at boot and later`() async {
        let lab = ControlLab(flaw: .oneZone)
        await lab.control.startFirstTasks()
        await lab.turn(.seconds(2))
        _ = await lab.cluster("UpdateService", #""service":"flask-app","desiredCount":4"#)
        await lab.turn(.seconds(30))
        let zones = Set(await lab.control.state.tasks.map(\.zone))
        #expect(zones == ["ap-south-1a"])
        #expect(await lab.tasks("flask-app").count == 4)
        #expect(await lab.tasks("redis").count == 1)
    }
}
