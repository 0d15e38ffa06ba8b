import Foundation

/// What CloudWatch's metrics were.
extension CloudWatch {
    func listMetrics(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let (namespace, name) = (try given.string("Namespace"), try given.string("MetricName"))
        var filters: [(name: String, value: String?)] = []
        for filter in try given.objects("Dimensions") ?? [] {
            filters.append((try Self.needed(try filter.string("Name"), "Name"), try filter.string("Value")))
        }
        let metrics = await monitoring.metrics.metrics.filter { metric in
            (namespace ?? metric.namespace) == metric.namespace && (name ?? metric.name) == metric.name
                && filters.allSatisfy { filter in
                    metric.dimensions.contains {
                        $0.name == filter.name && (filter.value ?? $0.value) == $0.value
                    }
                }
        }
        let page = try page(metrics, by: \.description, given, size: 500)
        return Self.answer("Metrics", page.items.map { .object(Self.shape($0)) }, next: page.next)
    }

    /// The minutes whose beginnings lie in [StartTime, EndTime), both on the calendar.
    private func minutes(_ given: WireParameters) throws(APIError) -> Range<Int> {
        let start = try Self.needed(try given.date("StartTime"), "StartTime")
        let end = try Self.needed(try given.date("EndTime"), "EndTime")
        guard start < end else {
            throw Self.invalid("The parameter StartTime must be less than the parameter EndTime.")
        }
        func minute(_ date: Double) -> Int {
            // Dates have milliseconds: half of one decides nothing.
            let minute = (date - control.clock.origin + 0.0005) / monitoring.minuteLength.inSeconds
            return Int(max(-1e9, min(1e9, minute.rounded(.down))))
        }
        // A start within a period is rounded down to its beginning, as on AWS.
        return minute(start)..<max(minute(end - 0.001) + 1, minute(start))
    }

    private func date(minute: Int) -> JSONValue { date(monitoring.start(of: minute)) }

    private static func round(_ minutes: Range<Int>, to period: Int) -> Range<Int> {
        let start = Int((Double(minutes.lowerBound) / Double(period)).rounded(.down)) * period
        return start..<max(minutes.upperBound, start)
    }

    func getMetricStatistics(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let metric = try Self.metric(given)
        let period = try Self.period(try given.int("Period"))
        let minutes = Self.round(try minutes(given), to: period)
        guard minutes.count / period <= 1_440 else {
            throw APIError(
                "InvalidParameterCombinationException",
                "You have requested up to \(minutes.count / period) datapoints, which exceeds the limit of 1,440. "
                    + "You may reduce the datapoints requested by increasing Period, or decreasing the time range."
            )
        }
        guard (try given.strings("ExtendedStatistics") ?? []).isEmpty else {
            throw Self.invalid("The lab keeps no percentiles of its metrics.")
        }
        var statistics: [Statistic] = []
        for text in try given.strings("Statistics") ?? [] { statistics.append(try Self.statistic(text)) }
        guard !statistics.isEmpty else { throw Self.missing("Statistics") }
        let store = await monitoring.metrics
        let unit = store.unit(of: metric) ?? "None"
        let wanted = try given.string("Unit") ?? unit
        let points = wanted == unit ? store.points(of: metric, in: minutes, period: period) : []
        let shapes = points.map { point -> JSONValue in
            .object(
                [("Timestamp", date(minute: point.minute))]
                    + statistics.map { ($0.rawValue, .double(point.set[$0])) } + [("Unit", .string(unit))])
        }
        return ["Label": .string(metric.name), "Datapoints": .array(shapes)]
    }

    private struct Query {
        let id: String
        let label: String
        let metric: MetricID
        let statistic: Statistic
        let period: Int
    }

    private func queries(_ given: WireParameters) throws(APIError) -> [Query] {
        let wanted = try Self.needed(try given.objects("MetricDataQueries"), "MetricDataQueries")
        guard (1...500).contains(wanted.count) else {
            throw Self.invalid("MetricDataQueries must have 1 to 500 elements, has \(wanted.count).")
        }
        var queries: [Query] = []
        for query in wanted {
            let id = try Self.needed(try query.string("Id"), "Id")
            guard id.wholeMatch(of: /[a-z][A-Za-z0-9_]*/) != nil, !queries.contains(where: { $0.id == id })
            else {
                throw Self.invalid(
                    "The value '\(id)' for parameter Id is not matching the expected pattern, or is not unique."
                )
            }
            guard let stat = try query.object("MetricStat") else {
                throw Self.invalid("The lab evaluates no expressions: \(id) needs a MetricStat.")
            }
            let metric = try Self.metric(try Self.needed(try stat.object("Metric"), "Metric"))
            if try query.bool("ReturnData") == false { continue }
            queries.append(
                Query(
                    id: id, label: try query.string("Label") ?? metric.name, metric: metric,
                    statistic: try Self.statistic(try Self.needed(try stat.string("Stat"), "Stat")),
                    period: try Self.period(try stat.int("Period"))))
        }
        return queries
    }

    /// Datapoints of all queries come one after the other; a page ends where `MaxDatapoints` are on it.
    func getMetricData(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let queries = try queries(given)
        let minutes = try minutes(given)
        let isAscending = try given.string("ScanBy") == "TimestampAscending"
        let most = try given.int("MaxDatapoints") ?? 100_800
        guard (1...100_800).contains(most) else {
            throw Self.invalid("MaxDatapoints must be between 1 and 100800.")
        }
        let store = await monitoring.metrics
        var skipped = try Self.offset(try given.string("NextToken"))
        let offset = skipped
        var left = most
        var isCut = false
        let results = queries.map { query -> JSONValue in
            var points = store.points(
                of: query.metric, in: Self.round(minutes, to: query.period), period: query.period)
            if !isAscending { points.reverse() }
            let shown = points.dropFirst(skipped).prefix(left)
            skipped = max(0, skipped - points.count)
            left -= shown.count
            let isPartial = shown.endIndex < points.endIndex
            isCut = isCut || isPartial
            return [
                "Id": .string(query.id), "Label": .string(query.label),
                "Timestamps": .array(shown.map { date(minute: $0.minute) }),
                "Values": .array(shown.map { .double($0.set[query.statistic]) }),
                "StatusCode": isPartial ? "PartialData" : "Complete",
            ]
        }
        var members: [(String, JSONValue)] = [
            ("MetricDataResults", .array(results)), ("Messages", .array([])),
        ]
        if isCut {
            let token = Data("from:\(offset + most)".utf8).base64EncodedString()
            members.append(("NextToken", .string(token)))
        }
        return .object(members)
    }

    private static func offset(_ token: String?) throws(APIError) -> Int {
        guard let token else { return 0 }
        guard let data = Data(base64Encoded: token), let text = String(data: data, encoding: .utf8),
            text.hasPrefix("from:"), let offset = Int(text.dropFirst(5)), offset >= 0
        else { throw APIError("InvalidNextToken", "The next token is not valid.") }
        return offset
    }
}
