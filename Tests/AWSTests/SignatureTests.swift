import AWS
import TestKit
import Testing

@Suite struct SignatureTests {
    @Test(arguments: [
        // FIPS 180-4's examples.
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `our own SHA-256 gives the published digests`(text: String, digest: String) {
        #expect(SHA256.hex(SHA256.hash(Array(text.utf8))) == digest)
    }

    @Test func `our own HMAC gives RFC 4231's second digest`() {
        let mac = SHA256.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        #expect(SHA256.hex(mac) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    /// The worked example of AWS's documentation: ListUsers, 30 August 2015.
    @Test func `our own signature is that of AWS's worked example`() {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
        let key = SignatureV4.key(secret: secret, date: "20150830", region: "us-east-1", service: "iam")
        #expect(SHA256.hex(key) == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9")
        let signature = SignatureV4.signature(
            method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08",
            headers: [
                ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                ("host", "iam.amazonaws.com"),
                ("x-amz-date", "20150830T123600Z"),
            ], body: [], secret: secret, time: "20150830T123600Z", region: "us-east-1", service: "iam")
        #expect(signature == "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")
    }

    @Test(arguments: [nil, "session/token+with=signs"] as [String?])
    func `every call is signed as AWS would check it`(token: String?) async throws {
        let server = try ScriptedAWSCloud().start()
        let keys = Credentials(
            accessKey: "AKIDEXAMPLE", secretKey: "wJalr/K7+EXAMPLE", sessionToken: token, source: "test")
        let platform = AWSPlatform(
            configuration: AWSConfiguration(
                region: "eu-test-1", endpoints: Endpoints(all: server.url), credentials: keys))
        _ = try await platform.sts.getCallerIdentity()
        _ = try await platform.ecs.listTasks(cluster: "shop & söhne", service: "web")
        _ = try await platform.elb.describeLoadBalancers(names: ["front"])
        _ = try await platform.ec2.createNetworkAcl(
            vpc: "vpc-1", tags: [("loadchaos:fault", "block zone ü~ & +")], token: "t 1")
        _ = try await platform.fis.listExperimentTemplates()
        let services = ["sts", "ecs", "elasticloadbalancing", "ec2", "fis"]
        #expect(server.requests.count == services.count)
        for (request, service) in zip(server.requests, services) {
            let authorization = try #require(request["Authorization"])
            let fields = Dictionary(
                uniqueKeysWithValues: authorization.dropFirst("AWS4-HMAC-SHA256 ".count).split(separator: ",")
                    .map {
                        let parts = $0.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                        return (String(parts[0]), String(parts[1]))
                    })
            let time = try #require(request["X-Amz-Date"])
            #expect(fields["Credential"] == "AKIDEXAMPLE/\(time.prefix(8))/eu-test-1/\(service)/aws4_request")
            let names = (fields["SignedHeaders"] ?? "").split(separator: ";").map(String.init)
            #expect(names.contains("host"))
            #expect(names.contains("x-amz-security-token") == (token != nil))
            #expect(request["X-Amz-Security-Token"] == token)
            let expected = SignatureV4.signature(
                method: request.method, path: request.path, query: "",
                headers: names.map { ($0, request[$0] ?? "missing") }, body: request.body,
                secret: "wJalr/K7+EXAMPLE", time: time, region: "eu-test-1", service: service)
            #expect(fields["Signature"] == expected)
        }
    }
}
