import Foundation
import Loopback
import Testing

@testable import Lab

/// CloudWatch and Application Auto Scaling through the API, on a scripted machine and a clock turned by hand.
@Suite struct APIScalingTests {
    private static let cloudWatch = "GraniteServiceVersion20100801"
    private static let scaling = "AnyScaleFrontendService"
    private static let flask =
        "\"ServiceNamespace\":\"ecs\",\"ScalableDimension\":\"ecs:service:DesiredCount\","
        + "\"ResourceId\":\"service/ecs-microservices-cluster/flask-app\""

    // MARK: The document's rule

    @Test func `a task is added after one minute over 70 %, and no more than four run`() async {
        let lab = await ControlLab.booted()
        await lab.minutes(2)
        #expect(await lab.desired("flask-app") == 2)
        await lab.minutes(1, ["flask-app": 71])
        #expect(await lab.desired("flask-app") == 3)
        // The third task runs within a minute; its cooldown of another ends with the second minute after.
        await lab.minutes(1, ["flask-app": 71])
        #expect(await lab.desired("flask-app") == 3)
        await lab.minutes(1, ["flask-app": 71])
        #expect(await lab.desired("flask-app") == 4)
        await lab.minutes(4, ["flask-app": 95])
        #expect(await lab.desired("flask-app") == 4)
        #expect(await lab.desired("nginx") == 2, "each service has its own CPU")
    }

    @Test func `a task is removed after five minutes under 70 %, and the next after five more`() async {
        let lab = await ControlLab.booted()
        await lab.minutes(4, ["flask-app": 90])
        #expect(await lab.desired("flask-app") == 4)
        var counts: [Int] = []
        for _ in 1...16 {
            await lab.minutes(1)
            counts.append(await lab.desired("flask-app"))
        }
        // The second step waits until five minutes have passed since the first was fulfilled.
        #expect(counts == [4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2])
    }

    @Test func `70 % is neither over nor under`() async {
        let lab = await ControlLab.booted()
        await lab.minutes(2, ["flask-app": 80])
        #expect(await lab.desired("flask-app") == 3)
        await lab.minutes(12, ["flask-app": 70])
        #expect(await lab.desired("flask-app") == 3)
    }

    @Test func `the windows are divided by the speed`() async {
        let lab = await ControlLab.booted(speed: 6)
        let start = lab.clock.now
        await lab.minutes(1, ["flask-app": 90])
        #expect(lab.clock.now - start <= .seconds(11))
        #expect(await lab.desired("flask-app") == 3)
    }

    @Test func `a lab with slow scaling needs ten minutes`() async {
        let lab = await ControlLab.booted(flaw: .slowScaling)
        await lab.minutes(9, ["flask-app": 90])
        #expect(await lab.desired("flask-app") == 2)
        await lab.minutes(1, ["flask-app": 90])
        #expect(await lab.desired("flask-app") == 3)
    }

    @Test func `a lab with a single nginx has one, however busy it is`() async {
        let lab = await ControlLab.booted(flaw: .singleNginx)
        #expect(await lab.desired("nginx") == 1)
        await lab.minutes(3, ["nginx": 95, "flask-app": 90])
        #expect(await lab.desired("nginx") == 1)
        #expect(await lab.desired("flask-app") > 2, "the others scale as ever")
    }

