/// Where the services are: AWS's own addresses, or what `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` say.
package struct Endpoints: Hashable, Codable, Sendable {
    /// For all services; nil: AWS itself.
    package var all: String?
    /// By service, which wins over `all`.
    package var byService: [String: String]

    package init(all: String? = nil, byService: [String: String] = [:]) {
        self.all = all
        self.byService = byService
    }

    /// AWS's names in the variables, for the services spoken here.
    static let variables: [(service: AWSService, name: String)] = [
        (.sts, "AWS_ENDPOINT_URL_STS"), (.ecs, "AWS_ENDPOINT_URL_ECS"),
        (.elb, "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"), (.ec2, "AWS_ENDPOINT_URL_EC2"),
        (.rds, "AWS_ENDPOINT_URL_RDS"), (.autoScaling, "AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING"),
        (.cloudWatch, "AWS_ENDPOINT_URL_CLOUDWATCH"), (.logs, "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"),
        (.ssm, "AWS_ENDPOINT_URL_SSM"), (.fis, "AWS_ENDPOINT_URL_FIS"),
    ]

    init(environment: [String: String], profile: SharedFiles) throws(AWSConfigurationError) {
        self.init()
        if environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.lowercased() == "true" { return }
        if let value = environment["AWS_ENDPOINT_URL"], !value.isEmpty {
            all = try Self.checked(value, "AWS_ENDPOINT_URL")
        } else if let value = profile["endpoint_url"] {
            all = try Self.checked(value, "endpoint_url of profile \(profile.profile)")
        }
        for (service, name) in Self.variables {
            guard let value = environment[name], !value.isEmpty else { continue }
            byService[service.rawValue] = try Self.checked(value, name)
        }
    }

    /// The variables that say the same.
    var variables: [String: String] {
        var found: [String: String] = [:]
        if let all { found["AWS_ENDPOINT_URL"] = all }
        for (service, name) in Self.variables {
            if let url = byService[service.rawValue] { found[name] = url }
        }
        return found
    }

    /// The base URL of a service, without a slash at the end.
    package func url(of service: AWSService, region: String) -> String {
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        return byService[service.rawValue] ?? all ?? "https://\(service.rawValue).\(region).\(domain)"
    }

    /// Whether every service spoken here is on this machine: the lab, or a mock.
    package var areLoopback: Bool {
        AWSService.allCases.allSatisfy { Self.isLoopback(url(of: $0, region: "none")) }
    }

    /// In words: `http://127.0.0.1:4566`, or `AWS`.
    package var description: String {
        let urls = Set(AWSService.allCases.compactMap { byService[$0.rawValue] ?? all })
        return urls.isEmpty ? "AWS" : urls.sorted().joined(separator: ", ")
    }

    static func isLoopback(_ url: String) -> Bool {
        guard let scheme = url.firstRange(of: "://") else { return false }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" }
        if authority.hasPrefix("[::1]") { return true }
        let host = authority.prefix { $0 != ":" }
        return host == "localhost" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }

    private static func checked(
        _ value: String, _ variable: String
    ) throws(AWSConfigurationError) -> String {
        var url = value.trimmed
        while url.hasSuffix("/") { url.removeLast() }
        let rest = ["http://", "https://"].first { url.hasPrefix($0) }.map { url.dropFirst($0.count) }
        guard let rest, !rest.isEmpty, !rest.contains(where: { $0 == "/" || $0 == "?" || $0.isWhitespace })
        else {
            throw .badEndpoint(variable: variable, value: value)
        }
        return url
    }
}

/// A service, by the host name of its endpoint.
package enum AWSService: String, Hashable, Codable, Sendable, CaseIterable {
    case sts
    case ecs
    case elb = "elasticloadbalancing"
    case ec2
    case rds
    case autoScaling = "application-autoscaling"
    case cloudWatch = "monitoring"
    case logs
    case ssm
    case fis

    /// The name in the signature's scope.
    var signingName: String { rawValue }
}
