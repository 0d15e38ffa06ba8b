/// A key pair of AWS, perhaps temporary. Never printed: its descriptions, `dump` and mirrors tell only the source.
package struct Credentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var accessKey: String
    package var secretKey: String
    package var sessionToken: String?
    /// Seconds since 1970; nil: they do not expire.
    package var expiration: Double?
    /// Whether asking their source again gives new ones before these end.
    package var renews: Bool
    /// Where they came from, in words: `environment`, `profile dev in ~/.aws/credentials`.
    package var source: String

    package init(
        accessKey: String, secretKey: String, sessionToken: String? = nil, expiration: Double? = nil,
        renews: Bool = false, source: String
    ) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.renews = renews
        self.source = source
    }

    /// For the lab: it stands on loopback and accepts any key.
    package static let lab = Credentials(
        accessKey: "LOADCHAOSLAB", secretKey: "loadchaos-lab", source: "the lab's fixed keys")

    package var description: String { "credentials from \(source) (keys not shown)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["source": source]) }

    /// A text of somebody else's without the secrets in it. What AWS says of a signature that does not match quotes the
    /// request, and with it the session token.
    func redacted(_ text: String) -> String {
        [secretKey, sessionToken ?? ""].filter { !$0.isEmpty }.reduce(text) {
            $0.replacing($1, with: "(not shown)")
        }
    }

    /// AWS's own clients fetch new ones five minutes before the end.
    func isFresh(at now: Double) -> Bool { expiration.map { $0 - now > 300 } ?? true }
}
