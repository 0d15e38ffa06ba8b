import AWS
import TestKit
import Testing

/// CloudWatch's and Application Auto Scaling's calls as they go over the wire.
@Suite struct MetricsTests {
    private func platform(_ server: ScriptedAWS) -> AWSPlatform {
        AWSPlatform(
            configuration: AWSConfiguration(
                region: "eu-test-1", endpoints: Endpoints(all: server.url), credentials: Credentials.lab,
                pause: { _ in }))
    }

    @Test func `metric data is asked in JSON 1_0, and read over all pages`() async throws {
        let server = try ScriptedAWS { request in
            request.field("NextToken") == nil
                ? .ok(#"{"MetricDataResults":[{"Id":"m1","Timestamps":[10],"Values":[5]}],"NextToken":"t"}"#)
                : .ok(
                    #"{"MetricDataResults":[{"Id":"m0","Timestamps":[10,70.5],"Values":[1,2]},{"Id":"m1"}]}"#)
        }
        let query = CloudWatch.Query(
            "AWS/ECS", "CPUUtilization", ["ServiceName": "b", "ClusterName": "a"], "Average")
        let found = try await platform(server).cloudWatch.getMetricData([query, query], from: 10, to: 130)
        #expect(found.map { $0.map(\.time) } == [[10, 70.5], [10]])
        #expect(found.map { $0.map(\.value) } == [[1, 2], [5]])
        let request = try #require(server.requests.first)
        #expect(request["X-Amz-Target"] == "GraniteServiceVersion20100801.GetMetricData")
        #expect(request["Content-Type"] == "application/x-amz-json-1.0")
        let body = String(decoding: request.body, as: UTF8.self)
        #expect(
            body.contains(
                #""Dimensions":[{"Name":"ClusterName","Value":"a"},{"Name":"ServiceName","Value":"b"}]"#))
        #expect(body.contains(#""StartTime":10"#) && body.contains(#""ScanBy":"TimestampAscending""#))
    }

    @Test func `alarms that are not asked for are not asked`() async throws {
        let server = try ScriptedAWS { _ in .ok(#"{"MetricAlarms":[]}"#) }
        #expect(try await platform(server).cloudWatch.describeAlarms(names: []).isEmpty)
        #expect(server.requests.isEmpty)
    }

    @Test func `what is not to change is not sent`() async throws {
        let server = try ScriptedAWS { _ in .ok("{}") }
        try await platform(server).autoScaling.registerScalableTarget(
            resource: ApplicationAutoScaling.resource(cluster: "c", service: "s"),
            suspended: ApplicationAutoScaling.Suspended(scaleOut: true))
        #expect(
            String(decoding: try #require(server.requests.first).body, as: UTF8.self)
                == #"{"ResourceId":"service/c/s","ScalableDimension":"ecs:service:DesiredCount","#
                + #""ServiceNamespace":"ecs","SuspendedState":{"DynamicScalingOutSuspended":true}}"#)
    }
}
