/// Amazon CloudWatch Logs: what the tasks wrote.
struct Logs {
    let control: ControlPlane

    private var store: LogStore { control.logs }

    func answer(_ action: String, _ given: JSONParameters) async throws(APIError) -> JSONValue {
        switch action {
        case "DescribeLogGroups": return try describeLogGroups(given)
        case "DescribeLogStreams": return try describeLogStreams(given)
        case "GetLogEvents": return try getLogEvents(given)
        case "FilterLogEvents": return try filterLogEvents(given)
        default: throw APIError("UnknownOperationException", "The lab's logs serves no \(action).")
        }
    }

    private static func invalid(_ message: String) -> APIError {
        APIError("InvalidParameterException", message)
    }

    private func arn(_ group: String) -> String {
        "arn:aws:logs:\(control.names.region):\(control.names.account):log-group:\(group)"
    }

    private func limit(_ given: JSONParameters, most: Int) throws(APIError) -> Int {
        let wanted = try given.int("limit") ?? most
        guard (1...most).contains(wanted) else { throw Self.invalid("limit must be between 1 and \(most).") }
        return wanted
    }

    private func page<Item>(
        _ items: [Item], by key: (Item) -> String, _ given: JSONParameters, most: Int
    ) throws(APIError) -> Page<Item> {
        let size = try limit(given, most: most)
        guard let page = Page(items, by: key, after: try given.string("nextToken"), size: size) else {
            throw Self.invalid("The specified nextToken is invalid.")
        }
        return page
    }

    private static func listing(_ key: String, _ values: [JSONValue], next: String?) -> JSONValue {
        var members: [(String, JSONValue)] = [(key, .array(values))]
        if let next { members.append(("nextToken", .string(next))) }
        return .object(members)
    }

    // MARK: Groups and streams

    private func describeLogGroups(_ given: JSONParameters) throws(APIError) -> JSONValue {
        let prefix = try given.string("logGroupNamePrefix") ?? ""
        let pattern = try given.string("logGroupNamePattern") ?? ""
        let groups = store.groups.filter {
            $0.name.hasPrefix(prefix) && (pattern.isEmpty || $0.name.contains(pattern))
        }
        let page = try page(groups, by: \.name, given, most: 50)
        let shapes = page.items.map { group -> JSONValue in
            [
                "logGroupName": .string(group.name), "creationTime": .int(group.createdAt),
                "metricFilterCount": 0, "arn": .string(arn(group.name) + ":*"),
                "storedBytes": .int(group.streams.reduce(0) { $0 + $1.bytes }), "logGroupClass": "STANDARD",
                "logGroupArn": .string(arn(group.name)),
            ]
        }
        return Self.listing("logGroups", shapes, next: page.next)
    }

    /// By name or ARN.
    private func group(_ given: JSONParameters) throws(APIError) -> LogStore.Group {
        var name = try given.string("logGroupName") ?? ""
        if let identifier = try given.string("logGroupIdentifier") {
            name = identifier.split(separator: ":log-group:").last.map(String.init) ?? identifier
        }
        guard !name.isEmpty else { throw Self.invalid("logGroupName or logGroupIdentifier is required.") }
        guard let group = store.group(name) else {
            throw APIError("ResourceNotFoundException", "The specified log group does not exist.")
        }
        return group
    }

    private func describeLogStreams(_ given: JSONParameters) throws(APIError) -> JSONValue {
        let group = try group(given)
        let prefix = try given.string("logStreamNamePrefix") ?? ""
        let order = try given.string("orderBy") ?? "LogStreamName"
        guard ["LogStreamName", "LastEventTime"].contains(order) else {
            throw Self.invalid("orderBy should be one of [LogStreamName,LastEventTime]")
        }
        if order == "LastEventTime", !prefix.isEmpty {
            throw Self.invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
        }
        let descends = try given.bool("descending") ?? false
        let streams = group.streams.filter { $0.name.hasPrefix(prefix) }.sorted {
            order == "LogStreamName" ? $0.name < $1.name : ($0.lastAt, $0.name) < ($1.lastAt, $1.name)
        }
        let places = Array((descends ? streams.reversed() : streams).enumerated())
        let page = try page(places, by: { $0.offset.padded }, given, most: 50)
        return Self.listing("logStreams", page.items.map { shape($0.element, of: group) }, next: page.next)
    }

