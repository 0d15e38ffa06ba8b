import Foundation
import Loopback
import Testing

@testable import Lab

@Suite struct APIECSTests {
    private static let prefix = "arn:aws:ecs:ap-south-1:123456789012"
    private static let clusterARN = "\(prefix):cluster/ecs-microservices-cluster"

    private func list(_ answer: LoopbackAnswer, _ key: String) throws -> [String] {
        let root = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body.utf8))
        guard case .array(let values)? = root[key] else { return [] }
        return values.map { if case .string(let text) = $0 { text } else { "?" } }
    }

    private func error(_ answer: LoopbackAnswer) -> String { "\(answer.status) \(answer.body)" }

    @Test func `clusters and services are listed`() async throws {
        let lab = await ControlLab.booted()
        #expect(await lab.ecs("ListClusters").body == "{\"clusterArns\":[\"\(Self.clusterARN)\"]}")
        let service = "\(Self.prefix):service/ecs-microservices-cluster"
        #expect(
            await lab.cluster("ListServices").body
                == "{\"serviceArns\":[\"\(service)/flask-app\",\"\(service)/nginx\",\"\(service)/redis\"]}")
    }

    @Test func `a cluster is described, an unknown one is missing`() async {
        let lab = await ControlLab.booted()
        #expect(
            await lab.ecs("DescribeClusters", "{\"clusters\":[\"ecs-microservices-cluster\",\"x\"]}").body
                == #"""
                {"clusters":[{"clusterArn":"\#(Self.clusterARN)",\#
                "clusterName":"ecs-microservices-cluster","status":"ACTIVE",\#
                "registeredContainerInstancesCount":0,"runningTasksCount":5,"pendingTasksCount":0,\#
                "activeServicesCount":3,"statistics":[],"tags":[],"settings":[],\#
                "capacityProviders":["FARGATE","FARGATE_SPOT"],"defaultCapacityProviderStrategy":[]}],\#
                "failures":[{"arn":"\#(Self.prefix):cluster/x","reason":"MISSING"}]}
                """#)
    }

    @Test func `a service's tags are added to, shown, and taken away`() async {
        let lab = await ControlLab.booted()
        let arn = "\(Self.prefix):service/ecs-microservices-cluster/redis"
        func tags() async -> String {
            await lab.ecs("ListTagsForResource", "{\"resourceArn\":\"\(arn)\"}").body
        }
        let before = await tags()
        let tagged = await lab.ecs(
            "TagResource", "{\"resourceArn\":\"\(arn)\",\"tags\":[{\"key\":\"a\",\"value\":\"1\"}]}")
        #expect(tagged.status == 200 && tagged.body == "{}")
        #expect(await tags().contains(#"{"key":"a","value":"1"}"#))
        let shown = await lab.cluster("DescribeServices", #""services":["redis"],"include":["TAGS"]"#).body
        #expect(shown.contains(#"{"key":"a","value":"1"}"#))
        let other = "{\"resourceArn\":\"\(arn.replacing("redis", with: "nginx"))\"}"
        #expect(await lab.ecs("ListTagsForResource", other).body == before)
        #expect(
            await lab.ecs("UntagResource", "{\"resourceArn\":\"\(arn)\",\"tagKeys\":[\"a\",\"b\"]}").status
                == 200)
        #expect(await tags() == before)
        for body in [
            "{\"resourceArn\":\"\(arn)x\",\"tags\":[]}",
            "{\"resourceArn\":\"\(arn)\",\"tags\":[{\"key\":\"aws:x\",\"value\":\"1\"}]}",
            "{\"resourceArn\":\"\(arn)\",\"tags\":[{\"value\":\"1\"}]}",
        ] { #expect(await lab.ecs("TagResource", body).status == 400, "\(body)") }
    }

    @Test func `lists come in pages that lose and repeat nothing`() async throws {
        let lab = await ControlLab.booted()
        var seen: [String] = []
        var token: String?
        repeat {
            let more = token.map { ",\"nextToken\":\"\($0)\"" } ?? ""
            let answer = await lab.cluster("ListTasks", "\"maxResults\":2\(more)")
            let page = try list(answer, "taskArns")
            #expect((1...2).contains(page.count))
            seen += page
            let root = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body.utf8))
            token = if case .string(let next)? = root["nextToken"] { next } else { nil }
        } while token != nil
        #expect(seen == (await lab.control.state.tasks).map { lab.control.names.task($0.id) }.sorted())
    }

    @Test func `tasks are listed by service, family and wish`() async throws {
        let lab = await ControlLab.booted()
        let victim = try #require(await lab.tasks("redis").first)
        _ = await lab.control.stopTask(victim.id, reason: "x")
        let stopped = await lab.cluster("ListTasks", "\"desiredStatus\":\"STOPPED\"")
        #expect(try list(stopped, "taskArns") == [lab.control.names.task(victim.id)])
        for (filter, count) in [
            ("\"serviceName\":\"nginx\"", 2), ("\"serviceName\":\"redis\"", 1),
            ("\"serviceName\":\"\(lab.control.names.service("nginx"))\"", 2),
            ("\"family\":\"ecs-microservices-flask-app\"", 2), ("\"launchType\":\"EC2\"", 0),
            ("\"desiredStatus\":\"PENDING\"", 0),
        ] {
            #expect(try list(await lab.cluster("ListTasks", filter), "taskArns").count == count, "\(filter)")
        }
    }

    @Test func `a service is described`() async throws {
        let lab = await ControlLab.booted()
        let answer = await lab.cluster(
            "DescribeServices", "\"services\":[\"redis\",\"y\"],\"include\":[\"TAGS\"]")
        let state = await lab.control.state
        let service = try #require(state.service("redis"))
        let definition = "\(Self.prefix):task-definition/ecs-microservices-redis:1"
        let subnets = state.subnets.map { "\"\($0)\"" }.joined(separator: ",")
        let network =
            "\"networkConfiguration\":{\"awsvpcConfiguration\":{\"subnets\":[\(subnets)],"
            + "\"securityGroups\":[],"
            + "\"assignPublicIp\":\"DISABLED\"}}"
        // The first event is of the start, the others of a second later.
        let events = service.events.map { event in
            let at = event == service.events.last ? 1_795_428_000 : 1_795_428_001
            return "{\"id\":\"\(event.id)\",\"createdAt\":\(at),\"message\":\"\(event.message)\"}"
        }
        #expect(
            answer.body
                == #"""
                {"services":[{"serviceArn":"\#(Self.prefix):service/ecs-microservices-cluster/redis",\#
                "serviceName":"redis","clusterArn":"\#(Self.clusterARN)","status":"ACTIVE",\#
                "desiredCount":1,"runningCount":1,"pendingCount":0,"launchType":"FARGATE",\#
                "platformVersion":"LATEST","platformFamily":"Linux","taskDefinition":"\#(definition)",\#
                "loadBalancers":[],"serviceRegistries":[],\#(network),\#
                "deploymentConfiguration":{"deploymentCircuitBreaker":{"enable":true,"rollback":true},\#
                "maximumPercent":200,"minimumHealthyPercent":100,"strategy":"ROLLING"},\#
                "deployments":[{"id":"\#(service.primary.id)","status":"PRIMARY",\#
                "taskDefinition":"\#(definition)","desiredCount":1,"pendingCount":0,"runningCount":1,\#
                "failedTasks":0,"createdAt":1795428000,"updatedAt":1795428001,\#
                "platformVersion":"1.4.0","platformFamily":"Linux",\#(network),\#
                "rolloutState":"COMPLETED",\#
                "rolloutStateReason":"ECS deployment \#(service.primary.id) completed.",\#
                "launchType":"FARGATE"}],\#
                "events":[\#(events.joined(separator: ","))],\#
                "createdAt":1795428000,"createdBy":"arn:aws:iam::123456789012:user/loadchaos-lab",\#
                "placementConstraints":[],"placementStrategy":[],"schedulingStrategy":"REPLICA",\#
                "deploymentController":{"type":"ECS"},"enableECSManagedTags":false,\#
                "propagateTags":"SERVICE","enableExecuteCommand":false,\#
                "availabilityZoneRebalancing":"DISABLED",\#
                "tags":[{"key":"Project","value":"ecs-microservices"},\#
                {"key":"loadchaos-lab","value":"true"}]}],\#
                "failures":[{"arn":"\#(Self.prefix):service/ecs-microservices-cluster/y",\#
                "reason":"MISSING"}]}
                """#)
    }

    @Test func `a task is described from its start to its end`() async throws {
        let lab = await ControlLab.booted()
        let task = try #require(await lab.tasks("nginx").first)
        _ = await lab.cluster("StopTask", "\"task\":\"\(task.id)\",\"reason\":\"chaos\"")
        await lab.turn(.seconds(32))
        let arn = lab.control.names.task(task.id)
        let eni = task.interface
        let answer = await lab.cluster("DescribeTasks", "\"tasks\":[\"\(arn)\"]")
        let stopped = await lab.control.state.task(task.id)?.stoppedAt?.inSeconds ?? 0
        let container = "\(Self.prefix):container/ecs-microservices-cluster/\(task.id)/\(eni.attachment)"
        #expect(
            answer.body
                == #"""
                {"tasks":[{"taskArn":"\#(arn)","clusterArn":"\#(Self.clusterARN)",\#
                "taskDefinitionArn":"\#(Self.prefix):task-definition/ecs-microservices-nginx:1",\#
                "group":"service:nginx","startedBy":"\#(task.deployment)","launchType":"FARGATE",\#
                "platformVersion":"1.4.0","platformFamily":"Linux","availabilityZone":"ap-south-1a",\#
                "lastStatus":"STOPPED","desiredStatus":"STOPPED","healthStatus":"HEALTHY",\#
                "cpu":"256","memory":"512","attachments":[{"id":"\#(eni.attachment)",\#
                "type":"ElasticNetworkInterface","status":"DELETED","details":[\#
                {"name":"subnetId","value":"\#(task.subnet)"},\#
                {"name":"networkInterfaceId","value":"\#(eni.interface)"},\#
                {"name":"macAddress","value":"\#(eni.mac)"},\#
                {"name":"privateDnsName","value":"ip-10-0-11-21.ap-south-1.compute.internal"},\#
                {"name":"privateIPv4Address","value":"10.0.11.21"}]}],\#
                "containers":[{"containerArn":"\#(container)","taskArn":"\#(arn)","name":"nginx",\#
                "image":"ecs-microservices/nginx:latest","runtimeId":"\#(task.id)-0",\#
                "lastStatus":"STOPPED","healthStatus":"HEALTHY","cpu":"0",\#
                "networkInterfaces":[{"attachmentId":"\#(eni.attachment)",\#
                "privateIpv4Address":"10.0.11.21"}]}],\#
                "overrides":{"containerOverrides":[],"inferenceAcceleratorOverrides":[]},\#
                "enableExecuteCommand":false,"tags":[],"version":8,"createdAt":1795428000,\#
                "capacityProviderName":"FARGATE","startedAt":1795428001,"stoppingAt":1795428002,"stoppedAt":\#(1_795_428_000 + Int(stopped)),\#
                "stopCode":"UserInitiated","stoppedReason":"chaos"}],"failures":[]}
                """#)
    }

    @Test(arguments: [
        ("exited with 1", 1), ("killed by signal 9", 137), ("gone", nil),
    ]) func `exits become a container's exit code`(_ words: String, _ code: Int?) {
        #expect(ECSShapes.exitCode(words) == code)
    }

    @Test func `UpdateService changes the desired count and answers the service`() async {
        let lab = await ControlLab.booted()
        let answer = await lab.cluster("UpdateService", "\"service\":\"nginx\",\"desiredCount\":3")
        #expect(answer.body.contains("\"desiredCount\":3,\"runningCount\":2,\"pendingCount\":1"))
        #expect(await lab.tasks("nginx").count == 3)
    }

    @Test func `a task definition tells the health check in scenario time, whatever the speed`() async {
        let lab = await ControlLab.booted(speed: 10)
        let answer = await lab.ecs(
            "DescribeTaskDefinition", "{\"taskDefinition\":\"ecs-microservices-redis\"}")
        #expect(
            answer.body.contains(
                "\"healthCheck\":{\"command\":[\"CMD-SHELL\",\"redis-cli ping | grep -q PONG\"],"
                    + "\"interval\":30,"
                    + "\"timeout\":5,\"retries\":3,\"startPeriod\":30}"))
    }

    @Test(arguments: [
        ("ListTasks", "{}", "ClusterNotFoundException", "Cluster not found."),
        ("ListTasks", "{C,\"serviceName\":\"x\"}", "ServiceNotFoundException", "Service not found."),
        (
            "ListTasks", "{C,\"maxResults\":101}", "InvalidParameterException",
            "maxResults must be between 1 and 100, was 101."
        ),
        ("ListTasks", "{C,\"nextToken\":\"x\"}", "InvalidParameterException", "Invalid token."),
        (
            "ListTasks", "{C,\"desiredStatus\":\"x\"}", "InvalidParameterException",
            "desiredStatus should be one of [RUNNING,PENDING,STOPPED]"
        ),
        ("DescribeServices", "{C,\"services\":[]}", "InvalidParameterException", "Services cannot be empty."),
        (
            "DescribeServices", "{C,\"services\":[11]}", "InvalidParameterException",
            "Services cannot have more than 10 elements."
        ),
        ("DescribeTasks", "{C}", "InvalidParameterException", "Tasks cannot be empty."),
        (
            "DescribeTasks", "{C,\"tasks\":[101]}", "InvalidParameterException",
            "Tasks cannot have more than 100 elements."
        ),
        (
            "StopTask", "{C,\"task\":\"x\"}", "InvalidParameterException",
            "taskId length should be one of [32,36]"
        ),
        (
            "StopTask", "{C,\"task\":\"0123456789abcdef0123456789abcdef\"}", "InvalidParameterException",
            "The referenced task was not found."
        ),
        ("UpdateService", "{C,\"service\":\"x\"}", "ServiceNotFoundException", "Service not found."),
        (
            "UpdateService", "{C,\"service\":\"nginx\",\"desiredCount\":-1}", "InvalidParameterException",
            "desiredCount must be between 0 and 16 in the lab, was -1."
        ),
        (
            "UpdateService", "{C,\"service\":\"nginx\",\"taskDefinition\":\"x:1\"}", "ClientException",
            "TaskDefinition not found."
        ),
        (
            "UpdateService", "{C,\"service\":\"nginx\",\"taskDefinition\":\"ecs-microservices-redis\"}",
            "InvalidParameterException",
            "The lab's service nginx cannot run the image redis:7-alpine."
        ),
        (
            "DescribeTaskDefinition", "{\"taskDefinition\":\"x\"}", "ClientException",
            "Unable to describe task definition."
        ),
    ]) func `errors have ECS's codes`(_ action: String, _ body: String, _ code: String, _ message: String)
        async
    {
        let lab = await ControlLab.booted()
        let filled = body.replacing(
            "C", with: "\"cluster\":\"ecs-microservices-cluster\"", maxReplacements: 1
        )
        .replacing("[11]", with: "[\(Array(repeating: "\"x\"", count: 11).joined(separator: ","))]")
        .replacing("[101]", with: "[\(Array(repeating: "\"x\"", count: 101).joined(separator: ","))]")
        #expect(
            error(await lab.ecs(action, filled)) == "400 {\"__type\":\"\(code)\",\"message\":\"\(message)\"}")
    }
}
