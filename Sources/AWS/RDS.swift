/// Relational Database Service: the database instance, and failing it over.
package struct RDS: Sendable {
    let wire: Wire

    private func form(_ action: String) -> Form { Form(action: action, version: "2014-10-31") }

    private func result(_ action: String, _ form: Form) async throws(AWSError) -> XMLElement {
        let root = try await wire.form(.rds, action, form)
        guard let result = root["\(action)Result"] else {
            throw AWSError(
                service: AWSService.rds.rawValue, action: action, kind: .badAnswer("no \(action)Result"))
        }
        return result
    }

    /// A name that is not there is an error, `DBInstanceNotFound`.
    package func describeDBInstance(_ name: String) async throws(AWSError) -> DBInstance {
        let action = "DescribeDBInstances"
        var form = form(action)
        form.add("DBInstanceIdentifier", name)
        let found = try await result(action, form)["DBInstances"]?.children ?? []
        guard let element = found.first else {
            throw AWSError(
                service: AWSService.rds.rawValue, action: action, kind: .badAnswer("no DBInstance"))
        }
        return DBInstance(element)
    }

    /// With `forceFailover` the standby takes over; without, the primary restarts where it is.
    package func rebootDBInstance(_ name: String, forceFailover: Bool) async throws(AWSError) {
        var form = form("RebootDBInstance")
        form.add("DBInstanceIdentifier", name)
        form.add("ForceFailover", forceFailover ? "true" : "false")
        _ = try await result("RebootDBInstance", form)
    }

    /// What happened to the instance in the last minutes, oldest first.
    package func describeEvents(instance name: String, lastMinutes: Int) async throws(AWSError) -> [DBEvent] {
        let action = "DescribeEvents"
        var events: [DBEvent] = []
        var marker: String?
        repeat {
            var page = form(action)
            page.add("SourceIdentifier", name)
            page.add("SourceType", "db-instance")
            page.add("Duration", "\(lastMinutes)")
            page.add("Marker", marker)
            let result = try await result(action, page)
            events += (result["Events"]?.children ?? []).map(DBEvent.init)
            let next = result.text("Marker")
            if let next, next == marker {
                throw AWSError(
                    service: AWSService.rds.rawValue, action: action,
                    kind: .badAnswer("page \(next) follows itself"))
            }
            marker = next
        } while marker != nil
        return events
    }
}

/// A database instance, as far as fail-over is concerned.
package struct DBInstance: Hashable, Sendable {
    package var name: String
    package var arn: String
    /// available, rebooting, stopped…
    package var status: String
    package var isMultiAZ: Bool
    /// The primary's zone.
    package var zone: String?
    /// The standby's.
    package var secondaryZone: String?
    /// The name it is reached by, whichever zone it is in; nil while it has none.
    package var endpoint: String?
    package var port: Int?
    package var tags: [String: String]

    package init(
        name: String, arn: String = "", status: String, isMultiAZ: Bool = true, zone: String?,
        secondaryZone: String?,
        endpoint: String? = nil, port: Int? = nil, tags: [String: String] = [:]
    ) {
        self.name = name
        self.arn = arn
        self.status = status
        self.isMultiAZ = isMultiAZ
        self.zone = zone
        self.secondaryZone = secondaryZone
        self.endpoint = endpoint
        self.port = port
        self.tags = tags
    }

    init(_ element: XMLElement) {
        var tags: [String: String] = [:]
        for tag in element["TagList"]?.children ?? [] {
            tags[tag.text("Key") ?? ""] = tag.text("Value") ?? ""
        }
        self.init(
            name: element.text("DBInstanceIdentifier") ?? "", arn: element.text("DBInstanceArn") ?? "",
            status: element.text("DBInstanceStatus") ?? "", isMultiAZ: element.text("MultiAZ") == "true",
            zone: element.text("AvailabilityZone"), secondaryZone: element.text("SecondaryAvailabilityZone"),
            endpoint: element.text("Endpoint", "Address"),
            port: element.text("Endpoint", "Port").flatMap { Int($0) }, tags: tags)
    }
}

/// One line of RDS's story of an instance. It has no id: date and message together are what tells two apart.
package struct DBEvent: Hashable, Sendable {
    package var message: String
    /// As AWS writes it, ISO 8601.
    package var date: String

    package init(message: String, date: String) {
        self.message = message
        self.date = date
    }

    init(_ element: XMLElement) {
        self.init(message: element.text("Message") ?? "", date: element.text("Date") ?? "")
    }
}
