import HTTP
import TestKit
import Testing

/// The same bytes to our parser and, over a socket, to libcurl's: the two must tell the same story.
@Suite struct AgainstLibcurlTests {
    /// What libcurl 7.88 takes for an answer and we do not: a load tester must not call a broken answer ok.
    static let stricter: Set<String> = [
        "HTTP/2", "header without name", "lengths that differ", "length over 2^63", "cut off in the head",
        "head over the limit",
    ]

    @Test(arguments: ResponseParserTests.good)
    func `libcurl reads the same status and body`(sample: Sample) async throws {
        let target = try ScriptedTarget { _ in .bytesThenClose(Array(sample.bytes.utf8)) }
        defer { target.stop() }
        let answer = try await Client(lanes: 1).send(Self.request(sample, target))
        #expect(answer.status == sample.status)
        #expect(answer.text == sample.body)
    }

    @Test(arguments: ResponseParserTests.bad.filter { !stricter.contains($0.name) })
    func `libcurl refuses what we refuse`(sample: Sample) async throws {
        let target = try ScriptedTarget { _ in .bytesThenClose(Array(sample.bytes.utf8)) }
        defer { target.stop() }
        let request = Self.request(sample, target)
        await #expect(throws: ClientError.self) { try await Client(lanes: 1).send(request) }
    }

    private static func request(_ sample: Sample, _ target: ScriptedTarget) -> ClientRequest {
        ClientRequest(
            method: sample.isHead ? "HEAD" : "GET", url: "http://127.0.0.1:\(target.port)/",
            timeout: .seconds(5))
    }
}
