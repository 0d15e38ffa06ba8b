/// The database instance of a ScriptedAWSCloud.
package struct ScriptedDatabase: Sendable {
    package var status = "available"
    package var zone = ScriptedAWSCloud.zones[1]
    package var second: String? = ScriptedAWSCloud.zones[0]
    package var isMultiAZ = true
    /// What RebootDBInstance leads to at once; nil: nothing.
    package var statusAfterReboot: String? = "available"
    package var events: [String] = []

    mutating func answer(_ request: ScriptedAWS.Request) -> ScriptedAWS.Reply {
        guard request.action == "DescribeEvents" || request.form["DBInstanceIdentifier"] == "shop-db" else {
            let error = "<Error><Code>DBInstanceNotFound</Code><Message>scripted</Message></Error>"
            return .status(404, "<ErrorResponse xmlns=\"urn:rds\">\(error)</ErrorResponse>")
        }
        switch request.action {
        case "DescribeEvents":
            let rows = events.map {
                "<Event><Message>\($0)</Message><Date>2026-11-23T10:00:00Z</Date></Event>"
            }
            return .ok(ScriptedAWSCloud.query(request, "<Events>\(rows.joined())</Events>"))
        case "RebootDBInstance":
            if let after = statusAfterReboot, let other = second, request.form["ForceFailover"] == "true" {
                (status, zone, second) = (after, other, zone)
            }
            return .ok(ScriptedAWSCloud.query(request, "<DBInstance>\(shape)</DBInstance>"))
        default:
            return .ok(
                ScriptedAWSCloud.query(
                    request, "<DBInstances><DBInstance>\(shape)</DBInstance></DBInstances>"))
        }
    }

    private var shape: String {
        """
        <DBInstanceIdentifier>shop-db</DBInstanceIdentifier><DBInstanceArn>arn:db</DBInstanceArn>\
        <DBInstanceStatus>\(status)</DBInstanceStatus><MultiAZ>\(isMultiAZ)</MultiAZ>\
        <AvailabilityZone>\(zone)</AvailabilityZone>\
        \(second.map { "<SecondaryAvailabilityZone>\($0)</SecondaryAvailabilityZone>" } ?? "")\
        <Endpoint><Address>shop-db.example</Address><Port>5432</Port></Endpoint>\
        <TagList><Tag><Key>env</Key><Value>test</Value></Tag></TagList>
        """
    }
}
