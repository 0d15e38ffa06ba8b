import AWS
import Synchronization
import TestKit
import Testing

@Suite struct WireTests {
    private final class Pauses: Sendable {
        let kept = Mutex<[Duration]>([])
    }

    private func platform(_ server: ScriptedAWS, _ pauses: Pauses = Pauses(), seed: UInt64 = 7) -> AWSPlatform
    {
        AWSPlatform(
            configuration: AWSConfiguration(
                region: "eu-test-1", endpoints: Endpoints(all: server.url), credentials: Credentials.lab,
                seed: seed,
                pause: { duration in pauses.kept.withLock { $0.append(duration) } },
                wallClock: { 1_795_512_600.25 }))
    }

    /// What a call of ECS says to this answer.
    private func ecsError(_ reply: ScriptedAWS.Reply) async throws -> (AWSError?, Int) {
        let server = try ScriptedAWS { _ in reply }
        let error = await #expect(throws: AWSError.self) {
            _ = try await platform(server).ecs.listTasks(cluster: "c")
        }
        return (error, server.requests.count)
    }

    @Test(arguments: [
        (
            400, #"{"__type":"ClusterNotFoundException","message":"Cluster not found."}"#,
            "ecs ListTasks: ClusterNotFoundException: Cluster not found.", 1
        ),
        (
            400, #"{"__type":"com.amazonaws.ecs#ClientException","Message":"bad"}"#,
            "ecs ListTasks: ClientException: bad", 1
        ),
        (400, #"{"__type":"ThrottlingException"}"#, "ecs ListTasks: ThrottlingException: no message", 3),
        (429, #"{"code":"Slow","message":"m"}"#, "ecs ListTasks: Slow: m", 3),
        (500, #"{"__type":"ServerException","message":"m"}"#, "ecs ListTasks: ServerException: m", 3),
        (
            403,
            "<ErrorResponse><Errors><Error><Code>AccessDenied</Code><Message>no</Message></Error></Errors></ErrorResponse>",
            "ecs ListTasks: AccessDenied: no; allow ecs:ListTasks; docs/aws.md has the policy", 1
        ),
        (
            403,
            "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error><RequestId>r-9</RequestId></ErrorResponse>",
            "ecs ListTasks: SignatureDoesNotMatch: no; wrong secret key, or a wrong clock (request r-9)", 1
        ),
        (
            400, #"{"__type":"ExpiredTokenException","message":"old"}"#,
            "ecs ListTasks: ExpiredTokenException: old; get new credentials and run again", 1
        ),
        (
            500, "<html>Internal Server Error</html>",
            "ecs ListTasks: not supported by this endpoint: it answered 500 with neither JSON nor XML", 3
        ),
        (
            503, "",
            "ecs ListTasks: not supported by this endpoint: it answered 503 with neither JSON nor XML", 3
        ),
        (
            404, "<html>",
            "ecs ListTasks: the answer cannot be read: status 404 with neither a JSON nor an XML error: \"<html>\"",
            1
        ),
    ])
    func `an answer that says no becomes one error, tried again only where it may help`(
        status: Int, body: String, words: String, tries: Int
    ) async throws {
        let (error, count) = try await ecsError(.status(status, body))
        #expect(error?.description == words)
        #expect(count == tries)
    }

    @Test func `an answer cut off, or of another shape, is an error and no empty list`() async throws {
        for body in ["", "{", #"{"tasks":[]}"#, "null", "<a/>"] {
            let (error, _) = try await ecsError(.ok(body))
            guard case .badAnswer = error?.kind else {
                Issue.record("\(body): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `nobody listening is a refused connection, tried once`() async throws {
        let server = try ScriptedAWS { _ in .close }
        server.stop()
        let pauses = Pauses()
        let error = await #expect(throws: AWSError.self) {
            _ = try await platform(server, pauses).sts.getCallerIdentity()
        }
        #expect(error?.isConnectionRefused == true)
        #expect(pauses.kept.withLock { $0 }.isEmpty)
    }

    @Test func `a throttled call that then works is one answer, after pauses that the seed decides`()
        async throws
    {
        func pauses(seed: UInt64) async throws -> [Duration] {
            let count = Mutex(0)
            let server = try ScriptedAWS { _ in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return number < 3
                    ? .status(400, #"{"__type":"ThrottlingException","message":"m"}"#)
                    : .ok(#"{"taskArns":["a/b"]}"#)
            }
            let pauses = Pauses()
            #expect(try await platform(server, pauses, seed: seed).ecs.listTasks(cluster: "c") == ["a/b"])
            return pauses.kept.withLock { $0 }
        }
        let first = try await pauses(seed: 7)
        #expect(first.count == 2)
        #expect(first[0] >= .milliseconds(250) && first[0] <= .milliseconds(500))
        #expect(first[1] >= .milliseconds(500) && first[1] <= .seconds(1))
        #expect(try await pauses(seed: 7) == first)
        #expect(try await pauses(seed: 8) != first)
    }

    @Test func `the JSON and form bodies are those of the API`() async throws {
        let server = try ScriptedAWSCloud().start()
        let platform = platform(server)
        _ = try await platform.ecs.listTasks(cluster: "shop", service: "web")
        _ = try await platform.ec2.describeNetworkInterfaces(subnets: ["s-1", "s-2"])
        _ = try await platform.elb.describeLoadBalancers(names: ["front"])
        let bodies = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(
            bodies == [
                #"{"cluster":"shop","desiredStatus":"RUNNING","maxResults":100,"serviceName":"web"}"#,
                "Action=DescribeNetworkInterfaces&Version=2016-11-15&Filter.1.Name=subnet-id"
                    + "&Filter.1.Value.1=s-1&Filter.1.Value.2=s-2",
                "Action=DescribeLoadBalancers&Version=2015-12-01&Names.member.1=front",
            ])
        #expect(server.requests[0]["X-Amz-Target"] == "AmazonEC2ContainerServiceV20141113.ListTasks")
        #expect(server.requests[0]["Content-Type"] == "application/x-amz-json-1.1")
        #expect(server.requests[1]["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8")
    }

    @Test func `pages are followed to the end, and one that follows itself is refused`() async throws {
        let server = try ScriptedAWS { request in
            switch request.field("nextToken") {
            case nil: .ok(#"{"taskArns":["t/1"],"nextToken":"two"}"#)
            case "two": .ok(#"{"taskArns":["t/2"]}"#)
            default: .close
            }
        }
        #expect(try await platform(server).ecs.listTasks(cluster: "c") == ["t/1", "t/2"])
        let endless = try ScriptedAWS { _ in
            .ok("<DescribeSubnetsResponse><subnetSet/><nextToken>again</nextToken></DescribeSubnetsResponse>")
        }
        let error = await #expect(throws: AWSError.self) {
            _ = try await platform(endless).ec2.describeSubnets(vpc: "v")
        }
        #expect(error?.kind == .badAnswer("page again follows itself"))
    }

    @Test func `more than ten services are asked for in tens, and come in the order asked`() async throws {
        let server = try ScriptedAWSCloud().start()
        let names = (1...23).map { "s\(24 - $0)" }
        let found = try await platform(server).ecs.describeServices(cluster: "c", names)
        #expect(found.map(\.name) == names)
        #expect(server.requests.map { $0.list("services").count } == [10, 10, 3])
    }

    @Test func `a service that is missing is an error, not a shorter list`() async throws {
        let server = try ScriptedAWS { _ in
            .ok(#"{"services":[],"failures":[{"arn":"arn:web","reason":"MISSING"}]}"#)
        }
        let error = await #expect(throws: AWSError.self) {
            _ = try await platform(server).ecs.describeServices(cluster: "shop", ["web"])
        }
        #expect(
            error?.description
                == "ecs DescribeServices: ServiceNotFoundException: arn:web: MISSING in cluster shop")
    }

    @Test func `AWS's clock is estimated from the Date header`() async throws {
        let server = try ScriptedAWS { _ in
            .answer(
                status: 200, body: #"{"taskArns":[]}"#, headers: ["Date: Tue, 24 Nov 2026 09:30:12 GMT"])
        }
        let platform = platform(server)
        #expect(platform.clockOffset.estimate == nil)
        _ = try await platform.ecs.listTasks(cluster: "c")
        // Ours says 09:30:00.25; theirs is somewhere in 09:30:12…13.
        #expect(platform.clockOffset.estimate?.seconds == 12.25)
        #expect(platform.clockOffset.estimate?.uncertainty == 0.5)
    }

    @Test func `each Date header narrows the offset, and a clock that was set starts it anew`() {
        let offset = ClockOffset()
        offset.note(date: 100, sent: 98.0, received: 98.2)
        #expect(abs((offset.estimate?.seconds ?? 0) - 2.4) < 1e-9)
        offset.note(date: 101, sent: 98.9, received: 98.9)
        let estimate = offset.estimate
        #expect(abs((estimate?.seconds ?? 0) - 2.55) < 1e-9)
        #expect(abs((estimate?.uncertainty ?? 0) - 0.45) < 1e-9)
        offset.note(date: 500, sent: 100, received: 100)
        #expect(offset.estimate?.seconds == 400.5)
    }
}
