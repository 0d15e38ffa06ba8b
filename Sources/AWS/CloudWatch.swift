/// CloudWatch: metrics and alarms.
package struct CloudWatch: Sendable {
    let wire: Wire

    private func call<Answer: Decodable>(
        _ action: String, _ input: some Encodable & Sendable
    ) async throws(AWSError) -> Answer {
        try await wire.json(
            .cloudWatch, target: "GraniteServiceVersion20100801", version: "1.0", action, input)
    }

    /// One metric and the statistic wanted of it.
    package struct Query: Hashable, Sendable {
        package var namespace: String
        package var metric: String
        package var dimensions: [String: String]
        package var statistic: String

        package init(
            _ namespace: String, _ metric: String, _ dimensions: [String: String], _ statistic: String
        ) {
            self.namespace = namespace
            self.metric = metric
            self.dimensions = dimensions
            self.statistic = statistic
        }
    }

    package struct Datapoint: Hashable, Sendable {
        /// The beginning of its period, seconds since 1970.
        package var time: Double
        package var value: Double
    }

    private struct MetricDataInput: Encodable {
        struct Dimension: Encodable {
            var Name: String
            var Value: String
        }
        struct Metric: Encodable {
            var Namespace: String
            var MetricName: String
            var Dimensions: [Dimension]
        }
        struct MetricStat: Encodable {
            var Metric: Metric
            var Period: Int
            var Stat: String
        }
        struct DataQuery: Encodable {
            var Id: String
            var MetricStat: MetricStat
        }
        var MetricDataQueries: [DataQuery]
        var StartTime: Double
        var EndTime: Double
        var ScanBy = "TimestampAscending"
        var NextToken: String?
    }

    /// Datapoints of each query, oldest first; times are seconds since 1970, `period` is in seconds.
    package func getMetricData(
        _ queries: [Query], from start: Double, to end: Double, period: Int = 60
    ) async throws(AWSError) -> [[Datapoint]] {
        struct Result: Decodable {
            var Id: String
            var Timestamps: [Double]?
            var Values: [Double]?
        }
        struct Answer: Decodable {
            var MetricDataResults: [Result]
            var NextToken: String?
        }
        var input = MetricDataInput(MetricDataQueries: [], StartTime: start, EndTime: end)
        for (place, query) in queries.enumerated() {
            let dimensions = query.dimensions.sorted { $0.key < $1.key }.map {
                MetricDataInput.Dimension(Name: $0.key, Value: $0.value)
            }
            let metric = MetricDataInput.Metric(
                Namespace: query.namespace, MetricName: query.metric, Dimensions: dimensions)
            input.MetricDataQueries.append(
                MetricDataInput.DataQuery(
                    Id: "m\(place)",
                    MetricStat: MetricDataInput.MetricStat(
                        Metric: metric, Period: period, Stat: query.statistic)))
        }
        var found = [[Datapoint]](repeating: [], count: queries.count)
        repeat {
            let answer: Answer = try await call("GetMetricData", input)
            for result in answer.MetricDataResults {
                guard let place = Int(result.Id.dropFirst()), found.indices.contains(place) else { continue }
                found[place] += zip(result.Timestamps ?? [], result.Values ?? []).map {
                    Datapoint(time: $0, value: $1)
                }
            }
            input.NextToken = answer.NextToken
        } while input.NextToken != nil
        return found
    }

    /// An alarm as it stands.
    package struct Alarm: Hashable, Sendable {
        package var name: String
        /// OK, ALARM or INSUFFICIENT_DATA.
        package var state: String
        package var reason: String
        /// Since when it is in this state, seconds since 1970.
        package var since: Double
    }

    /// Those of these names that are there, at most 100.
    package func describeAlarms(names: [String]) async throws(AWSError) -> [Alarm] {
        struct Input: Encodable {
            var AlarmNames: [String]
            var MaxRecords = 100
        }
        struct Answer: Decodable {
            struct MetricAlarm: Decodable {
                var AlarmName: String
                var StateValue: String
                var StateReason: String?
                var StateUpdatedTimestamp: Double?
                var StateTransitionedTimestamp: Double?
            }
            var MetricAlarms: [MetricAlarm]?
        }
        guard !names.isEmpty else { return [] }
        let answer: Answer = try await call("DescribeAlarms", Input(AlarmNames: Array(names.prefix(100))))
        return (answer.MetricAlarms ?? []).map {
            Alarm(
                name: $0.AlarmName, state: $0.StateValue, reason: $0.StateReason ?? "",
                since: $0.StateTransitionedTimestamp ?? $0.StateUpdatedTimestamp ?? 0)
        }
    }
}
