import HTTP
import Synchronization
import TestKit
import Testing

@Suite struct ClientTests {
    private func ask(_ server: ScriptedAWS, _ change: (inout ClientRequest) -> Void = { _ in }) async throws(ClientError)
        -> ClientResponse
    {
        var request = ClientRequest(url: server.url + "/x?q=1")
        change(&request)
        return try await Client().send(request)
    }

    @Test func `status, headers and body of an answer are read`() async throws {
        let server = try ScriptedAWS { _ in
            .answer(status: 418, body: "short and stout", headers: ["X-Kind:  teapot ", "X-Kind: second"])
        }
        let answer = try await ask(server)
        #expect(answer.status == 418)
        #expect(answer.text == "short and stout")
        #expect(answer.header("x-kind") == "teapot")
        #expect(answer.headers.count { $0.name == "X-Kind" } == 2)
        #expect(answer.address == "127.0.0.1")
    }

    @Test(arguments: [
        ("GET", nil, nil), ("HEAD", nil, nil), ("DELETE", nil, nil), ("POST", nil, "0"), ("POST", "", "0"),
        ("POST", "a\u{0}b", "3"), ("PUT", "xyz", "3"), ("PATCH", "é", "2"), ("GET", "body", "4"),
    ] as [(String, String?, String?)])
    func `the method and the body arrive as they were given`(method: String, body: String?, length: String?)
        async throws
    {
        let server = try ScriptedAWS { _ in .ok("") }
        _ = try await ask(server) {
            $0.method = method
            $0.body = body.map { Array($0.utf8) }
        }
        let request = try #require(server.requests.first)
        #expect(request.method == method)
        #expect(request.path == "/x?q=1")
        #expect(request["Content-Length"] == length)
        #expect(request.body == Array((body ?? "").utf8))
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        let server = try ScriptedAWS { _ in .answer(status: 302, body: "", headers: ["Location: /elsewhere"]) }
        #expect(try await ask(server).status == 302)
        #expect(server.requests.count == 1)
    }

    @Test func `one lane keeps its connection`() async throws {
        let server = try ScriptedAWS { _ in .ok("x") }
        let client = Client(lanes: 1)
        for _ in 0..<20 { _ = try await client.send(ClientRequest(url: server.url)) }
        #expect(server.connections == 1)
    }

    @Test func `four lanes carry any number of exchanges over four connections`() async throws {
        let server = try ScriptedAWS { _ in .ok("x") }
        let client = Client(lanes: 4)
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { try await client.send(ClientRequest(url: server.url)).status } }
            return try await group.reduce(0) { $1 == 200 ? $0 + 1 : $0 }
        }
        #expect(done == 200)
        #expect(server.connections <= 4)
    }

    @Test func `nobody listening is refused, with host, port and reason`() async throws {
        let server = try ScriptedAWS { _ in .close }
        server.stop()
        let error = await #expect(throws: ClientError.self) { try await ask(server) }
        #expect(error?.kind == .refused)
        #expect(error?.host == "127.0.0.1")
        #expect(error?.port == server.port)
        let text = try #require(error?.description)
        #expect(text.hasPrefix("127.0.0.1:\(server.port): refused: "))
    }

    @Test(arguments: [
        (ScriptedAWS.Reply.close, ClientError.Kind.reset),
        (.raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort".utf8)), .reset),
        (.raw(Array("no HTTP at all\r\n\r\n".utf8)), .badResponse),
        (.ok(String(repeating: "x", count: 1001)), .tooLarge),
    ])
    func `a broken answer is a typed error`(reply: ScriptedAWS.Reply, kind: ClientError.Kind) async throws {
        let server = try ScriptedAWS { _ in reply }
        let error = await #expect(throws: ClientError.self) { try await ask(server) { $0.maxBodySize = 1000 } }
        #expect(error?.kind == kind)
    }

    @Test(arguments: ["ftp://127.0.0.1/", "http://", "nonsense://x", "file:///etc/passwd"])
    func `a URL that is not HTTP is refused before anything is sent`(url: String) async {
        let error = await #expect(throws: ClientError.self) { try await Client().send(ClientRequest(url: url)) }
        #expect(error?.kind == .badRequest)
    }

    @Test func `a header with a line break is refused before anything is sent`() async throws {
        let server = try ScriptedAWS { _ in .ok("") }
        let error = await #expect(throws: ClientError.self) {
            try await ask(server) { $0.headers = [ClientHeader("X-A", "b\r\nX-Smuggled: c")] }
        }
        #expect(error?.kind == .badRequest)
        #expect(server.requests.isEmpty)
    }

    @Test func `no answer within the timeout is a timeout`() async throws {
        let server = try ScriptedAWS { _ in .silence }
        let error = await #expect(throws: ClientError.self) { try await ask(server) { $0.timeout = .milliseconds(50) } }
        #expect(error?.kind == .timeout)
    }

    @Test func `cancelling ends an exchange and one that waits for a lane, and the lane is free again`() async throws {
        let arrived = AsyncStream<Void>.makeStream()
        let isSilent = Mutex(true)
        let server = try ScriptedAWS { _ in
            arrived.continuation.yield()
            return isSilent.withLock { $0 } ? .silence : .ok("after")
        }
        let client = Client(lanes: 1)
        let url = server.url
        let first = Task { try await client.send(ClientRequest(url: url, timeout: .seconds(3600))) }
        for await _ in arrived.stream { break }
        let second = Task { try await client.send(ClientRequest(url: url, timeout: .seconds(3600))) }
        second.cancel()
        first.cancel()
        for task in [first, second] {
            let error = await #expect(throws: ClientError.self) { try await task.value }
            #expect(error?.kind == .cancelled)
        }
        isSilent.withLock { $0 = false }
        #expect(try await client.send(ClientRequest(url: url)).text == "after")
    }

    @Test func `resolve wins over name resolution`() async throws {
        let server = try ScriptedAWS { _ in .ok("here") }
        let answer = try await Client().send(
            ClientRequest(
                url: "http://service.invalid:\(server.port)/",
                resolve: ["service.invalid:\(server.port):127.0.0.1"]))
        #expect(answer.text == "here")
        #expect(server.requests.first?["Host"] == "service.invalid:\(server.port)")
    }

    @Test func `a name that does not exist is a dns error`() async {
        let request = ClientRequest(url: "http://nowhere.invalid/", timeout: .seconds(30))
        let error = await #expect(throws: ClientError.self) { try await Client().send(request) }
        #expect(error?.kind == .dns)
        #expect(error?.port == 80)
    }

    @Test func `no secret is in any description of a signing`() {
        let signing = ClientSigning(
            region: "r", service: "s", accessKey: "AKIAVISIBLE", secretKey: "hush", sessionToken: "token")
        var dumped = ""
        dump(ClientRequest(url: "http://x/", signing: signing), to: &dumped)
        for text in [dumped, "\(signing)", String(reflecting: signing), String(describing: ClientRequest(url: "", signing: signing))] {
            for secret in ["AKIAVISIBLE", "hush", "token"] { #expect(!text.contains(secret)) }
        }
    }
}
