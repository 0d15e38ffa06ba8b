/// CloudWatch's alarms.
extension CloudWatch {
    private static func state(_ text: String) throws(APIError) -> MetricAlarm.State {
        guard let state = MetricAlarm.State(rawValue: text) else {
            throw invalid(
                "StateValue must be one of \(MetricAlarm.State.allCases.map(\.rawValue)), was '\(text)'.")
        }
        return state
    }

    private func size(_ given: WireParameters, _ key: String) throws(APIError) -> Int {
        let size = try given.int(key) ?? 50
        guard (1...100).contains(size) else {
            throw Self.invalid("\(key) must be between 1 and 100, was \(size).")
        }
        return size
    }

    func describeAlarms(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let names = try given.strings("AlarmNames") ?? []
        let prefix = try given.string("AlarmNamePrefix")
        guard names.count <= 100 else { throw Self.invalid("AlarmNames cannot have more than 100 elements.") }
        guard names.isEmpty || prefix == nil else {
            throw APIError(
                "InvalidParameterCombinationException",
                "AlarmNames and AlarmNamePrefix cannot be given together.")
        }
        let state = try given.string("StateValue").map { text throws(APIError) in try Self.state(text) }
        let action = try given.string("ActionPrefix") ?? ""
        let types = try given.strings("AlarmTypes") ?? ["MetricAlarm"]
        let alarms = await monitoring.alarms.values.filter { alarm in
            types.contains("MetricAlarm") && (names.isEmpty || names.contains(alarm.name))
                && alarm.name.hasPrefix(prefix ?? "") && (state ?? alarm.state) == alarm.state
                && (action.isEmpty || alarm.actions.values.joined().contains { $0.hasPrefix(action) })
        }
        let page = try page(Array(alarms), by: \.name, given, size: try size(given, "MaxRecords"))
        var members: [(String, JSONValue)] = [
            ("MetricAlarms", .array(page.items.map(shape))), ("CompositeAlarms", .array([])),
        ]
        if let next = page.next { members.append(("NextToken", .string(next))) }
        return .object(members)
    }

    private func shape(_ alarm: MetricAlarm) -> JSONValue {
        func actions(_ state: MetricAlarm.State) -> JSONValue { .list(alarm.actions[state] ?? []) }
        var members: [(String, JSONValue)] = [
            ("AlarmName", .string(alarm.name)), ("AlarmArn", .string(control.names.alarm(alarm.name))),
        ]
        if let description = alarm.description { members.append(("AlarmDescription", .string(description))) }
        members += [
            ("AlarmConfigurationUpdatedTimestamp", date(alarm.configuredAt)),
            ("ActionsEnabled", .bool(alarm.actionsEnabled)), ("OKActions", actions(.ok)),
            ("AlarmActions", actions(.alarm)), ("InsufficientDataActions", actions(.insufficientData)),
            ("StateValue", .string(alarm.state.rawValue)), ("StateReason", .string(alarm.reason)),
            ("StateUpdatedTimestamp", date(alarm.stateSince)),
            ("StateTransitionedTimestamp", date(alarm.stateSince)),
        ]
        members += Self.shape(alarm.metric)
        members += [
            ("Statistic", .string(alarm.statistic.rawValue)), ("Period", .int(alarm.period * 60)),
            ("EvaluationPeriods", .int(alarm.evaluationPeriods)),
            ("DatapointsToAlarm", .int(alarm.datapointsToAlarm)),
            ("Threshold", .double(alarm.threshold)),
            ("ComparisonOperator", .string(alarm.comparison.rawValue)),
            ("TreatMissingData", .string(alarm.missing.rawValue)),
        ]
        return .object(members)
    }

    func putMetricAlarm(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let name = try Self.needed(try given.string("AlarmName"), "AlarmName")
        guard (1...255).contains(name.count) else {
            throw Self.invalid("AlarmName must have 1 to 255 characters.")
        }
        guard try given.objects("Metrics") == nil else {
            throw Self.invalid("The lab evaluates no metric math.")
        }
        let comparison = try Self.needed(try given.string("ComparisonOperator"), "ComparisonOperator")
        guard let comparison = MetricAlarm.Comparison(rawValue: comparison) else {
            throw Self.invalid("The lab does not know the ComparisonOperator '\(comparison)'.")
        }
        let missing = try given.string("TreatMissingData") ?? "missing"
        guard let missing = MetricAlarm.Missing(rawValue: missing) else {
            throw Self.invalid(
                "TreatMissingData must be breaching, notBreaching, ignore or missing, was '\(missing)'.")
        }
        let periods = try Self.needed(try given.int("EvaluationPeriods"), "EvaluationPeriods")
        let datapoints = try given.int("DatapointsToAlarm") ?? periods
        let period = try Self.period(try given.int("Period"))
        guard (1...MetricStore.minutesKept).contains(periods), periods * period <= MetricStore.minutesKept
        else {
            throw Self.invalid("EvaluationPeriods × Period must be within a day.")
        }
        guard (1...periods).contains(datapoints) else {
            throw Self.invalid("DatapointsToAlarm must be between 1 and EvaluationPeriods.")
        }
        let now = control.clock.now
        let alarm = MetricAlarm(
            name: name, description: try given.string("AlarmDescription"), metric: try Self.metric(given),
            statistic: try Self.statistic(try Self.needed(try given.string("Statistic"), "Statistic")),
            period: period,
            evaluationPeriods: periods, datapointsToAlarm: datapoints,
            threshold: try Self.needed(try given.double("Threshold"), "Threshold"), comparison: comparison,
            missing: missing, actionsEnabled: try given.bool("ActionsEnabled") ?? true,
            actions: [
                .ok: try given.strings("OKActions") ?? [], .alarm: try given.strings("AlarmActions") ?? [],
                .insufficientData: try given.strings("InsufficientDataActions") ?? [],
            ], configuredAt: now, stateSince: now)
        guard await monitoring.put(alarm) else {
            throw APIError("LimitExceededFault", "The lab keeps \(Monitoring.alarmsMax) alarms.")
        }
        return [:]
    }

