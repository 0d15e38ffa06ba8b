import Foundation
import Spawn
import TestKit
import Testing

/// Keys that are planted where keys come from are found nowhere else: in no output, recording, journal or crash trace.
@Suite struct SecretTests {
    private static let secret = "planted/secret+key/0123456789abcdefghijkl"
    private static let token = "planted-session-token-0123456789abcdefghijkl"

    private let shop: ShopCommand
    private let environment: [String: String]
    private var command: Command { shop.command }
    private var cloud: ScriptedAWSCloud { shop.cloud }
    private var server: ScriptedAWS { shop.server }

    init() throws {
        shop = try ShopCommand(accessKey: "AKIAPLANTED", secretKey: Self.secret)
        environment = shop.environment.merging(["AWS_SESSION_TOKEN": Self.token]) { $1 }
    }

    /// As AWS answers a signature that does not match: it quotes the request, header for header.
    private func quoteRequests() {
        cloud.answer { request in
            let quoted = request.headers.map { "\($0.name):\($0.value)" }.joined(separator: "\n")
            return .status(
                403,
                """
                {"__type":"SignatureDoesNotMatch","message":"The request signature we calculated does not match the \
                signature you provided. The Canonical String for this request should have been '\
                \(quoted.replacing("\"", with: "'").replacing("\n", with: "\\n"))'"}
                """)
        }
    }

    private func expectNoSecret(_ ending: Command.Ending) throws {
        for secret in [Self.secret, Self.token] {
            #expect(!ending.output.contains(secret) && !ending.errors.contains(secret))
            let wanted = Data(secret.utf8)
            let files = FileManager.default.enumerator(at: command.folder, includingPropertiesForKeys: nil)
            for case let file as URL in try #require(files) where !file.hasDirectoryPath {
                #expect(try Data(contentsOf: file).firstRange(of: wanted) == nil, "\(file.lastPathComponent)")
            }
        }
    }

    @Test func `they are used, and not told, whether AWS answers or refuses`() throws {
        defer { try? command.remove() }  // The system's own sweep has what is left.
        let planned = try command.run(
            ["plan", "zone.scn", "--on", "aws", "--json"], environment: environment)
        #expect(planned.status == 0, "\(planned)")
        let signed = try #require(server.requests.first)
        #expect(signed["X-Amz-Security-Token"] == Self.token, "the planted keys are those that are used")
        try expectNoSecret(planned)

        // The target's name leads nowhere: the run is recorded, and ends before its first request.
        let run = try command.run(["run", "zone.scn", "--on", "aws"], environment: environment)
        #expect(run.status == 69, "\(run)")
        try expectNoSecret(run)

        quoteRequests()
        for words in [
            ["plan", "zone.scn", "--on", "aws"], ["run", "zone.scn", "--on", "aws"],
            ["recover", "--tags", "shop.system", "--on", "aws"],
        ] {
            let refused = try command.run(words, environment: environment)
            #expect(refused.status != 0 && refused.errors.contains("SignatureDoesNotMatch"), "\(refused)")
            #expect(refused.errors.lowercased().contains("x-amz-security-token:(not shown)"), "\(refused)")
            try expectNoSecret(refused)
        }
    }

    @Test func `a credential_process that fails keeps what it printed`() throws {
        defer { try? command.remove() }  // As above.
        let folder = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // As above.
        let config = folder.appending(path: "config")
        try Data("[default]\ncredential_process = cat \(folder.path)/keys\n".utf8).write(to: config)
        var environment = environment
        environment["AWS_CONFIG_FILE"] = config.path
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
            environment[name] = ""
        }
        let keys = folder.appending(path: "keys")
        for printed in [
            "SecretAccessKey: \(Self.secret)", #"{"Version":1,"SecretAccessKey":"\#(Self.secret)"}"#,
        ] {
            try Data(printed.utf8).write(to: keys)
            let ending = try command.run(["plan", "zone.scn", "--on", "aws"], environment: environment)
            #expect(ending.status != 0 && ending.errors.contains("credential_process"), "\(ending)")
            try expectNoSecret(ending)
        }
    }

    /// Real time: the process is alive, waits for AWS, and is made to crash.
    @Test func `a crash tells nothing of them`() throws {
        defer { try? command.remove() }  // As above.
        cloud.answer { request in request.action == "DescribeSubnets" ? .silence : nil }
        var environment = environment
        environment["SWIFT_BACKTRACE"] = "enable=yes,symbolicate=off,interactive=no"
        let process = try command.start(["plan", "zone.scn", "--on", "aws"], environment: environment)
        let patience = Date() + 30
        while server.count("DescribeSubnets") == 0, process.ending() == nil, Date() < patience {
            Thread.sleep(forTimeInterval: 0.05)
        }
        process.signal(SIGSEGV)
        // The runtime tells of the crash, and goes on: there is no instruction to fail again.
        while try !command.errorsSoFar().contains("Backtrace took"), process.ending() == nil,
            Date() < patience
        {
            Thread.sleep(forTimeInterval: 0.05)
        }
        process.signal(SIGKILL)
        process.wait()
        let trace = try command.errorsSoFar()
        #expect(trace.contains("Backtrace took"), "\(trace)")
        try expectNoSecret(Command.Ending(status: 0, output: "", errors: trace))
    }
}
