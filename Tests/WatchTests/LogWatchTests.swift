import AWS
import History
import Plan
import Synchronization
import TestKit
import Testing

@testable import Watch

@Suite struct LogWatchTests {
    private static let system = System(
        name: "shop", region: "eu-test-1", zones: ScriptedAWSCloud.zones, cluster: "shop", balancer: "front",
        balancedService: "web", database: nil,
        services: [System.Service(name: "app", tasks: 2...4, port: 5000, cpu: 512, memory: 1024)])
    private static let app = ECSService(
        arn: "arn:service/shop/app", name: "app", desired: 2, running: 2, pending: 0)

    /// A cloud whose log has what `lines` says: seconds on the run's clock and messages.
    private final class Logged: Sendable {
        let cloud = ScriptedAWSCloud()
        let lines = Mutex<[(id: String, at: Double, message: String)]>([])
        /// A page of at most this many lines.
        let page: Int

        init(page: Int = 1_000) {
            self.page = page
            cloud.answer { request in
                switch request.action {
                case "DescribeTaskDefinition":
                    return .ok(
                        """
                        {"taskDefinition":{"taskDefinitionArn":"\(request.field("taskDefinition") ?? "")",\
                        "containerDefinitions":[{"name":"app","logConfiguration":{"logDriver":"awslogs",\
                        "options":{"awslogs-group":"/ecs/app","awslogs-stream-prefix":"ecs"}}}]}}
                        """)
                case "FilterLogEvents":
                    let start = request.number("startTime") ?? 0
                    let from = request.field("nextToken").flatMap(Int.init) ?? 0
                    let all = self.lines.withLock { $0 }.filter { (1_000_000 + $0.at) * 1000 >= start }
                    let events = all.dropFirst(from).prefix(self.page).map {
                        #"{"eventId":"\#($0.id)","logStreamName":"ecs/app/1a2b3c4d5e","timestamp":"#
                            + #"\#(Int((1_000_000 + $0.at) * 1000)),"message":"\#($0.message)"}"#
                    }
                    let next = from + self.page < all.count ? #","nextToken":"\#(from + self.page)""# : ""
                    return .ok(#"{"events":[\#(events.joined(separator: ","))]\#(next)}"#)
                default: return nil
                }
            }
        }

        func says(_ id: String, _ at: Double, _ message: String) {
            lines.withLock { $0.append((id, at, message)) }
        }
    }

    private func platform(_ server: ScriptedAWS, _ clock: any RunClock) -> AWSPlatform {
        AWSPlatform(
            configuration: AWSConfiguration(
                region: "eu-test-1", endpoints: Endpoints(all: server.url), credentials: Credentials.lab,
                pause: { _ in }, wallClock: { 1_000_000 + clock.now.inSeconds }))
    }

    private func reader(_ cloud: ScriptedAWSCloud, _ clock: SimulatedClock) throws -> (LogReader, ScriptedAWS)
    {
        let server = try cloud.start()
        return (LogReader(platform: platform(server, clock), clock: clock), server)
    }

    private func revision(_ number: Int) -> ECSService {
        var service = Self.app
        service.taskDefinition = "arn:td/app:\(number)"
        return service
    }

    private func told(_ entries: [Entry]) -> [String] {
        entries.compactMap {
            if case .event(let event) = $0 {
                "\(event.kind) \(event.at) \(event.subject): \(event.text)"
            } else {
                nil
            }
        }
    }

