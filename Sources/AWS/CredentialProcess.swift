import Foundation
import Spawn

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
        let output = try await run()
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

    private func run() async throws(AWSConfigurationError) -> Data {
        var program = Program.shell(command)
        // It may ask for a second factor there.
        program.errors = STDERR_FILENO
        let end: Child.End
        let output: Data
        do throws(NoStart) {
            (end, output) = try await Child.run(
                program, within: limit, into: Data(), adding: { $0.append(contentsOf: $1) })
        } catch {
            throw .credentialProcess(command: command, why: "\(error)")
        }
        switch end {
        case .exited(0): return output
        case .exited(let status): throw .credentialProcess(command: command, why: "exit status \(status)")
        case .timedOut: throw .credentialProcess(command: command, why: "it took longer than \(limit)")
        case .cancelled: throw .credentialProcess(command: command, why: "it was cancelled")
        }
    }
}
