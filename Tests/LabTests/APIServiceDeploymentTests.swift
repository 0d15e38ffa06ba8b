import Foundation
import Loopback
import Testing

@testable import Lab

/// Service deployments and service revisions, as clients see them.
@Suite struct APIServiceDeploymentTests {
    private static let root = "arn:aws:ecs:ap-south-1:123456789012"

    private func document(_ answer: LoopbackAnswer) throws -> [String: Any] {
        #expect(answer.status == 200, "\(answer.body)")
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
    }

    /// A lab whose Flask has been rolled out anew once.
    private func deployed() async -> ControlLab {
        let lab = await ControlLab.booted()
        _ = await lab.cluster("UpdateService", #""service":"flask-app","forceNewDeployment":true"#)
        return lab
    }

    @Test func `deployments are listed newest first, page by page, and by status`() async throws {
        let lab = await deployed()
        let first = try document(
            await lab.cluster("ListServiceDeployments", #""service":"flask-app","maxResults":1"#))
        let newest = try #require((first["serviceDeployments"] as? [[String: Any]])?.first)
        #expect(newest["status"] as? String == "IN_PROGRESS" && newest["finishedAt"] == nil)
        #expect(newest["serviceArn"] as? String == "\(Self.root):service/ecs-microservices-cluster/flask-app")
        let token = try #require(first["nextToken"] as? String)
        let second = try document(
            await lab.cluster(
                "ListServiceDeployments", "\"service\":\"flask-app\",\"nextToken\":\"\(token)\""))
        #expect(
            (second["serviceDeployments"] as? [[String: Any]])?.map { $0["status"] as? String } == [
                "SUCCESSFUL"
            ])
        #expect(second["nextToken"] == nil)
        let filtered = try document(
            await lab.cluster("ListServiceDeployments", #""service":"flask-app","status":["SUCCESSFUL"]"#))
        #expect((filtered["serviceDeployments"] as? [[String: Any]])?.count == 1)
    }

    @Test func `a deployment names its revisions with their tasks, and what the breaker has counted`()
        async throws
    {
        let lab = await deployed()
        let state = try #require(await lab.control.state.service("flask-app"))
        let arn = lab.control.names.serviceDeployment(state.primary.id, of: "flask-app")
        let answer = try document(
            await lab.ecs(
                "DescribeServiceDeployments", "{\"serviceDeploymentArns\":[\"\(arn)\",\"arn:none\"]}"))
        let shown = try #require((answer["serviceDeployments"] as? [[String: Any]])?.first)
        let target = try #require(shown["targetServiceRevision"] as? [String: Any])
        #expect(target["requestedTaskCount"] as? Int == 2 && target["runningTaskCount"] as? Int == 0)
        let sources = try #require(shown["sourceServiceRevisions"] as? [[String: Any]])
        #expect(sources.map { $0["runningTaskCount"] as? Int } == [2])
        let breaker = try #require(shown["deploymentCircuitBreaker"] as? [String: Any])
        #expect(breaker["status"] as? String == "MONITORING" && breaker["threshold"] as? Int == 3)
        #expect(answer["failures"] as? [[String: String]] == [["arn": "arn:none", "reason": "MISSING"]])

        let revision = try #require(target["arn"] as? String)
        let revisions = try document(
            await lab.ecs("DescribeServiceRevisions", "{\"serviceRevisionArns\":[\"\(revision)\"]}"))
        let made = try #require((revisions["serviceRevisions"] as? [[String: Any]])?.first)
        #expect(
            made["taskDefinition"] as? String == "\(Self.root):task-definition/ecs-microservices-flask-app:1")
    }

    @Test(arguments: [
        ("ListServiceDeployments", #""service":"none""#, "ServiceNotFoundException"),
        ("ListServiceDeployments", #""service":"nginx","status":["GOOD"]"#, "InvalidParameterException"),
        ("DescribeServiceDeployments", #""serviceDeploymentArns":[]"#, "InvalidParameterException"),
        ("DescribeServiceRevisions", #""serviceRevisionArns":"all""#, "SerializationException"),
    ])
    func `what ECS refuses is refused`(action: String, body: String, code: String) async {
        let lab = await ControlLab.booted()
        let answer = await lab.cluster(action, body)
        #expect(answer.status == 400 && answer.body.contains(code), "\(answer.body)")
    }
}
