/// CloudWatch Logs: what the tasks wrote.
package struct CloudWatchLogs: Sendable {
    let wire: Wire

    package struct Line: Hashable, Sendable, Decodable {
        package var logStreamName: String
        /// Milliseconds since 1970.
        package var timestamp: Int
        package var message: String
    }

    /// Lines of a group's streams that match the pattern, oldest first, at most `limit`.
    package func filterLogEvents(
        group: String, from start: Int? = nil, until end: Int? = nil, pattern: String = "", limit: Int = 100
    ) async throws(AWSError) -> [Line] {
        struct Input: Encodable {
            var logGroupName: String
            var startTime: Int?
            var endTime: Int?
            var filterPattern: String?
            var limit: Int
        }
        struct Answer: Decodable { var events: [Line] }
        let answer: Answer = try await wire.json(
            .logs, target: "Logs_20140328", "FilterLogEvents",
            Input(
                logGroupName: group, startTime: start, endTime: end,
                filterPattern: pattern.isEmpty ? nil : pattern, limit: limit))
        return answer.events
    }
}
