import Foundation
import HTTP

/// Credentials that the machine we run on hands out: the ECS container agent's, or the EC2 instance's (IMDSv2).
struct CredentialEndpoint: Sendable {
    enum InstanceAnswer {
        case found(Credentials)
        case none(String)
    }

    let environment: [String: String]
    private let client = Client(lanes: 1)

    init(environment: [String: String]) { self.environment = environment }

    /// nil: no container says where to ask.
    func fromContainer() async throws(AWSConfigurationError) -> Credentials? {
        let url: String
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], !path.isEmpty {
            url = "http://169.254.170.2" + path
        } else if let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"], !full.isEmpty {
            url = full
        } else {
            return nil
        }
        var token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        if let file = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], !file.isEmpty {
            do {
                token = try String(contentsOfFile: file, encoding: .utf8).trimmed
            } catch {
                throw .unreadableFile(file, why: "\(error)")
            }
        }
        let headers = token.map { [ClientHeader("Authorization", $0)] } ?? []
        let text = try await get(ClientRequest(url: url, headers: headers, timeout: .seconds(2)))
        return try decode(text, url: url, source: "the container")
    }

    func fromInstance() async throws(AWSConfigurationError) -> InstanceAnswer {
        if environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" {
            return .none("AWS_EC2_METADATA_DISABLED is set")
        }
        let base = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254"
        let ask = ClientRequest(
            method: "PUT", url: base + "/latest/api/token",
            headers: [ClientHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600")], body: [],
            timeout: .seconds(1))
        let token: String
        do {
            let answer = try await client.send(ask)
            guard answer.status == 200 else {
                return .none("EC2 metadata answered \(answer.status) instead of a token")
            }
            token = answer.text.trimmed
        } catch {
            // Not on EC2: the usual case, and the reason is kept for the message.
            return .none("EC2 metadata is not reachable (\(error.kind.rawValue))")
        }
        let headers = [ClientHeader("X-aws-ec2-metadata-token", token)]
        let list = base + "/latest/meta-data/iam/security-credentials/"
        let role = try await get(ClientRequest(url: list, headers: headers, timeout: .seconds(1)))
            .split(whereSeparator: \.isNewline).first.map(String.init)
        guard let role else { return .none("the EC2 instance has no role") }
        let text = try await get(ClientRequest(url: list + role, headers: headers, timeout: .seconds(1)))
        return .found(try decode(text, url: list + role, source: "EC2 role \(role)"))
    }

    private func get(_ request: ClientRequest) async throws(AWSConfigurationError) -> String {
        do {
            let answer = try await client.send(request)
            guard answer.status == 200 else {
                throw AWSConfigurationError.credentialEndpoint(
                    url: request.url, why: "status \(answer.status)")
            }
            return answer.text
        } catch let error as AWSConfigurationError {
            throw error
        } catch {
            throw .credentialEndpoint(url: request.url, why: "\(error)")
        }
    }

    private func decode(
        _ text: String, url: String, source: String
    ) throws(AWSConfigurationError) -> Credentials {
        let found: Credentials?
        do {
            let answer = try JSONDecoder().decode(CredentialProcess.Answer.self, from: Data(text.utf8))
            found = answer.credentials(source: source)
        } catch {
            // The decoder's error may quote secrets: only the fact is kept.
            throw .credentialEndpoint(url: url, why: "the answer is not the expected JSON")
        }
        guard let found else {
            throw .credentialEndpoint(url: url, why: "the answer lacks AccessKeyId or SecretAccessKey")
        }
        return found
    }
}
