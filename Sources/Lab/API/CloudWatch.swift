/// Amazon CloudWatch: metrics and alarms, in JSON and in Query.
///
/// A Period is in seconds of the scenario's clock, as all settings the lab's APIs show; timestamps are real. At speed 6
/// the datapoints of a Period of 60 are therefore ten seconds apart.
struct CloudWatch {
    static let version = "2010-08-01"
    static let namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/"

    let control: ControlPlane
    var monitoring: Monitoring { control.monitoring }

    func answer(_ action: String, _ given: JSONParameters) async throws(APIError) -> JSONValue {
        guard let answer = try await answer(action, WireParameters(given)) else {
            throw APIError("UnknownOperationException", "The lab's monitoring serves no \(action).")
        }
        return answer
    }

    /// Query has the same errors without `Exception` in their names.
    func answer(_ form: FormParameters) async throws(APIError) -> (String, [XML]) {
        let action = form["Action"] ?? ""
        do throws(APIError) {
            guard case .object(let members)? = try await answer(action, try WireParameters(form)) else {
                throw APIError(
                    "InvalidAction", "Could not find operation \(action) for version \(Self.version)")
            }
            return (action, members.map { XML.of($0.0, $0.1) })
        } catch {
            let code =
                error.code.hasSuffix("Exception")
                ? String(error.code.dropLast("Exception".count)) : error.code
            throw APIError(code, error.message, status: error.status)
        }
    }

    /// Nil: there is no such action.
    private func answer(_ action: String, _ given: WireParameters) async throws(APIError) -> JSONValue? {
        switch action {
        case "ListMetrics": try await listMetrics(given)
        case "GetMetricData": try await getMetricData(given)
        case "GetMetricStatistics": try await getMetricStatistics(given)
        case "DescribeAlarms": try await describeAlarms(given)
        case "DescribeAlarmHistory": try await describeAlarmHistory(given)
        case "PutMetricAlarm": try await putMetricAlarm(given)
        case "DeleteAlarms": try await deleteAlarms(given)
        case "SetAlarmState": try await setAlarmState(given)
        case "EnableAlarmActions": try await enableActions(given, true)
        case "DisableAlarmActions": try await enableActions(given, false)
        default: nil
        }
    }

    static func invalid(_ message: String) -> APIError { APIError("InvalidParameterValueException", message) }
    static func missing(_ key: String) -> APIError {
        APIError("MissingRequiredParameterException", "The parameter \(key) is required.")
    }
    static func needed<Value>(_ value: Value?, _ key: String) throws(APIError) -> Value {
        guard let value else { throw missing(key) }
        return value
    }

    /// One page under `key`, its items written by `shape`.
    func page<Item>(
        _ items: [Item], by order: (Item) -> String, _ given: WireParameters, size: Int
    ) throws(APIError) -> Page<Item> {
        guard let page = Page(items, by: order, after: try given.string("NextToken"), size: size) else {
            throw APIError("InvalidNextToken", "The next token is not valid.")
        }
        return page
    }

    static func answer(_ key: String, _ items: [JSONValue], next: String?) -> JSONValue {
        .object([(key, .array(items))] + (next.map { [("NextToken", .string($0))] } ?? []))
    }

    /// A period in minutes.
    static func period(_ seconds: Int?) throws(APIError) -> Int {
        let seconds = try needed(seconds, "Period")
        guard seconds > 0, seconds % 60 == 0, seconds <= 86_400 else {
            throw invalid("The parameter Period must be a multiple of 60, up to 86400.")
        }
        return seconds / 60
    }

    static func statistic(_ text: String) throws(APIError) -> Statistic {
        guard let statistic = Statistic(rawValue: text) else {
            let known = Statistic.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid("The lab keeps \(known) of its metrics, and not '\(text)'.")
        }
        return statistic
    }

    static func metric(_ given: WireParameters) throws(APIError) -> MetricID {
        let dimensions = try given.objects("Dimensions") ?? []
        guard dimensions.count <= 30 else { throw invalid("Dimensions cannot have more than 30 elements.") }
        var pairs: [(String, String)] = []
        for one in dimensions {
            pairs.append(
                (try needed(try one.string("Name"), "Name"), try needed(try one.string("Value"), "Value")))
        }
        return MetricID(
            try needed(try given.string("Namespace"), "Namespace"),
            try needed(try given.string("MetricName"), "MetricName"),
            pairs)
    }

    static func shape(_ metric: MetricID) -> [(String, JSONValue)] {
        [
            ("Namespace", .string(metric.namespace)), ("MetricName", .string(metric.name)),
            (
                "Dimensions",
                .array(metric.dimensions.map { ["Name": .string($0.name), "Value": .string($0.value)] })
            ),
        ]
    }

    func date(_ time: Duration) -> JSONValue { .date(control.clock.calendar(time)) }
}

extension XML {
    /// A JSON answer in Query's XML. What is a date is known by its name: JSON has it as a number, XML as ISO 8601.
    static func of(_ name: String, _ value: JSONValue) -> XML {
        func text(_ value: JSONValue) -> String {
            if name.hasSuffix("Timestamp") || name.hasSuffix("Timestamps") {
                switch value {
                case .double(let seconds): return CalendarText.iso(seconds)
                case .int(let seconds): return CalendarText.iso(Double(seconds))
                default: break
                }
            }
            if case .string(let text) = value { return text }
            return value.text
        }
        switch value {
        case .object(let members): return .element(name, members.map { of($0.0, $0.1) })
        case .array(let items):
            return .element(
                name,
                items.map { item in
                    if case .object(let members) = item {
                        return .element("member", members.map { of($0.0, $0.1) })
                    }
                    return .leaf("member", text(item))
                })
        default: return .leaf(name, text(value))
        }
    }
}
