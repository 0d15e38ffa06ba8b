import AWS
import Foundation
import HTTP
import History
import Plan
import Shell
import Synchronization
import TestKit
import Testing
import Watch

@Suite struct ProbeEngineTests {
    // MARK: - On this machine

    private final class ScriptedShell: ShellRunner {
        let asked = Mutex<[String: String]>([:])
        let ending: CommandEnding
        init(_ ending: CommandEnding) { self.ending = ending }
        func run(_ command: String, _ variables: [String: String], timeout: Nanoseconds) async
            -> CommandEnding
        {
            asked.withLock { $0 = variables.merging(["command": command, "timeout": "\(timeout)"]) { $1 } }
            return ending
        }
    }

    private static func plan(_ probe: Probe) -> Plan {
        Plan(
            name: "test", load: .closed(users: 1, duration: .seconds(60)), requests: [], probes: [probe],
            system: System(
                name: "shop", region: "eu-test-1", zones: ScriptedAWSCloud.zones, cluster: "shop",
                balancer: "front", balancedService: "web", database: "shop-db",
                services: [
                    System.Service(name: "web", tasks: 2...4, port: 80, cpu: 256, memory: 512),
                    System.Service(name: "app", tasks: 2...4, port: 5000, cpu: 512, memory: 1024),
                ]))
    }

    private func played(
        _ probe: Probe, _ server: ScriptedAWS? = nil,
        shell: any ShellRunner = ScriptedShell(.init(.exited(0))),
        clock: any RunClock = EagerClock(now: .seconds(5))
    ) async throws -> MemoryHistory {
        let history = MemoryHistory()
        let platform = server.map { server in
            AWSPlatform(
                configuration: AWSConfiguration(
                    region: "eu-test-1", endpoints: Endpoints(all: server.url), credentials: Credentials.lab,
                    pause: { _ in }))
        }
        await ProbeEngine(
            plan: Self.plan(probe), platform: platform, runID: "20261124-a_b.c-x7k2", clock: clock,
            writer: history, shell: shell, surroundings: ["AWS_REGION": "eu-test-1"]
        ).play(0)
        return history
    }

