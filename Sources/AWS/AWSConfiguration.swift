/// Everything that is known before the first call: where, as whom, and how to wait.
package struct AWSConfiguration: Sendable {
    package var region: String
    package var endpoints: Endpoints
    package var credentials: any CredentialSource
    /// Seeds the jitter of retries, so that a run can be repeated.
    package var seed: UInt64
    /// Waits between retries; handed in so that tests do not wait.
    package var pause: @Sendable (Duration) async throws -> Void
    /// Seconds since 1970: for the expiry of credentials and the offset of AWS's clock.
    package var wallClock: @Sendable () -> Double
    /// For one call, retries not counted.
    package var timeout: Duration

    package init(
        region: String, endpoints: Endpoints, credentials: any CredentialSource, seed: UInt64 = 1,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        wallClock: @escaping @Sendable () -> Double = WallClock.now, timeout: Duration = .seconds(10)
    ) {
        self.region = region
        self.endpoints = endpoints
        self.credentials = credentials
        self.seed = seed
        self.pause = pause
        self.wallClock = wallClock
        self.timeout = timeout
    }

    /// The lab's: any key does.
    package static func lab(endpoint: String, region: String, seed: UInt64 = 1) -> AWSConfiguration {
        AWSConfiguration(
            region: region, endpoints: Endpoints(all: endpoint), credentials: Credentials.lab, seed: seed)
    }

    /// What tells a command of this machine where the platform is, and the keys where they are fixed: the lab's.
    /// Others it finds where we have found them.
    package var surroundings: [String: String] {
        var variables = endpoints.variables
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] { variables[name] = region }
        if let keys = credentials as? Credentials {
            variables["AWS_ACCESS_KEY_ID"] = keys.accessKey
            variables["AWS_SECRET_ACCESS_KEY"] = keys.secretKey
            if let token = keys.sessionToken { variables["AWS_SESSION_TOKEN"] = token }
        }
        return variables
    }

    /// As AWS's own clients would find them. `region` wins over the environment's and the profile's.
    package static func fromEnvironment(
        _ environment: [String: String], region: String? = nil, seed: UInt64 = 1
    ) throws(AWSConfigurationError) -> AWSConfiguration {
        let files = try SharedFiles(environment: environment)
        let found = [region, environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"], files["region"]]
        guard let region = found.compactMap({ $0 }).first(where: { !$0.isEmpty }) else { throw .noRegion }
        let endpoints = try Endpoints(environment: environment, profile: files)
        return AWSConfiguration(
            region: region, endpoints: endpoints,
            credentials: CredentialChain(environment: environment, files: files, wallClock: WallClock.now),
            seed: seed)
    }
}