    private func shape(_ stream: LogStore.Stream, of group: LogStore.Group) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("logStreamName", .string(stream.name)), ("creationTime", .int(stream.createdAt)),
            ("arn", .string("\(arn(group.name)):log-stream:\(stream.name)")), ("storedBytes", 0),
        ]
        if let first = stream.events.first, let last = stream.events.last {
            members += [
                ("firstEventTimestamp", .int(first.at)), ("lastEventTimestamp", .int(last.at)),
                ("lastIngestionTime", .int(last.at)),
            ]
        }
        return .object(members)
    }

    // MARK: Events

    private func times(_ given: JSONParameters) throws(APIError) -> Range<Int> {
        let start = try given.int("startTime") ?? 0
        let end = try given.int("endTime") ?? .max
        guard start >= 0, end >= start else { throw Self.invalid("endTime must not be before startTime.") }
        return start..<end
    }

    /// Tokens stand between events: `f/…` goes on after its event, `b/…` before. At an end the same one comes back.
    private func getLogEvents(_ given: JSONParameters) throws(APIError) -> JSONValue {
        let group = try group(given)
        let name = try given.string("logStreamName") ?? ""
        guard let stream = group.streams.last(where: { $0.name == name }) else {
            throw APIError("ResourceNotFoundException", "The specified log stream does not exist.")
        }
        let range = try times(given)
        let size = try limit(given, most: 10_000)
        let events = stream.events.filter { range.contains($0.at) }
        var isForward = try given.bool("startFromHead") ?? false
        var edge = isForward ? 0 : Int.max
        if let token = try given.string("nextToken") {
            guard let place = Int(token.dropFirst(2)), ["f/", "b/"].contains(token.prefix(2)) else {
                throw Self.invalid("The specified nextToken is invalid.")
            }
            (isForward, edge) = (token.hasPrefix("f/"), place)
        }
        let shown =
            isForward
            ? Array(events.filter { $0.number > edge }.prefix(size))
            : Array(events.filter { $0.number < edge }.suffix(size))
        let last = shown.last?.number ?? (isForward ? edge : edge == .max ? 0 : edge - 1)
        let first = shown.first?.number ?? (isForward ? edge + 1 : edge)
        return [
            "events": .array(shown.map(Self.event)), "nextForwardToken": .string("f/\(last.padded)"),
            "nextBackwardToken": .string("b/\(first.padded)"),
        ]
    }

    private static func event(_ event: LogStore.Event) -> JSONValue {
        ["timestamp": .int(event.at), "message": .string(event.message), "ingestionTime": .int(event.at)]
    }

    private func filterLogEvents(_ given: JSONParameters) throws(APIError) -> JSONValue {
        let group = try group(given)
        let range = try times(given)
        let filter = try FilterPattern(try given.string("filterPattern") ?? "")
        let names = try given.strings("logStreamNames")
        let prefix = try given.string("logStreamNamePrefix") ?? ""
        if names != nil, !prefix.isEmpty {
            throw Self.invalid("logStreamNames and logStreamNamePrefix cannot both be given.")
        }
        let found = group.streams.filter { names?.contains($0.name) ?? $0.name.hasPrefix(prefix) }
            .flatMap { stream in
                stream.events.filter { range.contains($0.at) && filter.matches($0.message) }
                    .map { (stream: stream.name, event: $0) }
            }
        let page = try page(found, by: { $0.event.number.padded }, given, most: 10_000)
        let events = page.items.map { stream, event -> JSONValue in
            [
                "logStreamName": .string(stream), "timestamp": .int(event.at),
                "message": .string(event.message), "ingestionTime": .int(event.at),
                "eventId": .string(event.number.padded),
            ]
        }
        var members: [(String, JSONValue)] = [("events", .array(events)), ("searchedLogStreams", [])]
        if let next = page.next { members.append(("nextToken", .string(next))) }
        return .object(members)
    }
}

extension LogStore.Stream {
    fileprivate var lastAt: Int { events.last?.at ?? 0 }
}
