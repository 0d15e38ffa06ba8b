/// What is missing or wrong in the settings for AWS, found before any call.
package enum AWSConfigurationError: Error, Hashable, CustomStringConvertible {
    case noRegion
    case unknownProfile(String, files: [String])
    case unreadableFile(String, why: String)
    case badEndpoint(variable: String, value: String)
    /// Every source was asked; one line each says why it had none.
    case noCredentials(tried: [String])
    case credentialProcess(command: String, why: String)
    case credentialEndpoint(url: String, why: String)

    package var description: String {
        switch self {
        case .noRegion:
            "no AWS region: set AWS_REGION, or `region` in the profile"
        case .unknownProfile(let name, let files):
            "profile `\(name)` is neither in \(files.joined(separator: " nor in ")): set AWS_PROFILE to one that is"
        case .unreadableFile(let path, let why):
            "cannot read \(path): \(why)"
        case .badEndpoint(let variable, let value):
            "\(variable) is `\(value)`: expected http://HOST[:PORT] or https://HOST[:PORT]"
        case .noCredentials(let tried):
            """
            no AWS credentials found; tried \(tried.joined(separator: "; ")). \
            For SSO, role chains and web identity: eval "$(aws configure export-credentials --format env)"
            """
        case .credentialProcess(let command, let why):
            "credential_process `\(command)`: \(why)"
        case .credentialEndpoint(let url, let why):
            "credentials from \(url): \(why)"
        }
    }
}
