/// Amazon RDS: the Multi-AZ database instance.
struct RDS {
    static let version = "2014-10-31"
    static let namespace = "http://rds.amazonaws.com/doc/2014-10-31/"

    let control: ControlPlane

    var database: DatabaseControl { control.database }
    var names: DatabaseNames { database.names }

    func answer(_ form: FormParameters) async throws(APIError) -> (String, [XML]) {
        let action = form["Action"] ?? ""
        let result: [XML] =
            switch action {
            case "DescribeDBInstances": try await describeInstances(form)
            case "DescribeDBSubnetGroups": try await describeSubnetGroups(form)
            case "DescribeEvents": try await describeEvents(form)
            case "ListTagsForResource": try listTags(form)
            case "RebootDBInstance", "StartDBInstance", "StopDBInstance": try await change(action, form)
            default:
                throw APIError(
                    "InvalidAction", "Could not find operation \(action) for version \(Self.version)")
            }
        return (action, result)
    }

    // MARK: Changing

    private func change(_ action: String, _ form: FormParameters) async throws(APIError) -> [XML] {
        let name = try required("DBInstanceIdentifier", form)
        guard isOurs(name) else { throw notFound(name) }
        let forced = try form.bool("ForceFailover") ?? false
        do throws(DatabaseControl.Refusal) {
            switch action {
            case "RebootDBInstance": try await database.reboot(forceFailOver: forced)
            case "StopDBInstance": try await database.stop()
            default: try await database.start()
            }
        } catch {
            guard case .notAvailable(let status) = error else { return [] }
            throw APIError("InvalidDBInstanceState", "Instance \(name) is not in \(status) state.")
        }
        return [.element("DBInstance", await instance())]
    }

    // MARK: What all calls share

    func required(_ name: String, _ form: FormParameters) throws(APIError) -> String {
        guard let value = form[name], !value.isEmpty else {
            throw APIError("MissingParameter", "The request must contain the parameter \(name).")
        }
        return value
    }

    /// Identifiers are not case-sensitive, and an ARN is as good.
    func isOurs(_ name: String) -> Bool { name.lowercased() == names.instance || name == names.arn }

    func notFound(_ name: String) -> APIError {
        APIError("DBInstanceNotFound", "DBInstance \(name) not found.", status: 404)
    }

    /// One page of at most `MaxRecords`, and the marker of the next.
    func page<Item>(_ items: [Item], _ form: FormParameters, by key: (Item) -> String) throws(APIError)
        -> Page<Item>
    {
        let size = try form.int("MaxRecords") ?? 100
        guard (20...100).contains(size) else {
            throw APIError(
                "InvalidParameterValue", "Invalid value \(size) for MaxRecords. Must be between 20 and 100")
        }
        guard let page = Page(items, by: key, after: form["Marker"], size: size) else {
            throw APIError("InvalidParameterValue", "The parameter Marker is not a valid marker.")
        }
        return page
    }

    func answer<Item>(_ page: Page<Item>, _ list: String, of name: String, _ shape: (Item) -> [XML]) -> [XML]
    {
        (page.next.map { [XML.leaf("Marker", $0)] } ?? [])
            + [.element(list, page.items.map { .element(name, shape($0)) })]
    }

    // MARK: Tags

    private func listTags(_ form: FormParameters) throws(APIError) -> [XML] {
        let arn = try required("ResourceName", form)
        guard arn.hasPrefix("arn:aws:rds:") else {
            throw APIError(
                "InvalidParameterValue",
                "The specified resource name does not match an RDS resource in this region.")
        }
        guard arn == names.arn || arn == names.subnetGroupARN else {
            throw arn.contains(":subgrp:")
                ? subnetGroupNotFound(arn) : notFound(arn.split(separator: ":").last.map(String.init) ?? arn)
        }
        return [tags("TagList")]
    }

    func tags(_ list: String) -> XML {
        .element(
            list,
            ResourceTags.standard(project: names.project).map {
                .element("Tag", [.leaf("Key", $0.key), .leaf("Value", $0.value)])
            })
    }

    func subnetGroupNotFound(_ name: String) -> APIError {
        APIError("DBSubnetGroupNotFoundFault", "DB subnet group '\(name)' does not exist.", status: 404)
    }
}
