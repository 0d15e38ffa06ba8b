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

    /// One line of a group's streams.
    package struct Line: Hashable, Sendable {
        package var id: String
        package var stream: String
        /// Seconds since 1970, as the container's host counted them.
        package var time: Double
        package var message: String
    }

    /// The lines of a group, or of those of its streams that begin with `prefix`, since `start` (seconds since 1970)
    /// that a filter pattern lets through, oldest first.
    ///
    /// Pages of up to a thousand are followed, empty ones too, up to `pagesMax`; whether there are more is said.
    package func lines(
        group: String, streams prefix: String?, matching pattern: String, since start: Double,
        pagesMax: Int = 10
    ) async throws(AWSError) -> (lines: [Line], hasMore: Bool) {
        struct Input: Encodable {
            var logGroupName: String
            var logStreamNamePrefix: String?
            var filterPattern: String
            var startTime: Int
            var limit = 1_000
            var nextToken: String?
        }
        struct Answer: Decodable {
            struct Event: Decodable {
                var eventId: String?
                var logStreamName: String?
                var timestamp: Double?
                var message: String?
            }
            var events: [Event]?
            var nextToken: String?
        }
        var input = Input(
            logGroupName: group, logStreamNamePrefix: prefix, filterPattern: pattern,
            startTime: max(0, Int((start * 1000).rounded(.down))))
        var found: [Line] = []
        for _ in 0..<pagesMax {
            let answer: Answer = try await wire.json(.logs, target: "Logs_20140328", "FilterLogEvents", input)
            found += (answer.events ?? []).compactMap { event in
                guard let id = event.eventId, let time = event.timestamp, let message = event.message else {
                    return nil
                }
                return Line(id: id, stream: event.logStreamName ?? "", time: time / 1000, message: message)
            }
            guard let next = answer.nextToken else { return (found, false) }
            input.nextToken = next
        }
        return (found, true)
    }
}
