package import Plan

/// One tracked write: what was promised to it, and what was found afterwards. Jepsen's set checker over HTTP.
package struct LedgerEntry: Hashable, Sendable {
    package enum Answer: String, Hashable, Codable, Sendable, CaseIterable {
        /// The row exists, the request may or may not have been sent: as good as indeterminate.
        case intended
        /// An expected status was read whole.
        case acknowledged
        /// Surely not done: refused before it was sent, or a 4xx.
        case failed
        /// Timeout, reset, 5xx: may be there, or not.
        case indeterminate
        /// Never sent.
        case dropped
    }

    package enum ReadBack: String, Hashable, Codable, Sendable, CaseIterable {
        case notRead = "not-read"
        /// There, with the content that was sent.
        case present
        /// Definitely not there: 404 or 410.
        case absent
        /// There, with other content.
        case corrupt
        /// There more than once.
        case duplicate
    }

    /// Index in the schedule.
    package var index: UInt64
    /// Index into the Plan's requests.
    package var route: Int
    package var key: String
    package var readPath: String
    package var body: String
    package var answer: Answer
    /// Real time since the start of the load when the outcome was known.
    package var answeredAt: Nanoseconds?
    package var readBack: ReadBack

    package init(
        index: UInt64, route: Int, key: String, readPath: String, body: String, answer: Answer = .intended,
        answeredAt: Nanoseconds? = nil, readBack: ReadBack = .notRead
    ) {
        self.index = index
        self.route = route
        self.key = key
        self.readPath = readPath
        self.body = body
        self.answer = answer
        self.answeredAt = answeredAt
        self.readBack = readBack
    }
}
