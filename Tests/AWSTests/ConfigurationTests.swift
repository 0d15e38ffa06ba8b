import AWS
import Foundation
import TestKit
import Testing

@Suite struct ConfigurationTests {
    /// Runs `body` with a home directory of its own that holds these files below `.aws`.
    private func home<Value>(
        _ files: [String: String], _ body: (String) async throws -> Value
    ) async throws -> Value {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent("aws-\(UUID().uuidString)")
        let folder = home.appendingPathComponent(".aws")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        for (name, text) in files {
            try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        return try await body(home.path)
    }

    private static let off = ["AWS_EC2_METADATA_DISABLED": "true"]

    private func keys(_ files: [String: String], _ environment: [String: String]) async throws -> Credentials
    {
        try await home(files) { home in
            let all = environment.merging(Self.off) { a, _ in a }.merging(["HOME": home, "AWS_REGION": "r"]) {
                a, _ in a
            }
            return try await AWSConfiguration.fromEnvironment(all).credentials.credentials()
        }
    }

    static let credentialsFile = """
        [default]
        aws_access_key_id = DEFAULTKEY
        aws_secret_access_key=defaultsecret  # a comment
        [dev]
        ; another
        aws_access_key_id = DEVKEY
        aws_secret_access_key = dev=secret
        aws_session_token = devtoken
        """

    @Test(
        arguments: [
            (["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "s"], "E", "s", nil),
            (
                ["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"], "E", "s",
                "t"
            ),
            (["AWS_ACCESS_KEY_ID": "E"], "DEFAULTKEY", "defaultsecret", nil),
            ([:], "DEFAULTKEY", "defaultsecret", nil),
            (["AWS_PROFILE": "dev"], "DEVKEY", "dev=secret", "devtoken"),
            (
                ["AWS_PROFILE": "dev", "AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "s"], "DEVKEY",
                "dev=secret",
                "devtoken"
            ),
        ] as [([String: String], String, String, String?)])
    func `credentials come from the environment, or from the profile`(
        environment: [String: String], key: String, secret: String, token: String?
    ) async throws {
        let found = try await keys(["credentials": Self.credentialsFile], environment)
        #expect(found.accessKey == key)
        #expect(found.secretKey == secret)
        #expect(found.sessionToken == token)
    }

    @Test func `credential_process gives keys with their end`() async throws {
        let json =
            #"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"q","SessionToken":"t","Expiration":"2026-11-24T09:30:00Z"}"#
        let found = try await keys(["config": "[default]\ncredential_process = printf '%s' '\(json)'\n"], [:])
        #expect(found.accessKey == "P")
        #expect(found.sessionToken == "t")
        #expect(found.expiration == 1_795_512_600)
    }

    @Test func `who asks while credentials are fetched waits for the same ones`() async throws {
        let asked = NSTemporaryDirectory() + "loadchaos-asked-\(UUID().uuidString)"
        defer { unlink(asked) }
        let json =
            #"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"q","Expiration":"2126-11-24T09:30:00Z"}"#
        let command = "echo once >>\(asked); sleep 0.5; printf '%s' '\(json)'"
        try await home(["config": "[default]\ncredential_process = \(command)\n"]) { home in
            let environment = Self.off.merging(["HOME": home, "AWS_REGION": "r"]) { a, _ in a }
            let source = try AWSConfiguration.fromEnvironment(environment).credentials
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try await source.credentials().accessKey } }
                for try await key in group { #expect(key == "P") }
            }
        }
        #expect(try String(contentsOfFile: asked, encoding: .utf8) == "once\n")
    }

    @Test(arguments: [
        ("exit 3", "exit status 3"), ("echo secret-in-here", "its output is not the expected JSON"),
        (
            #"echo '{"Version":2,"AccessKeyId":"a","SecretAccessKey":"b"}'"#,
            "its output lacks Version 1, AccessKeyId or SecretAccessKey"
        ),
    ])
    func `a credential_process that fails is named, without its output`(command: String, why: String)
        async throws
    {
        await #expect(throws: AWSConfigurationError.credentialProcess(command: command, why: why)) {
            _ = try await keys(["config": "[default]\ncredential_process = \(command)\n"], [:])
        }
    }

    @Test func `without any credentials the error names every source`() async throws {
        let error = await #expect(throws: AWSConfigurationError.self) {
            _ = try await keys(["config": "[default]\nsso_session = corp\n"], [:])
        }
        #expect(
            error?.description == """
                no AWS credentials found; tried AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set; \
                profile default uses sso_session, which is not supported here; \
                AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and …_FULL_URI are not set; AWS_EC2_METADATA_DISABLED is set. \
                For SSO, role chains and web identity: eval "$(aws configure export-credentials --format env)"
                """)
    }

    @Test func `the container's endpoint is asked with its token`() async throws {
        let server = try ScriptedAWS { _ in
            .ok(#"{"AccessKeyId":"C","SecretAccessKey":"d","Token":"t","Expiration":"2030-01-01T00:00:00Z"}"#)
        }
        let found = try await keys(
            [:],
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/v2",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "let me in",
            ])
        #expect(found.accessKey == "C")
        #expect(found.sessionToken == "t")
        #expect(server.requests.map(\.path) == ["/v2"])
        #expect(server.requests.first?["Authorization"] == "let me in")
    }

    @Test func `an EC2 role's keys are fetched with a session token`() async throws {
        let server = try ScriptedAWS { request in
            switch (request.method, request.path) {
            case ("PUT", "/latest/api/token"): .ok("imds-token")
            case ("GET", "/latest/meta-data/iam/security-credentials/"): .ok("chaos-role\n")
            case ("GET", "/latest/meta-data/iam/security-credentials/chaos-role"):
                .ok(
                    #"{"AccessKeyId":"I","SecretAccessKey":"j","Token":"k","Expiration":"2030-01-01T00:00:00Z"}"#
                )
            default: .status(404, "")
            }
        }
        let found = try await keys(
            [:], ["AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url])
        #expect(found.accessKey == "I")
        #expect(server.requests.dropFirst().allSatisfy { $0["X-aws-ec2-metadata-token"] == "imds-token" })
    }

    @Test(arguments: [
        ([:], "config-region"), (["AWS_DEFAULT_REGION": "d"], "d"),
        (["AWS_DEFAULT_REGION": "d", "AWS_REGION": "a"], "a"),
    ])
    func `the region comes from the environment, or from the profile`(
        environment: [String: String], region: String
    )
        async throws
    {
        try await home(["config": "[default]\nregion = config-region\n"]) { home in
            let all = environment.merging(["HOME": home]) { a, _ in a }
            let found = try AWSConfiguration.fromEnvironment(all)
            let given = try AWSConfiguration.fromEnvironment(all, region: "given")
            #expect(found.region == region)
            #expect(given.region == "given")
        }
    }

    @Test func `commands are told where the platform is, and no key that they can find themselves`()
        async throws
    {
        let lab = AWSConfiguration.lab(endpoint: "http://127.0.0.1:1", region: "eu-test-1").surroundings
        #expect(lab["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1" && lab["AWS_ACCESS_KEY_ID"] != nil)
        #expect(lab["AWS_REGION"] == "eu-test-1" && lab["AWS_DEFAULT_REGION"] == "eu-test-1")
        let found = try await home([:]) { home in
            try AWSConfiguration.fromEnvironment(
                Self.off.merging([
                    "HOME": home, "AWS_REGION": "r", "AWS_ENDPOINT_URL_EC2": "http://127.0.0.1:2",
                ]) {
                    $1
                })
        }
        #expect(
            found.surroundings == [
                "AWS_REGION": "r", "AWS_DEFAULT_REGION": "r", "AWS_ENDPOINT_URL_EC2": "http://127.0.0.1:2",
            ])
    }

    @Test func `no region and an unknown profile are said before any call`() {
        #expect(throws: AWSConfigurationError.noRegion) {
            _ = try AWSConfiguration.fromEnvironment(["HOME": "/nonexistent"])
        }
        let files = ["/nonexistent/.aws/credentials", "/nonexistent/.aws/config"]
        #expect(throws: AWSConfigurationError.unknownProfile("nope", files: files)) {
            _ = try AWSConfiguration.fromEnvironment(["HOME": "/nonexistent", "AWS_PROFILE": "nope"])
        }
    }

    @Test func `a service's own endpoint wins over the one for all`() throws {
        let environment = [
            "HOME": "/nonexistent", "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:4566/",
            "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2": "http://localhost:9000",
        ]
        let endpoints = try AWSConfiguration.fromEnvironment(environment).endpoints
        #expect(endpoints.url(of: .ecs, region: "eu-west-1") == "http://127.0.0.1:4566")
        #expect(endpoints.url(of: .elb, region: "eu-west-1") == "http://localhost:9000")
        #expect(endpoints.areLoopback)
        #expect(!Endpoints(byService: ["ec2": "http://127.0.0.1:1"]).areLoopback)
        #expect(
            Endpoints().url(of: .elb, region: "eu-west-1")
                == "https://elasticloadbalancing.eu-west-1.amazonaws.com")
        #expect(Endpoints().url(of: .sts, region: "cn-north-1") == "https://sts.cn-north-1.amazonaws.com.cn")
    }

    @Test(arguments: ["127.0.0.1:80", "ftp://x", "http://", "http://x/path", "http://a b"])
    func `an endpoint that is no URL of a host is refused`(value: String) {
        #expect(throws: AWSConfigurationError.badEndpoint(variable: "AWS_ENDPOINT_URL", value: value)) {
            _ = try AWSConfiguration.fromEnvironment(
                ["HOME": "/nonexistent", "AWS_REGION": "r", "AWS_ENDPOINT_URL": value])
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1.evil.example:80", false), ("http://127.0.0.1:1", true), ("http://[::1]:5", true),
        ("https://localhost", true), ("http://localhost.example", false), ("http://128.0.0.1", false),
    ])
    func `only addresses of this machine are loopback`(url: String, isLoopback: Bool) {
        #expect(Endpoints(all: url).areLoopback == isLoopback)
    }

    @Test func `credentials show no secret in any description`() {
        let keys = Credentials(
            accessKey: "AKIAVISIBLE", secretKey: "hush", sessionToken: "tok", source: "a test")
        var dumped = ""
        dump(AWSConfiguration(region: "r", endpoints: Endpoints(), credentials: keys), to: &dumped)
        for text in [dumped, "\(keys)", String(reflecting: keys), "\([keys])"] {
            for secret in ["AKIAVISIBLE", "hush", "tok"] { #expect(!text.contains(secret)) }
        }
        #expect("\(keys)" == "credentials from a test (keys not shown)")
    }
}
