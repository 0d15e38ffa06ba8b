import Foundation
import Synchronization

/// `credential_process` of a profile: a command that prints credentials as JSON.
struct CredentialProcess: Sendable {
    let command: String
    /// A command that takes longer is stopped: it may be waiting for someone to type.
    var limit = Duration.seconds(60)

    /// The wire form, version 1, which the container and instance endpoints share but for the token's name.
    struct Answer: Decodable {
        var version: Int?
        var accessKey: String?
        var secretKey: String?
        var sessionToken: String?
        var token: String?
        var expiration: String?

        enum CodingKeys: String, CodingKey {
            case version = "Version"
            case accessKey = "AccessKeyId"
            case secretKey = "SecretAccessKey"
            case sessionToken = "SessionToken"
            case token = "Token"
            case expiration = "Expiration"
        }

        /// nil without both keys.
        func credentials(source: String) -> Credentials? {
            guard let accessKey, let secretKey else { return nil }
            return Credentials(
                accessKey: accessKey, secretKey: secretKey, sessionToken: sessionToken ?? token,
                expiration: expiration.flatMap(Timestamp.seconds(iso8601:)), renews: true,
                source: source)
        }
    }

    /// The command's output goes nowhere but into the answer: it holds secrets.
    func credentials() async throws(AWSConfigurationError) -> Credentials {
        let (status, output) = try await run()
        guard status == 0 else {
            throw .credentialProcess(command: command, why: "exit status \(status)")
        }
        let answer: Answer
        do {
            answer = try JSONDecoder().decode(Answer.self, from: output)
        } catch {
            // The decoder's error may quote the output, which holds secrets: only the fact is kept.
            throw .credentialProcess(command: command, why: "its output is not the expected JSON")
        }
        guard answer.version == 1, let found = answer.credentials(source: "credential_process") else {
            throw .credentialProcess(
                command: command, why: "its output lacks Version 1, AccessKeyId or SecretAccessKey")
        }
        return found
    }

    private func run() async throws(AWSConfigurationError) -> (Int32, Data) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardInput = FileHandle.nullDevice
        // Its standard error stays ours: it may ask for a second factor there.
        let pipe = Pipe()
        process.standardOutput = pipe
        let ended = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            ended.continuation.yield($0.terminationStatus)
            ended.continuation.finish()
        }
        do {
            try process.run()
        } catch {
            throw .credentialProcess(command: command, why: "cannot be started: \(error)")
        }
        let running = Mutex(process.processIdentifier)
        let alarm = Task { [limit] in
            try await Task.sleep(for: limit)
            running.withLock { if $0 > 0 { kill($0, SIGTERM) } }
        }
        let output = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: pipe.fileHandleForReading.readDataToEndOfFile())
            }
        }
        var status: Int32 = -1
        for await code in ended.stream { status = code }
        running.withLock { $0 = 0 }
        alarm.cancel()
        return (status, output)
    }
}
