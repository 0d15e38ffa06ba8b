/// Gives credentials when asked, fetching new ones before the old expire.
package protocol CredentialSource: Sendable {
    func credentials() async throws(AWSConfigurationError) -> Credentials
}

extension Credentials: CredentialSource {
    package func credentials() async throws(AWSConfigurationError) -> Credentials { self }
}

/// AWS's usual order: environment, profile (keys, then `credential_process`), container, EC2 instance.
package actor CredentialChain: CredentialSource {
    private let environment: [String: String]
    private let files: SharedFiles
    private let wallClock: @Sendable () -> Double
    private var known: Credentials?
    /// Whoever asks while new ones are fetched waits for these: the command may ask a person for a second factor.
    private var fetching: Task<Result<Credentials, AWSConfigurationError>, Never>?

    init(environment: [String: String], files: SharedFiles, wallClock: @escaping @Sendable () -> Double) {
        self.environment = environment
        self.files = files
        self.wallClock = wallClock
    }

    package func credentials() async throws(AWSConfigurationError) -> Credentials {
        if let known, known.isFresh(at: wallClock()) { return known }
        let task = fetching ?? Task { await renew() }
        fetching = task
        return try await task.value.get()
    }

    private func renew() async -> Result<Credentials, AWSConfigurationError> {
        defer { fetching = nil }
        do throws(AWSConfigurationError) {
            let found = try await fetch()
            known = found
            return .success(found)
        } catch {
            return .failure(error)
        }
    }

    private func fetch() async throws(AWSConfigurationError) -> Credentials {
        var tried: [String] = []
        if environment["AWS_PROFILE", default: ""].isEmpty {
            // A profile asked for by name wins over keys in the environment.
            if let found = Self.keys(
                environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
                environment["AWS_SESSION_TOKEN"], until: environment["AWS_CREDENTIAL_EXPIRATION"],
                source: "the environment")
            {
                return found
            }
            tried.append("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set")
        }
        let profile = "profile \(files.profile)"
        if let found = Self.keys(
            files["aws_access_key_id"], files["aws_secret_access_key"], files["aws_session_token"],
            until: nil, source: profile)
        {
            return found
        }
        if let command = files["credential_process"] {
            return try await CredentialProcess(command: command).credentials()
        }
        for key in ["sso_session", "sso_start_url", "role_arn", "web_identity_token_file"]
        where files[key] != nil {
            tried.append("\(profile) uses \(key), which is not supported here")
        }
        if tried.count < 2 { tried.append("\(profile) has neither keys nor credential_process") }
        let endpoint = CredentialEndpoint(environment: environment)
        if let found = try await endpoint.fromContainer() { return found }
        tried.append("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and …_FULL_URI are not set")
        switch try await endpoint.fromInstance() {
        case .found(let credentials): return credentials
        case .none(let why): tried.append(why)
        }
        throw .noCredentials(tried: tried)
    }

    private static func keys(
        _ access: String?, _ secret: String?, _ token: String?, until end: String?, source: String
    ) -> Credentials? {
        guard let access, let secret, !access.isEmpty, !secret.isEmpty else { return nil }
        return Credentials(
            accessKey: access, secretKey: secret, sessionToken: token.flatMap { $0.isEmpty ? nil : $0 },
            expiration: end.flatMap(Timestamp.seconds(iso8601:)), source: source)
    }
}
