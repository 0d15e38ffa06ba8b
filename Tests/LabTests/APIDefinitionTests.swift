import Foundation
import Loopback
import Testing

@testable import Lab

/// Task definitions and RunTask, as clients see them.
@Suite struct APIDefinitionTests {
    private static let arn = "arn:aws:ecs:ap-south-1:123456789012:task-definition/ecs-microservices-flask-app"

    private static func registration(_ container: String = "", _ rest: String = "") -> String {
        #"""
        {"family":"ecs-microservices-flask-app","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],\#
        "cpu":"512","memory":"1024"\#(rest),"containerDefinitions":[{"name":"flask-app",\#
        "image":"ecs-microservices/flask-app:2"\#(container)}]}
        """#
    }

    private func value(_ answer: LoopbackAnswer, _ keys: String...) throws -> JSONValue? {
        var value: JSONValue? = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body.utf8))
        for key in keys {
            if let index = Int(key), case .array(let items)? = value {
                value = items.indices.contains(index) ? items[index] : nil
            } else {
                value = value?[key]
            }
        }
        return value
    }

    @Test func `a registered revision is described as it was written`() async throws {
        let lab = await ControlLab.booted()
        let container = #"""
            ,"command":["gunicorn"],"environment":[{"name":"A","value":"1"}],"portMappings":[{"containerPort":5000}],\#
            "healthCheck":{"command":["CMD-SHELL","exit 1"],"interval":10},\#
            "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/x"}}
            """#
        let made = await lab.ecs("RegisterTaskDefinition", Self.registration(container))
        #expect(made.status == 200)
        let shown = await lab.ecs(
            "DescribeTaskDefinition", "{\"taskDefinition\":\"ecs-microservices-flask-app\"}")
        #expect(
            shown.body == #"""
                {"taskDefinition":{"taskDefinitionArn":"\#(Self.arn):2","containerDefinitions":[{"name":"flask-app",\#
                "image":"ecs-microservices/flask-app:2","cpu":0,"essential":true,"portMappings":[{\#
                "containerPort":5000,"hostPort":5000,"protocol":"tcp"}],"environment":[{"name":"A","value":"1"}],\#
                "mountPoints":[],"volumesFrom":[],"command":["gunicorn"],"healthCheck":{\#
                "command":["CMD-SHELL","exit 1"],"interval":10,"timeout":5,"retries":3,"startPeriod":0},\#
                "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/x"}}}],\#
                "family":"ecs-microservices-flask-app","revision":2,"status":"ACTIVE","networkMode":"awsvpc",\#
                "volumes":[],"placementConstraints":[],"compatibilities":["EC2","FARGATE"],\#
                "requiresCompatibilities":["FARGATE"],"cpu":"512","memory":"1024","registeredAt":1795428002}}
                """#)
    }

    @Test func `an inactive revision is listed as such, and nothing new can run it`() async throws {
        let lab = await ControlLab.booted()
        _ = await lab.ecs("RegisterTaskDefinition", Self.registration())
        let gone = await lab.ecs(
            "DeregisterTaskDefinition", "{\"taskDefinition\":\"ecs-microservices-flask-app:2\"}")
        #expect(gone.body.contains("\"status\":\"INACTIVE\""))
        let active = await lab.ecs(
            "ListTaskDefinitions", "{\"familyPrefix\":\"ecs-microservices-flask-app\"}")
        #expect(active.body == "{\"taskDefinitionArns\":[\"\(Self.arn):1\"]}")
        let inactive = await lab.ecs("ListTaskDefinitions", "{\"status\":\"INACTIVE\"}")
        #expect(inactive.body == "{\"taskDefinitionArns\":[\"\(Self.arn):2\"]}")
        let update = await lab.cluster(
            "UpdateService", "\"service\":\"flask-app\",\"taskDefinition\":\"ecs-microservices-flask-app:2\"")
        #expect(update.body.contains("TaskDefinition is inactive"))
        // The number is never used again.
        let next = await lab.ecs("RegisterTaskDefinition", Self.registration())
        #expect(next.body.contains("\"revision\":3"))
    }

    @Test func `families and revisions come in pages, the newest first if asked`() async throws {
        let lab = await ControlLab.booted()
        for _ in 0..<3 { _ = await lab.ecs("RegisterTaskDefinition", Self.registration()) }
        let families = await lab.ecs("ListTaskDefinitionFamilies", "{\"maxResults\":2}")
        #expect(
            families.body.hasPrefix(
                "{\"families\":[\"ecs-microservices-flask-app\",\"ecs-microservices-nginx\"],"))
        let newest = await lab.ecs(
            "ListTaskDefinitions",
            "{\"familyPrefix\":\"ecs-microservices-flask-app\",\"sort\":\"DESC\",\"maxResults\":2}")
        #expect(
            newest.body.hasPrefix(
                "{\"taskDefinitionArns\":[\"\(Self.arn):4\",\"\(Self.arn):3\"],\"nextToken\":"))
    }

    @Test(arguments: [
        ("{}", "Family should not be null or empty."),
        (registration("", ",\"volumes\":[{\"name\":\"v\"}]"), "The lab's task definitions have no volumes."),
        (registration(",\"secrets\":[{\"name\":\"v\"}]"), "The lab's containers have no secrets."),
        (
            registration().replacing("\"1024\"", with: "\"512\""),
            "No Fargate configuration exists for given values: 512 CPU, 512 memory."
        ),
        (registration().replacing("awsvpc", with: "bridge"), "Fargate only supports network mode ‘awsvpc’."),
        (
            registration(",\"healthCheck\":{\"command\":[\"true\"]}"),
            "HealthCheck.command must begin with CMD or CMD-SHELL and name a command."
        ),
        (
            registration(",\"healthCheck\":{\"command\":[\"CMD\",\"x\"],\"retries\":11}"),
            "HealthCheck.retries must be between 1 and 10."
        ),
    ])
    func `a registration the lab could not obey is refused`(body: String, message: String) async {
        let lab = await ControlLab.booted()
        #expect(
            await lab.ecs("RegisterTaskDefinition", body).body
                == "{\"__type\":\"ClientException\",\"message\":\"\(message)\"}")
    }

    private static func network(_ lab: ControlLab) async -> String {
        let subnet = await lab.control.network.taskSubnet(in: "ap-south-1a")?.id ?? ""
        return "\"networkConfiguration\":{\"awsvpcConfiguration\":{\"subnets\":[\"\(subnet)\"],"
            + "\"securityGroups\":[\"sg-1\"]}}"
    }

    @Test func `RunTask runs a task of its own to its end`() async throws {
        let lab = await ControlLab.booted()
        let answer = await lab.cluster(
            "RunTask",
            "\"taskDefinition\":\"ecs-microservices-flask-app\",\"startedBy\":\"me\",\(await Self.network(lab)),"
                + "\"overrides\":{\"containerOverrides\":[{\"name\":\"flask-app\",\"command\":[\"sh\",\"-c\",\"exit 1\"],"
                + "\"environment\":[{\"name\":\"A\",\"value\":\"1\"}]}]}")
        #expect(try value(answer, "tasks", "0", "group")?.text == "\"family:ecs-microservices-flask-app\"")
        #expect(try value(answer, "tasks", "0", "lastStatus")?.text == "\"PROVISIONING\"")
        #expect(try value(answer, "tasks", "0", "startedBy")?.text == "\"me\"")
        let task = try #require(await lab.tasks("").first)
        #expect(task.securityGroups == ["sg-1"])
        #expect(task.overrides.environment == [Tag(key: "A", value: "1")])
        await lab.turn(.seconds(25))
        let shown = await lab.cluster("DescribeTasks", "\"tasks\":[\"\(task.id)\"]")
        #expect(try value(shown, "tasks", "0", "lastStatus")?.text == "\"STOPPED\"")
        #expect(try value(shown, "tasks", "0", "stopCode")?.text == "\"EssentialContainerExited\"")
        #expect(try value(shown, "tasks", "0", "containers", "0", "exitCode")?.text == "1")
        #expect(await lab.tasks("").count == 1, "nothing replaces it")
        #expect(lab.machine.now.log.contains("start flask-app in ap-south-1a at \(task.address)"))
    }

    @Test func `RunTask with the same token again runs no second task`() async throws {
        let lab = await ControlLab.booted()
        let order =
            "\"taskDefinition\":\"ecs-microservices-redis\",\"clientToken\":\"t1\",\(await Self.network(lab))"
        let first = await lab.cluster("RunTask", order)
        let again = await lab.cluster("RunTask", order)
        let arn = try value(first, "tasks", "0", "taskArn")?.text
        #expect(try arn != nil && value(again, "tasks", "0", "taskArn")?.text == arn)
        #expect(await lab.tasks("").count == 1)
    }

    @Test func `a task of its own can be found, and stopped`() async throws {
        let lab = await ControlLab.booted()
        _ = await lab.cluster(
            "RunTask", "\"taskDefinition\":\"ecs-microservices-redis\",\"count\":2,\(await Self.network(lab))"
        )
        await lab.turn(.seconds(25))
        let tasks = await lab.tasks("")
        #expect(tasks.map(\.status) == [.running, .running])
        let family = await lab.cluster("ListTasks", "\"family\":\"ecs-microservices-redis\"")
        #expect(tasks.allSatisfy { family.body.contains($0.id.description) })
        let service = await lab.cluster("ListTasks", "\"serviceName\":\"redis\"")
        #expect(tasks.allSatisfy { !service.body.contains($0.id.description) })
        _ = await lab.cluster("StopTask", "\"task\":\"\(tasks[0].id)\"")
        await lab.turn(.seconds(3))
        #expect(await lab.tasks("").map(\.status) == [.stopped, .running])
    }

    @Test(arguments: [
        ("\"taskDefinition\":\"x\"", "ClientException", "TaskDefinition not found."),
        (
            "\"taskDefinition\":\"ecs-microservices-redis\"", "InvalidParameterException",
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        ),
        (
            "\"taskDefinition\":\"ecs-microservices-redis\",\"count\":11,NETWORK",
            "InvalidParameterException",
            "Count must be between 1 and 10."
        ),
        (
            "\"taskDefinition\":\"ecs-microservices-redis\",NETWORK,\"overrides\":{\"containerOverrides\":[{\"name\":\"x\"}]}",
            "InvalidParameterException",
            "Override for container named x is not a container in the TaskDefinition."
        ),
    ])
    func `RunTask refuses as ECS does`(body: String, code: String, message: String) async {
        let lab = await ControlLab.booted()
        let answer = await lab.cluster("RunTask", body.replacing("NETWORK", with: await Self.network(lab)))
        #expect(answer.body == "{\"__type\":\"\(code)\",\"message\":\"\(message)\"}")
    }

    @Test(
        arguments: [
            ("ecs-microservices/flask-app:latest", LabImage.flaskApp), ("redis", .redis),
            ("redis:7-alpine", .redis),
            ("123456789012.dkr.ecr.ap-south-1.amazonaws.com/ecs-microservices/nginx:v2", .nginx),
            ("docker.io/library/redis@sha256:00", .redis), ("nginx", nil), ("flask-app", nil), ("", nil),
            ("ecs-microservices/flask-ap:1", nil), ("redis:", nil), ("a/b/redis", nil),
        ] as [(String, LabImage?)])
    func `only the document's images can be pulled, with any tag`(reference: String, image: LabImage?) {
        #expect(LabImage(reference) == image)
    }
}