    private func record(_ history: MemoryHistory) throws -> ProbeRecord {
        try #require(
            history.entries.compactMap { if case .probe(let record) = $0 { record } else { nil } }.last)
    }

    @Test func `a shell probe gets the platform's variables, and its answer is recorded`() async throws {
        let shell = ScriptedShell(.init(.exited(3), output: ProbeOutput("took 41 ms\nbad")))
        let probe = Probe(
            name: "own", at: .zero, place: .harness, command: "./check.sh", timeout: .seconds(7))
        let history = try await played(probe, shell: shell)
        #expect(
            shell.asked.withLock { $0 } == [
                "command": "./check.sh", "timeout": "7s", "AWS_REGION": "eu-test-1",
            ])
        let record = try record(history)
        #expect(record.exitCode == 3 && record.problem == nil && record.place == "this machine")
        #expect(
            record.number == 41 && record.numberLine == "took 41 ms" && record.output == "took 41 ms\nbad")
        #expect(record.started == .seconds(5) && record.ended == .seconds(5))
        #expect(history.events.map(\.text) == ["begins: ./check.sh", "ended with exit code 3: took 41 ms"])
        #expect(history.events.allSatisfy { $0.kind == .probe && $0.subject == "own" })
    }

    @Test(arguments: [
        (CommandEnding.End.timedOut, "it did not end within 30s"), (.cancelled, "it was ended with the run"),
        (.noStart("no /bin/sh"), "no /bin/sh"),
    ])
    func `a shell probe without an answer says why`(end: CommandEnding.End, why: String) async throws {
        let probe = Probe(name: "own", at: .zero, place: .harness, command: "sleep 99")
        let record = try record(try await played(probe, shell: ScriptedShell(.init(end))))
        #expect(record.exitCode == nil && record.problem == why)
    }

    // MARK: - In a task

    /// A task that runs for some looks, and then ends as it is told; everything else is the cloud's.
    private final class TaskCloud: Sendable {
        struct State {
            var looks = 0
            var stopped = false
        }
        let cloud = ScriptedAWSCloud()
        let state = Mutex(State())

        /// `end`: the fields of the stopped task; `after` looks.
        func start(end: String, after looks: Int = 2, log: String = #"{"events":[{"message":"PONG 7"}]}"#)
            throws
            -> ScriptedAWS
        {
            cloud.answer { request in
                switch request.action {
                case "DescribeServices":
                    return .ok(
                        """
                        {"services":[{"serviceArn":"arn:service/shop/app","serviceName":"app","desiredCount":1,\
                        "runningCount":1,"pendingCount":0,"taskDefinition":"arn:td/app:3",\
                        "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-a","subnet-b"],"securityGroups":["sg-own"],\
                        "assignPublicIp":"DISABLED"}}}]}
                        """)
                case "DescribeTaskDefinition":
                    return .ok(
                        """
                        {"taskDefinition":{"taskDefinitionArn":"arn:td/app:3",\
                        "containerDefinitions":[{"name":"app","essential":true,"logConfiguration":\
                        {"logDriver":"awslogs","options":{"awslogs-group":"/ecs/app","awslogs-stream-prefix":"ecs"}}}]}}
                        """)
                case "RunTask":
                    return .ok(#"{"tasks":[{"taskArn":"arn:task/shop/t1","lastStatus":"PROVISIONING"}]}"#)
                case "DescribeTasks" where request.list("tasks") == ["arn:task/shop/t1"]:
                    let look = self.state.withLock { state in
                        state.looks += 1
                        return state.looks
                    }
                    let fields =
                        look > looks ? #""lastStatus":"STOPPED",\#(end)"# : #""lastStatus":"RUNNING""#
                    return .ok(#"{"tasks":[{"taskArn":"arn:task/shop/t1",\#(fields)}],"failures":[]}"#)
                case "StopTask":
                    self.state.withLock { $0.stopped = true }
                    return .ok(#"{"task":{"taskArn":"arn:task/shop/t1"}}"#)
                case "GetLogEvents": return .ok(log)
                case "DescribeSecurityGroups":
                    let found = request.form["Filter.2.Value.1"] == "stranger"
                    let item =
                        "<item><groupId>sg-9</groupId><groupName>stranger</groupName><vpcId>vpc-1</vpcId></item>"
                    return .ok(
                        "<R xmlns=\"urn:test\"><securityGroupInfo>\(found ? item : "")</securityGroupInfo></R>"
                    )
                case "DescribeDBInstances":
                    let address = "<Endpoint><Address>db.internal</Address></Endpoint>"
                    return .ok(
                        """
                        <D xmlns="urn:test"><DescribeDBInstancesResult><DBInstances><DBInstance>\(address)</DBInstance>\
                        </DBInstances></DescribeDBInstancesResult></D>
                        """)
                default: return nil
                }
            }
            return try cloud.start()
        }

        var isStopped: Bool { state.withLock { $0.stopped } }
    }

    private static func probe(_ command: String = "redis-cli ping", group: String? = nil) -> Probe {
        Probe(name: "p", at: .zero, place: .task(of: "app", group: group), command: command)
    }

    private func body(_ server: ScriptedAWS, of action: String) throws -> [String: Any] {
        let request = try #require(server.requests.first { $0.action == action })
        return try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
    }

    @Test
    func
        `a task is run with the command, in the service's subnets, and its exit code and log are the answer`()
        async throws
    {
        let server = try TaskCloud().start(
            end: #""stopCode":"EssentialContainerExited","containers":[{"exitCode":0}]"#)
        let record = try record(try await played(Self.probe(), server))
        #expect(record.exitCode == 0 && record.problem == nil)
        #expect(record.place == "task t1 of app" && record.number == 7 && record.output == "PONG 7")
        let order = try body(server, of: "RunTask")
        #expect(
            order["taskDefinition"] as? String == "arn:td/app:3"
                && order["launchType"] as? String == "FARGATE")
        #expect(order["startedBy"] as? String == "loadchaos/20261124-a-b-c-x7k2")
        let network = try #require(order["networkConfiguration"] as? [String: [String: Any]])
        #expect(network["awsvpcConfiguration"]?["subnets"] as? [String] == ["subnet-a", "subnet-b"])
        #expect(network["awsvpcConfiguration"]?["securityGroups"] as? [String] == ["sg-own"])
        let overrides = try #require(
            (order["overrides"] as? [String: [[String: Any]]])?["containerOverrides"]?.first)
        #expect(overrides["name"] as? String == "app")
        #expect(overrides["command"] as? [String] == ["timeout", "210", "sh", "-c", "redis-cli ping"])
        let log = try body(server, of: "GetLogEvents")
        #expect(
            log["logGroupName"] as? String == "/ecs/app" && log["logStreamName"] as? String == "ecs/app/t1")
        #expect(server.count("StopTask") == 0)
    }

    @Test func `a group is found by name, and used by id`() async throws {
        let server = try TaskCloud().start(end: #""containers":[{"exitCode":1}]"#)
        let record = try record(try await played(Self.probe(group: "stranger"), server))
        #expect(record.exitCode == 1)
        let network = try #require(
            try body(server, of: "RunTask")["networkConfiguration"] as? [String: [String: Any]])
        #expect(network["awsvpcConfiguration"]?["securityGroups"] as? [String] == ["sg-9"])
    }

    @Test func `a group that is not there is said, and no task is run`() async throws {
        let server = try TaskCloud().start(end: "")
        let record = try record(try await played(Self.probe(group: "nobody"), server))
        #expect(record.problem == "vpc-1 has no security group \"nobody\"")
        #expect(server.count("RunTask") == 0)
    }

    @Test func `addresses that the command names are asked for and handed over`() async throws {
        let server = try TaskCloud().start(end: #""containers":[{"exitCode":0}]"#)
        let command = "nc $DATABASE_ADDRESS; nc ${BALANCER_ADDRESS}"
        #expect(try record(try await played(Self.probe(command), server)).problem == nil)
        let order = try body(server, of: "RunTask")
        let overrides = try #require(
            (order["overrides"] as? [String: [[String: Any]]])?["containerOverrides"]?.first)
        let variables = try #require(overrides["environment"] as? [[String: String]])
        #expect(variables.map { $0["name"] } == ["BALANCER_ADDRESS", "DATABASE_ADDRESS"])
        #expect(variables.last?["value"] == "db.internal")
    }

    @Test(arguments: [
        (#""stopCode":"TaskFailedToStart","stoppedReason":"no capacity""#, "its task never ran: no capacity"),
        (
            #""stopCode":"UserInitiated","stoppedReason":"by hand","containers":[{"exitCode":137}]"#,
            "its task was stopped: by hand"
        ),
        (
            #""containers":[{"reason":"CannotPullContainerError"}]"#,
            "its task never ran: CannotPullContainerError"
        ),
    ])
    func `a task that gave no exit code of its own is no answer`(end: String, why: String) async throws {
        let record = try record(try await played(Self.probe(), try TaskCloud().start(end: end)))
        #expect(record.exitCode == nil && record.problem == why)
    }

    @Test func `a task that takes too long is stopped`() async throws {
        let cloud = TaskCloud()
        let server = try cloud.start(end: "", after: .max)
        let record = try record(try await played(Self.probe(), server))
        #expect(record.problem == "it did not end within 3m")
        #expect(record.ended == .seconds(185))
        #expect(cloud.isStopped)
    }

    @Test func `a task is stopped when the run is ended`() async throws {
        let cloud = TaskCloud()
        let server = try cloud.start(end: "", after: .max)
        let clock = EagerClock { aim in if aim > .seconds(2) { throw CancellationError() } }
        let record = try record(try await played(Self.probe(), server, clock: clock))
        #expect(record.problem == "it was ended with the run")
        #expect(cloud.isStopped)
    }

    @Test func `a task that ECS cannot place is said in its words`() async throws {
        let cloud = TaskCloud()
        let server = try cloud.start(end: "")
        cloud.cloud.answer { request in
            request.action == "DescribeServices"
                ? .status(400, #"{"__type":"ClusterNotFoundException","message":"Cluster not found."}"#) : nil
        }
        let record = try record(try await played(Self.probe(), server))
        #expect(record.problem == "ecs DescribeServices: ClusterNotFoundException: Cluster not found.")
    }
}