    @Test func `a line of trouble is told once, with its time and its task, also one that comes late`()
        async throws
    {
        let logged = Logged()
        let clock = SimulatedClock()
        var (reader, server) = try reader(logged.cloud, clock)
        logged.says("0", -1, "an error of before the run")
        #expect(try await reader.complaints(of: revision(3)).isEmpty)
        await clock.advance(by: .seconds(5))
        logged.says("2", 4, "database error 7")
        #expect(
            told(try await reader.complaints(of: revision(3))) == [
                "log 4s app: task 1a2b3c4d: database error 7"
            ])
        #expect(try await reader.complaints(of: revision(3)).isEmpty, "told already")
        await clock.advance(by: .seconds(5))
        logged.says("1", 3, "an error that was on its way")
        #expect(
            told(try await reader.complaints(of: revision(3))) == [
                "log 3s app: task 1a2b3c4d: an error that was on its way"
            ])
        let asked = try #require(server.requests.last { $0.action == "FilterLogEvents" })
        #expect(asked.field("logGroupName") == "/ecs/app" && asked.field("logStreamNamePrefix") == "ecs/app/")
        #expect(asked.field("filterPattern")?.hasPrefix("?error ?Error ?ERROR ?warn ") == true)
    }

    @Test func `a revision is looked up once, and the next one's lines are found too`() async throws {
        let logged = Logged()
        let clock = SimulatedClock()
        var (reader, server) = try reader(logged.cloud, clock)
        for number in [1, 1, 2] {
            _ = try await reader.complaints(of: revision(number))
            await clock.advance(by: .seconds(5))
        }
        #expect(server.count("DescribeTaskDefinition") == 2)
        _ = try await reader.complaints(of: Self.app)
        #expect(
            server.count("FilterLogEvents") == 3,
            "a service without a revision has no log that could be found")
    }

    @Test func `of a flood twenty lines are kept and the others counted, over all pages`() async throws {
        let logged = Logged(page: 30)
        let clock = SimulatedClock()
        var (reader, server) = try reader(logged.cloud, clock)
        for number in 0..<70 { logged.says("\(number)", 0.5, "error \(number)") }
        let lines = told(try await reader.complaints(of: revision(1)))
        #expect(server.count("FilterLogEvents") == 3)
        #expect(lines.count == 21)
        #expect(lines[19] == "log 500ms app: task 1a2b3c4d: error 19")
        #expect(lines[20] == "log 0s app: 50 more lines until now, in /ecs/app")
    }

    @Test func `a flood beyond all pages is read on where they ended`() async throws {
        let logged = Logged(page: 5)
        let clock = SimulatedClock()
        var (reader, server) = try reader(logged.cloud, clock)
        for number in 0..<60 { logged.says("\(number)", Double(number) / 20, "error \(number)") }
        #expect(told(try await reader.complaints(of: revision(1))).count == 21)
        await clock.advance(by: .seconds(5))
        let rest = told(try await reader.complaints(of: revision(1)))
        #expect(rest.first == "log 2.5s app: task 1a2b3c4d: error 50", "\(rest)")
        #expect(rest.count == 10)
        #expect(server.count("FilterLogEvents") == 10 + 3)
    }

    @Test func `logs are asked for every five seconds, and that they may not be read is one warning`()
        async throws
    {
        let cloud = ScriptedAWSCloud()
        cloud.answer { request in
            request.action == "DescribeServices"
                ? .ok(
                    #"{"services":[{"serviceArn":"arn:service/shop/app","serviceName":"app","desiredCount":1,"#
                        + #""runningCount":1,"pendingCount":0,"taskDefinition":"arn:td/app:1"}]}"#)
                : .status(400, #"{"__type":"AccessDeniedException","message":"no"}"#)
        }
        let server = try cloud.start()
        let history = MemoryHistory()
        let clock = EagerClock(endingAfter: 4)
        await LogWatch(system: Self.system, platform: platform(server, clock), clock: clock, writer: history)
            .run()
        #expect(
            told(history.entries) == [
                "warning 0s watch: the tasks' log cannot be watched: "
                    + "ecs DescribeTaskDefinition: AccessDeniedException: no; "
                    + "allow ecs:DescribeTaskDefinition; docs/aws.md has the policy"
            ])
        #expect(server.count("DescribeTaskDefinition") == 4)
        #expect(clock.now == .seconds(15))
    }
}
