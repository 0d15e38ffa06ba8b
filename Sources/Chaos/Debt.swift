package import AWS

/// A fault that was begun, as the journal keeps it: what was changed, where, and how to change it back.
package struct Debt: Hashable, Sendable {
    package enum State: String, Hashable, Codable, Sendable, CaseIterable {
        /// Durable before the first mutating call: the calls may or may not have been made.
        case intent
        /// Calls were made; `applied` says what they made.
        case applied
        /// Changed back, and seen to be so.
        case reverted
        /// There is nothing left to change back: the lab it was owed to is gone.
        case paid
    }

    package var id: Int64
    package var run: String
    /// The fault's name, as the scenario words it.
    package var fault: String
    package var platform: PlatformIdentity
    package var undo: Undo
    package var state: State
    /// What the mutating calls made, by kind: `acl` → its id.
    package var applied: [String: String]
    /// UTC, ISO 8601, by SQLite's clock.
    package var openedAt: String
    package var closedAt: String?
    /// How it was closed, or why it could not be.
    package var note: String?

    /// Neither reverted nor paid.
    package var isOpen: Bool { state == .intent || state == .applied }
}

/// Which account of which platform: enough to come back to it from another process.
package struct PlatformIdentity: Hashable, Codable, Sendable, CustomStringConvertible {
    package var endpoints: Endpoints
    package var account: String
    package var region: String

    package init(endpoints: Endpoints, account: String, region: String) {
        self.endpoints = endpoints
        self.account = account
        self.region = region
    }

    package var description: String { "\(endpoints.description), account \(account), \(region)" }
}
