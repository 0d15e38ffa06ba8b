/// CloudWatch Logs: what the tasks wrote.
package struct CloudWatchLogs: Sendable {
    let wire: Wire

    /// The messages of a stream from its beginning, one page of them: up to 10,000 or 1 MiB.
    package func lines(group: String, stream: String) async throws(AWSError) -> [String] {
        struct Input: Encodable {
            var logGroupName: String
            var logStreamName: String
            var startFromHead = true
            var limit = 10_000
        }
        struct Answer: Decodable {
            struct Line: Decodable { var message: String? }
            var events: [Line]?
        }
        let answer: Answer = try await wire.json(
            .logs, target: "Logs_20140328", "GetLogEvents", Input(logGroupName: group, logStreamName: stream))
        return (answer.events ?? []).compactMap(\.message)
    }
}
