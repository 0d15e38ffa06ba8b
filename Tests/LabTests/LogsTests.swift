import Foundation
import Loopback
import Testing

@testable import Lab

@Suite struct LogsTests {
    private static let place = ContainerSettings.LogPlace(
        group: "/ecs/ecs-microservices/nginx", stream: "ecs/nginx/1")

    private func lab(_ lines: [String]) -> ControlLab {
        let lab = ControlLab()
        lab.control.logs.open(Self.place)
        for line in lines {
            lab.control.logs.append([line], to: Self.place)
            lab.clock.advance(by: .seconds(1))
        }
        return lab
    }

    private func messages(_ answer: LoopbackAnswer) throws -> [String] {
        let root = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body.utf8))
        guard case .array(let events)? = root["events"] else { return [answer.body] }
        return events.map { if case .string(let text)? = $0["message"] { text } else { "?" } }
    }

    private func token(_ answer: LoopbackAnswer, _ key: String) throws -> String? {
        let root = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body.utf8))
        return if case .string(let text)? = root[key] { text } else { nil }
    }

    @Test func `the document's four groups are there before any line`() async throws {
        let answer = await ControlLab().logs("DescribeLogGroups", "{\"logGroupNamePrefix\":\"/ecs/\"}")
        let names = answer.body.matches(of: /"logGroupName":"([^"]*)"/).map { String($0.output.1) }
        #expect(names == ["exec", "flask-app", "nginx", "redis"].map { "/ecs/ecs-microservices/\($0)" })
    }

    @Test func `a stream tells when its first and last line came`() async {
        let answer = await lab(["a", "b"]).logs(
            "DescribeLogStreams", "{\"logGroupName\":\"/ecs/ecs-microservices/nginx\"}")
        #expect(
            answer.body == #"""
                {"logStreams":[{"logStreamName":"ecs/nginx/1","creationTime":1795428000000,\#
                "arn":"arn:aws:logs:ap-south-1:123456789012:log-group:/ecs/ecs-microservices/nginx:\#
                log-stream:ecs/nginx/1","storedBytes":0,"firstEventTimestamp":1795428000000,\#
                "lastEventTimestamp":1795428001000,"lastIngestionTime":1795428001000}]}
                """#)
    }

    @Test func `a stream is read in pages, and at its end the same token comes back`() async throws {
        let lab = lab(["a", "b", "c"])
        let start =
            "{\"logGroupName\":\"/ecs/ecs-microservices/nginx\",\"logStreamName\":\"ecs/nginx/1\",\"limit\":2"
        let first = await lab.logs("GetLogEvents", start + ",\"startFromHead\":true}")
        #expect(try messages(first) == ["a", "b"])
        let forward = try #require(try token(first, "nextForwardToken"))
        let second = await lab.logs("GetLogEvents", start + ",\"nextToken\":\"\(forward)\"}")
        #expect(try messages(second) == ["c"])
        let end = try #require(try token(second, "nextForwardToken"))
        let third = await lab.logs("GetLogEvents", start + ",\"nextToken\":\"\(end)\"}")
        #expect(try messages(third) == [])
        #expect(try token(third, "nextForwardToken") == end)
        #expect(try messages(await lab.logs("GetLogEvents", start + "}")) == ["b", "c"])
        let back = try #require(try token(await lab.logs("GetLogEvents", start + "}"), "nextBackwardToken"))
        #expect(try messages(await lab.logs("GetLogEvents", start + ",\"nextToken\":\"\(back)\"}")) == ["a"])
    }

    @Test(arguments: [
        ("", ["GET /a error", "POST /b Error", "ok"]), ("error", ["GET /a error"]),
        ("\"/b Error\"", ["POST /b Error"]), ("?error ?ok", ["GET /a error", "ok"]),
        ("-ok", ["GET /a error", "POST /b Error"]),
        ("GET error", ["GET /a error"]), ("GET Error", []),
    ])
    func `lines are found by terms`(pattern: String, found: [String]) async throws {
        let lab = lab(["GET /a error", "POST /b Error", "ok"])
        let quoted = JSONValue.string(pattern).text
        let answer = await lab.logs(
            "FilterLogEvents",
            "{\"logGroupName\":\"/ecs/ecs-microservices/nginx\",\"filterPattern\":\(quoted)}")
        #expect(try messages(answer) == found)
    }

    @Test func `lines are found by time, which is in milliseconds`() async throws {
        let answer = await lab(["a", "b", "c"]).logs(
            "FilterLogEvents",
            "{\"logGroupName\":\"/ecs/ecs-microservices/nginx\",\"startTime\":1795428001000,\"endTime\":1795428002000}"
        )
        #expect(try messages(answer) == ["b"])
    }

    @Test(arguments: [
        ("FilterLogEvents", "{\"logGroupName\":\"x\"}", "ResourceNotFoundException"),
        (
            "GetLogEvents", "{\"logGroupName\":\"/ecs/ecs-microservices/nginx\",\"logStreamName\":\"x\"}",
            "ResourceNotFoundException"
        ),
        (
            "FilterLogEvents",
            "{\"logGroupName\":\"/ecs/ecs-microservices/nginx\",\"filterPattern\":\"{ $.a = 1 }\"}",
            "InvalidParameterException"
        ),
        (
            "FilterLogEvents", "{\"logGroupName\":\"/ecs/ecs-microservices/nginx\",\"limit\":0}",
            "InvalidParameterException"
        ),
        ("FilterLogEvents", "{}", "InvalidParameterException"),
        ("PutLogEvents", "{}", "UnknownOperationException"),
    ])
    func `errors have the codes of CloudWatch Logs`(action: String, body: String, code: String) async {
        let answer = await lab([]).logs(action, body)
        #expect(answer.status == 400)
        #expect(answer.body.hasPrefix("{\"__type\":\"\(code)\""))
    }

    @Test func `a stream that never ends keeps its youngest lines`() throws {
        let lab = lab([])
        for number in 0..<5_000 { lab.control.logs.append(["\(number)"], to: Self.place) }
        let stream = try #require(lab.control.logs.group(Self.place.group)?.streams.first)
        #expect(stream.events.count <= LogStore.eventsPerStreamMax)
        #expect(stream.events.last?.message == "4999")
    }

    @Test func `lines are put together from pieces, and one without end is cut`() {
        var lines = LineSplitter()
        #expect(lines.add(Array("a\nb".utf8)) == ["a"])
        #expect(lines.add(Array("c\r\n\nd".utf8)) == ["bc", ""])
        #expect(lines.rest() == ["d"])
        #expect(lines.rest() == [])
        #expect(lines.add(Array(repeating: 65, count: 40_000)).map(\.utf8.count) == [16_384, 16_384])
    }
}