    func deleteAlarms(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let names = try Self.needed(try given.strings("AlarmNames"), "AlarmNames")
        guard await monitoring.delete(alarms: names) else {
            throw Self.noAlarm(names.joined(separator: ", "))
        }
        return [:]
    }

    private static func noAlarm(_ name: String) -> APIError {
        APIError("ResourceNotFound", "Unknown alarm: \(name)", status: 404)
    }

    func setAlarmState(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let name = try Self.needed(try given.string("AlarmName"), "AlarmName")
        let state = try Self.state(try Self.needed(try given.string("StateValue"), "StateValue"))
        let reason = try Self.needed(try given.string("StateReason"), "StateReason")
        guard reason.count <= 1023 else {
            throw Self.invalid("StateReason cannot be longer than 1023 characters.")
        }
        guard await monitoring.set(name, to: state, reason, control) else { throw Self.noAlarm(name) }
        return [:]
    }

    func enableActions(_ given: WireParameters, _ enabled: Bool) async throws(APIError) -> JSONValue {
        await monitoring.enableActions(
            try Self.needed(try given.strings("AlarmNames"), "AlarmNames"), enabled)
        return [:]
    }

    func describeAlarmHistory(_ given: WireParameters) async throws(APIError) -> JSONValue {
        let name = try given.string("AlarmName")
        let kind = try given.string("HistoryItemType")
        if let kind, AlarmHistoryItem.Kind(rawValue: kind) == nil {
            throw Self.invalid(
                "HistoryItemType must be one of \(AlarmHistoryItem.Kind.allCases.map(\.rawValue)).")
        }
        let size = try size(given, "MaxRecords")
        var items = await monitoring.history.filter {
            (name ?? $0.alarm) == $0.alarm && (kind ?? $0.kind.rawValue) == $0.kind.rawValue
        }
        if try given.string("ScanBy") == "TimestampAscending" { items.reverse() }
        // Items have no names of their own: a page's token is the place of the next.
        let numbered = items.enumerated().map { $0 }
        func place(_ item: (offset: Int, element: AlarmHistoryItem)) -> String {
            String(100_000 + item.offset)
        }
        let page = try page(numbered, by: place, given, size: size)
        let shapes = page.items.map { _, item -> JSONValue in
            [
                "AlarmName": .string(item.alarm), "AlarmType": "MetricAlarm", "Timestamp": date(item.at),
                "HistoryItemType": .string(item.kind.rawValue), "HistorySummary": .string(item.summary),
            ]
        }
        return Self.answer("AlarmHistoryItems", shapes, next: page.next)
    }
}

/// What the API changes in the alarms.
extension Monitoring {
    static let alarmsMax = 200

    /// A changed alarm keeps its state until it is evaluated again. False when there are too many.
    func put(_ alarm: MetricAlarm) -> Bool {
        guard alarms[alarm.name] != nil || alarms.count < Self.alarmsMax else { return false }
        let isNew = alarms[alarm.name] == nil
        var alarm = alarm
        if let old = alarms[alarm.name] {
            (alarm.state, alarm.reason, alarm.stateSince) = (old.state, old.reason, old.stateSince)
        }
        alarms[alarm.name] = alarm
        note(alarm.name, .configuration, "Alarm \"\(alarm.name)\" \(isNew ? "created" : "updated")")
        return true
    }

    /// None is deleted when one is not there.
    func delete(alarms names: [String]) -> Bool {
        guard names.allSatisfy({ alarms[$0] != nil }) else { return false }
        for name in names {
            alarms[name] = nil
            note(name, .configuration, "Alarm \"\(name)\" deleted")
        }
        return true
    }

    /// Until the next evaluation; its actions are carried out. False when there is no such alarm.
    func set(_ name: String, to state: MetricAlarm.State, _ reason: String, _ control: ControlPlane) async
        -> Bool
    {
        guard alarms[name] != nil else { return false }
        change(name, to: state, reason)
        if state == .alarm { await trigger(name, after: minute(at: clock.now) - 1, control) }
        return true
    }

    func enableActions(_ names: [String], _ enabled: Bool) {
        for name in names where alarms[name] != nil && alarms[name]?.actionsEnabled != enabled {
            alarms[name]?.actionsEnabled = enabled
            note(name, .configuration, "Alarm \"\(name)\" updated")
        }
    }
}
