import Foundation

/// The settings of one profile, from AWS's two shared files. A file that is not there is an empty one.
struct SharedFiles: Sendable {
    let profile: String
    private let credentials: [String: String]?
    private let config: [String: String]?

    /// Throws when a file is there and cannot be read, or a profile was asked for by name and is in neither.
    init(environment: [String: String]) throws(AWSConfigurationError) {
        let named = environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 }
        let name = named ?? "default"
        let home = environment["HOME"] ?? "/"
        let files = (
            environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(home)/.aws/credentials",
            environment["AWS_CONFIG_FILE"] ?? "\(home)/.aws/config"
        )
        profile = name
        credentials = try Self.read(files.0)?.profile(name)
        config = try Self.read(files.1)?.profile(name)
        if named != nil, credentials == nil, config == nil {
            throw .unknownProfile(name, files: [files.0, files.1])
        }
    }

    /// The credentials file wins over the config file, as in AWS's own clients.
    subscript(key: String) -> String? {
        [credentials?[key], config?[key]].compactMap { $0 }.first { !$0.isEmpty }
    }

    private static func read(_ path: String) throws(AWSConfigurationError) -> IniFile? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            // Also of a device: AWS_CONFIG_FILE=/dev/null is how one says that there is none.
            let bytes = try FileHandle(forReadingFrom: URL(filePath: path)).readToEnd() ?? Data()
            return IniFile(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw .unreadableFile(path, why: "\(error)")
        }
    }
}