    @Test
    func `a suspended target does not scale, and no policy leads out of the limits`() async {
        let lab = await ControlLab.booted()
        _ = await lab.json(
            Self.scaling, "RegisterScalableTarget",
            "{\(Self.flask),\"SuspendedState\":{\"DynamicScalingOutSuspended\":true}}")
        await lab.minutes(2, ["flask-app": 90])
        #expect(await lab.desired("flask-app") == 2)
        let answer = await lab.json(
            Self.scaling, "RegisterScalableTarget",
            "{\(Self.flask),\"MaxCapacity\":2,\"SuspendedState\":{\"DynamicScalingOutSuspended\":false}}")
        #expect(answer.status == 200)
        await lab.minutes(2, ["flask-app": 90])
        #expect(await lab.desired("flask-app") == 2)
        let idle = await lab.json(
            Self.scaling, "DescribeScalingActivities",
            "{\"ServiceNamespace\":\"ecs\",\"IncludeNotScaledActivities\":true}")
        #expect(
            idle.body.contains("\"Code\":\"AlreadyAtMaxCapacity\",\"CurrentCapacity\":2,\"MaxCapacity\":2"))
    }

    @Test(arguments: [
        (from: 2, limits: 3...3, to: 3, cause: "minimum capacity was set to 3"),
        (from: 2, limits: 5...9, to: 5, cause: "minimum capacity was set to 5"),
        (from: 4, limits: 1...1, to: 1, cause: "maximum capacity was set to 1"),
    ])
    func `limits move a count outside of them at once, whatever is suspended, in an activity that says so`(
        row: (from: Int, limits: ClosedRange<Int>, to: Int, cause: String)
    ) async {
        let lab = await ControlLab.booted()
        _ = await lab.cluster("UpdateService", "\"service\":\"flask-app\",\"desiredCount\":\(row.from)")
        await lab.turn(.seconds(30))
        let suspended = "{\"DynamicScalingInSuspended\":true,\"DynamicScalingOutSuspended\":true}"
        let answer = await lab.json(
            Self.scaling, "RegisterScalableTarget",
            "{\(Self.flask),\"MinCapacity\":\(row.limits.lowerBound),\"MaxCapacity\":\(row.limits.upperBound),"
                + "\"SuspendedState\":\(suspended)}")
        #expect(answer.status == 200)
        #expect(await lab.desired("flask-app") == row.to)
        let list = "{\"ServiceNamespace\":\"ecs\"}"
        let begun = await lab.json(Self.scaling, "DescribeScalingActivities", list).body
        #expect(
            begun.contains(
                "\"Description\":\"Setting desired count to \(row.to).\",\"Cause\":\"\(row.cause)\""))
        #expect(begun.contains("\"StatusCode\":\"InProgress\""))
        await lab.minutes(2)
        let done = await lab.json(Self.scaling, "DescribeScalingActivities", list).body
        #expect(
            done.contains(
                "Successfully set desired count to \(row.to). Change successfully fulfilled by ecs."))
        #expect(await lab.tasks("flask-app").count { $0.status == .running } == row.to)
    }

    @Test func `a count is compared with the limits when they are registered, and at no other time`() async {
        let lab = await ControlLab.booted()
        _ = await lab.json(
            Self.scaling, "RegisterScalableTarget", "{\(Self.flask),\"MinCapacity\":2,\"MaxCapacity\":4}")
        let none = await lab.json(Self.scaling, "DescribeScalingActivities", "{\"ServiceNamespace\":\"ecs\"}")
        #expect(none.body.contains("\"ScalingActivities\":[]"), "what is within them stays")
        _ = await lab.cluster("UpdateService", "\"service\":\"flask-app\",\"desiredCount\":6")
        await lab.minutes(2)
        #expect(await lab.desired("flask-app") == 6)
        // Whatever the call is about.
        _ = await lab.json(
            Self.scaling, "RegisterScalableTarget",
            "{\(Self.flask),\"SuspendedState\":{\"ScheduledScalingSuspended\":true}}")
        #expect(await lab.desired("flask-app") == 4)
    }

    @Test func `a service held by limits of one number stays there, however hot it is`() async {
        let lab = await ControlLab.booted()
        _ = await lab.json(
            Self.scaling, "RegisterScalableTarget", "{\(Self.flask),\"MinCapacity\":3,\"MaxCapacity\":3}")
        await lab.minutes(4, ["flask-app": 95])
        #expect(await lab.desired("flask-app") == 3)
        await lab.minutes(8, ["flask-app": 5])
        #expect(await lab.desired("flask-app") == 3)
    }

    // MARK: What the APIs show

    @Test func `an activity is told in AWS's words, while it is under way and when it is done`() async {
        let lab = await ControlLab.booted()
        await lab.minutes(1, ["flask-app": 90])
        let list = "{\"ServiceNamespace\":\"ecs\"}"
        let begun = await lab.json(Self.scaling, "DescribeScalingActivities", list).body
        #expect(begun.contains("\"Description\":\"Setting desired count to 3.\""))
        #expect(
            begun.contains(
                "\"Cause\":\"monitor alarm ecs-microservices-flask-app-cpu-high in state ALARM triggered policy "
                    + "ecs-microservices-flask-app-scale-out\""))
        #expect(begun.contains("\"StatusCode\":\"InProgress\""))
        #expect(
            begun.contains("Successfully set desired count to 3. Waiting for change to be fulfilled by ecs."))
        #expect(!begun.contains("EndTime"))
        await lab.minutes(1, ["flask-app": 50])
        let done = await lab.json(Self.scaling, "DescribeScalingActivities", list).body
        #expect(done.contains("Successfully set desired count to 3. Change successfully fulfilled by ecs."))
        #expect(done.contains("\"StatusCode\":\"Successful\"") && done.contains("EndTime"))
    }

    @Test func `CPU is the mean of the service's tasks, by minute, in both statistics calls`() async throws {
        let lab = await ControlLab.booted()
        await lab.minutes(3, ["flask-app": 30])
        let origin = lab.clock.origin
        let dimensions =
            "\"Dimensions\":[{\"Name\":\"ServiceName\",\"Value\":\"flask-app\"},"
            + "{\"Name\":\"ClusterName\",\"Value\":\"ecs-microservices-cluster\"}]"
        let metric = "\"Namespace\":\"AWS/ECS\",\"MetricName\":\"CPUUtilization\",\(dimensions)"
        let time = "\"StartTime\":\(Int(origin)),\"EndTime\":\(Int(origin) + 180)"
        let statistics = await lab.json(
            Self.cloudWatch, "GetMetricStatistics",
            "{\(metric),\(time),\"Period\":60,\"Statistics\":[\"Average\",\"SampleCount\"]}")
        #expect(statistics.headers.first { $0.name == "Content-Type" }?.value == "application/x-amz-json-1.0")
        #expect(
            statistics.body.contains(
                "{\"Timestamp\":\(Int(origin) + 60),\"Average\":30,\"SampleCount\":2,\"Unit\":\"Percent\"}"))
        func data(_ more: String) async -> String {
            await lab.json(
                Self.cloudWatch, "GetMetricData",
                "{\(time)\(more),\"MetricDataQueries\":[{\"Id\":\"a\",\"MetricStat\":{\"Metric\":{\(metric)},"
                    + "\"Period\":60,\"Stat\":\"Average\"}}]}"
            ).body
        }
        let newest =
            "\"Timestamps\":[\(Int(origin) + 120),\(Int(origin) + 60),\(Int(origin))],\"Values\":[30,30,30]"
        #expect(await data("").contains(newest))
        let first = await data(",\"MaxDatapoints\":2,\"ScanBy\":\"TimestampAscending\"")
        #expect(first.contains("\"Values\":[30,30],\"StatusCode\":\"PartialData\""))
        let root = try JSONDecoder().decode(JSONValue.self, from: Data(first.utf8))
        guard case .string(let token)? = root["NextToken"] else { throw APIError("no token", first) }
        let second = await data(
            ",\"MaxDatapoints\":2,\"ScanBy\":\"TimestampAscending\",\"NextToken\":\"\(token)\"")
        #expect(
            second.contains(
                "\"Timestamps\":[\(Int(origin) + 120)],\"Values\":[30],\"StatusCode\":\"Complete\""))
        #expect(!second.contains("NextToken"))
    }

    @Test func `Query gives the same in XML, with dates in ISO 8601`() async {
        let lab = await ControlLab.booted()
        await lab.minutes(1, ["flask-app": 90])
        let alarms = await lab.form(
            "monitoring", "Action=DescribeAlarms&AlarmNames.member.1=ecs-microservices-flask-app-cpu-high")
        #expect(alarms.xml("StateValue") == "ALARM")
        #expect(alarms.xml("Threshold") == "70")
        #expect(alarms.xml("StateUpdatedTimestamp") == "2026-11-23T10:01:01.000Z")
        #expect(
            alarms.xml("Dimensions")
                == "<member><Name>ClusterName</Name><Value>ecs-microservices-cluster</Value></member>"
                + "<member><Name>ServiceName</Name><Value>flask-app</Value></member>")
        let statistics = await lab.form(
            "monitoring",
            "Action=GetMetricStatistics&Namespace=AWS/ECS&MetricName=CPUUtilization&Period=60"
                + "&StartTime=2026-11-23T10:00:00Z&EndTime=2026-11-23T10:05:00Z&Statistics.member.1=Maximum"
                + "&Dimensions.member.1.Name=ClusterName&Dimensions.member.1.Value=ecs-microservices-cluster"
                + "&Dimensions.member.2.Name=ServiceName&Dimensions.member.2.Value=flask-app")
        #expect(statistics.xml("Timestamp") == "2026-11-23T10:00:00.000Z")
        #expect(statistics.xml("Maximum") == "90")
    }

    @Test func `an alarm of the user's own triggers a policy of the user's own`() async throws {
        let lab = await ControlLab.booted()
        let policy = await lab.json(
            Self.scaling, "PutScalingPolicy",
            """
            {\(Self.flask),"PolicyName":"by-hand","PolicyType":"StepScaling","StepScalingPolicyConfiguration":{\
            "AdjustmentType":"ExactCapacity","Cooldown":0,"StepAdjustments":[{"MetricIntervalLowerBound":0,\
            "ScalingAdjustment":4}]}}
            """)
        let root = try JSONDecoder().decode(JSONValue.self, from: Data(policy.body.utf8))
        guard case .string(let arn)? = root["PolicyARN"] else { throw APIError("no ARN", policy.body) }
        let alarm = """
            {"AlarmName":"mine","Namespace":"N","MetricName":"M","Statistic":"Sum","Period":60,"EvaluationPeriods":1,\
            "Threshold":1,"ComparisonOperator":"GreaterThanThreshold","AlarmActions":["\(arn)"]}
            """
        #expect(await lab.json(Self.cloudWatch, "PutMetricAlarm", alarm).status == 200)
        _ = await lab.json(
            Self.cloudWatch, "SetAlarmState",
            "{\"AlarmName\":\"mine\",\"StateValue\":\"ALARM\",\"StateReason\":\"x\"}")
        #expect(await lab.desired("flask-app") == 4)
        let history = await lab.json(Self.cloudWatch, "DescribeAlarmHistory", "{\"AlarmName\":\"mine\"}").body
        for summary in [
            "Alarm \\\"mine\\\" created", "Alarm updated from INSUFFICIENT_DATA to ALARM",
            "Successfully executed action \(arn)",
        ] { #expect(history.contains("\"HistorySummary\":\"\(summary)\"")) }
        #expect(await lab.json(Self.cloudWatch, "DeleteAlarms", "{\"AlarmNames\":[\"mine\"]}").status == 200)
        #expect(!(await lab.json(Self.cloudWatch, "DescribeAlarms").body.contains("\"mine\"")))
    }

    @Test(arguments: [
        (cloudWatch, "GetMetricStatistics", "{}", "400 MissingRequiredParameterException"),
        (cloudWatch, "GetMetricData", "{\"MetricDataQueries\":3}", "400 SerializationException"),
        (cloudWatch, "ListMetrics", "{\"NextToken\":\"x\"}", "400 InvalidNextToken"),
        (cloudWatch, "DescribeAlarms", "{\"MaxRecords\":0}", "400 InvalidParameterValueException"),
        (
            cloudWatch, "DescribeAlarms", "{\"AlarmNames\":[\"a\"],\"AlarmNamePrefix\":\"b\"}",
            "400 InvalidParameterCombinationException"
        ),
        (
            cloudWatch, "SetAlarmState", "{\"AlarmName\":\"x\",\"StateValue\":\"OK\",\"StateReason\":\"\"}",
            "404 ResourceNotFound"
        ),
        (cloudWatch, "PutDashboard", "{}", "400 UnknownOperationException"),
        (scaling, "DescribeScalableTargets", "{}", "400 ValidationException"),
        (
            scaling, "DescribeScalingActivities", "{\"ServiceNamespace\":\"dynamodb\"}",
            "400 ValidationException"
        ),
        (
            scaling, "DescribeScalingPolicies", "{\"ServiceNamespace\":\"ecs\",\"NextToken\":\"x\"}",
            "400 InvalidNextTokenException"
        ),
        (
            scaling, "RegisterScalableTarget", "{\(flask),\"MinCapacity\":3,\"MaxCapacity\":2}",
            "400 ValidationException"
        ),
        (scaling, "DeleteScalingPolicy", "{\(flask),\"PolicyName\":\"none\"}", "400 ObjectNotFoundException"),
        (scaling, "ListTagsForResource", "{\"ResourceARN\":\"arn:x\"}", "400 ResourceNotFoundException"),
        (scaling, "PutScheduledAction", "{}", "400 UnknownOperationException"),
    ])
    func `what is wrong gets AWS's error`(row: (target: String, action: String, body: String, error: String))
        async
    {
        let lab = await ControlLab.booted()
        let answer = await lab.json(row.target, row.action, row.body)
        let root = try? JSONDecoder().decode(JSONValue.self, from: Data(answer.body.utf8))
        // An answer that is not JSON has no type, and fails below.
        let type = if case .string(let code)? = root?["__type"] { code } else { "?" }
        #expect("\(answer.status) \(type)" == row.error)
    }

    @Test func `a form that is nested without end is refused`() async {
        let lab = await ControlLab.booted()
        let deep = Array(repeating: "member.1", count: 500).joined(separator: ".")
        let answer = await lab.form("monitoring", "Action=ListMetrics&Dimensions.\(deep)=x")
        #expect(answer.status == 404 && answer.xml("Code") == "MalformedQueryString")
        let errors = await lab.form("monitoring", "Action=DescribeAlarms&MaxRecords=0")
        #expect(errors.xml("Code") == "InvalidParameterValue", "Query's codes have no `Exception` in them")
        #expect(await lab.form("monitoring", "Action=PutDashboard").xml("Code") == "InvalidAction")
    }
}
