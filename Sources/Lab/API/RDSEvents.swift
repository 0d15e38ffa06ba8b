import Foundation

/// DescribeEvents: what happened to the instance, oldest first.
extension RDS {
    func describeEvents(_ form: FormParameters) async throws(APIError) -> [XML] {
        let source = form["SourceIdentifier"]
        let type = form["SourceType"]
        if source != nil, type == nil {
            throw APIError(
                "InvalidParameterCombination",
                "The SourceType parameter must be supplied if SourceIdentifier is supplied.")
        }
        if let type, !Self.sourceTypes.contains(type) {
            throw APIError("InvalidParameterValue", "Invalid source type: \(type)")
        }
        let span = try await span(form)
        let categories = form.list("EventCategories.EventCategory")
        let isAboutUs = (source.map(isOurs) ?? true) && (type ?? "db-instance") == "db-instance"
        let wanted = isAboutUs ? await database.events : []
        let events = wanted.filter { event in
            span.contains(database.clock.calendar(event.at))
                && (categories.isEmpty || categories.contains(where: event.kind.categories.contains))
        }
        // Fixed width: pages go on after a key, in the order of text.
        let found = try page(events, form) { String(format: "%012d", $0.number) }
        return answer(found, "Events", of: "Event", event)
    }

    private static let sourceTypes: Set = [
        "db-instance", "db-parameter-group", "db-security-group", "db-snapshot", "db-cluster",
        "db-cluster-snapshot",
        "custom-engine-version", "db-proxy", "blue-green-deployment",
    ]

    /// The last hour if nothing else is said. `Duration` is in minutes; two weeks is what RDS keeps.
    private func span(_ form: FormParameters) async throws(APIError) -> ClosedRange<Double> {
        let now = database.clock.calendar(database.clock.now)
        let minutes = try form.int("Duration") ?? 60
        guard (1...20_160).contains(minutes) else {
            throw APIError(
                "InvalidParameterValue", "Duration must be between 1 and 20160 minutes, was \(minutes)")
        }
        let end = try date("EndTime", form) ?? now
        let start = try date("StartTime", form) ?? end - Double(minutes) * 60
        guard start <= end else {
            throw APIError("InvalidParameterCombination", "StartTime must be before EndTime")
        }
        return start...end
    }

    private func date(_ name: String, _ form: FormParameters) throws(APIError) -> Double? {
        guard let text = form[name] else { return nil }
        for style in [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)] {
            // Not this form of it; when it is none, that is said below.
            if let date = try? style.parse(text) { return date.timeIntervalSince1970 }
        }
        throw APIError(
            "InvalidParameterValue", "Invalid value '\(text)' for \(name). It must be an ISO 8601 date.")
    }

    private func event(_ event: DatabaseEvent) -> [XML] {
        [
            .leaf("SourceIdentifier", names.instance), .leaf("SourceType", "db-instance"),
            .leaf("Message", event.kind.message),
            .element("EventCategories", event.kind.categories.map { .leaf("EventCategory", $0) }),
            .date("Date", database.clock.calendar(event.at)), .leaf("SourceArn", names.arn),
        ]
    }
}
