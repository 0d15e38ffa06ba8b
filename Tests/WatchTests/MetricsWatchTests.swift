import AWS
import HTTP
import History
import Plan
import TestKit
import Testing

@testable import Watch

@Suite struct MetricsWatchTests {
    private static let system = System(
        name: "shop", region: "eu-test-1", zones: ScriptedAWSCloud.zones, cluster: "shop", balancer: "front",
        balancedService: "web", database: "db",
        services: [System.Service(name: "app", tasks: 2...4, port: 5000, cpu: 512, memory: 1024)])

    private func watch(_ cloud: ScriptedAWSCloud, _ clock: SimulatedClock) throws -> (
        MetricsWatch, ScriptedAWS
    ) {
        let server = try cloud.start()
        let platform = AWSPlatform(
            configuration: AWSConfiguration(
                region: "eu-test-1", endpoints: Endpoints(all: server.url), credentials: Credentials.lab,
                pause: { _ in }, wallClock: { 1_000_000 }))
        return (MetricsWatch(system: Self.system, platform: platform, speed: 6, clock: clock), server)
    }

    @Test func `datapoints are recorded once, at the end of their minute on the run's clock`() async throws {
        let cloud = ScriptedAWSCloud()
        cloud.answer { request in
            guard request.action == "GetMetricData" else { return nil }
            // m0 is the CPU of app: the wall clock stands at 1,000,000, a minute is ten seconds.
            return .ok(
                #"{"MetricDataResults":[{"Id":"m0","Timestamps":[999970,999980.5],"Values":[40,75.5]}]}"#)
        }
        let clock = SimulatedClock()
        var (watch, server) = try watch(cloud, clock)
        let samples = await watch.look().compactMap {
            if case .platform(let sample) = $0 { sample } else { nil }
        }
        #expect(samples.map(\.metric) == [.cpuUtilization, .cpuUtilization])
        #expect(samples.map(\.service) == ["app", "app"])
        #expect(samples.map(\.value) == [40, 75.5])
        #expect(samples.map(\.at) == [.seconds(-20), .seconds(-9.5)])
        #expect(await watch.look().isEmpty, "it is not time yet")
        #expect(server.count("GetMetricData") == 1)
        await clock.advance(by: .seconds(3))
        let again = await watch.look()
        #expect(server.count("GetMetricData") == 2)
        #expect(again.isEmpty, "the same datapoints are not new")
    }

    @Test func `an alarm's change and a scaling activity become events, those of before do not`() async throws
    {
        let cloud = ScriptedAWSCloud()
        func script(state: String, activities: String) {
            cloud.answer { request in
                switch request.action {
                case "DescribeScalingPolicies":
                    let alarms = #""Alarms":[{"AlarmName":"high","AlarmARN":"arn:high"}]"#
                    return .ok(
                        #"{"ScalingPolicies":[{"PolicyName":"p","ResourceId":"service/shop/app",\#(alarms)}]}"#
                    )
                case "DescribeAlarms":
                    return .ok(
                        #"{"MetricAlarms":[{"AlarmName":"high","StateValue":"\#(state)","StateReason":"why","#
                            + #""StateUpdatedTimestamp":999999}]}"#)
                case "DescribeScalingActivities": return .ok(#"{"ScalingActivities":[\#(activities)]}"#)
                default: return nil
                }
            }
        }
        func activity(_ id: String, _ resource: String) -> String {
            #"{"ActivityId":"\#(id)","ResourceId":"\#(resource)","Description":"Setting desired count to 3.","#
                + #""Cause":"monitor alarm high","StartTime":999999.5,"StatusCode":"InProgress"}"#
        }
        script(state: "OK", activities: activity("1", "service/shop/app"))
        let clock = SimulatedClock()
        var (watch, server) = try watch(cloud, clock)
        #expect(await watch.look().isEmpty)
        #expect(server.requests.first { $0.action == "DescribeAlarms" }?.list("AlarmNames") == ["high"])
        await clock.advance(by: .seconds(3))
        let both = [activity("3", "service/other/app"), activity("2", "service/shop/app")].joined(
            separator: ",")
        script(state: "ALARM", activities: both)
        let events = await watch.look().compactMap { if case .event(let event) = $0 { event } else { nil } }
        #expect(
            events.map { "\($0.subject): \($0.text)" } == [
                "alarm high: OK → ALARM: why", "app: Setting desired count to 3. monitor alarm high",
            ])
        #expect(events.map(\.at) == [.seconds(2), .seconds(2.5)])
    }

    @Test func `an endpoint without metrics is one warning`() async throws {
        let cloud = ScriptedAWSCloud()
        cloud.answer { request in
            request.action == "GetMetricData"
                ? .status(400, #"{"__type":"UnknownOperationException","message":"no"}"#) : nil
        }
        let clock = SimulatedClock()
        var (watch, server) = try watch(cloud, clock)
        let first = await watch.look()
        await clock.advance(by: .seconds(3))
        let second = await watch.look()
        #expect(first.count == 1 && second.isEmpty)
        #expect(server.count("GetMetricData") == 2)
        guard case .event(let event)? = first.first else { return #expect(Bool(false), "an event") }
        #expect(event.kind == .warning && event.text.hasPrefix("metrics and scaling cannot be watched: "))
    }
}
