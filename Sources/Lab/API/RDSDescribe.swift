/// The instance and its subnet group, as RDS shows them.
extension RDS {
    func describeInstances(_ form: FormParameters) async throws(APIError) -> [XML] {
        if let name = form["DBInstanceIdentifier"], !isOurs(name) { throw notFound(name) }
        var isWanted = true
        for index in form.indices("Filters.Filter") {
            let (filter, prefix) = (
                form["Filters.Filter.\(index).Name"] ?? "", "Filters.Filter.\(index).Values.Value"
            )
            let values = form.list(prefix)
            switch filter {
            case "db-instance-id": isWanted = isWanted && values.contains(where: isOurs)
            case "dbi-resource-id": isWanted = isWanted && values.contains(names.resource)
            case "engine": isWanted = isWanted && values.contains("postgres")
            case "db-cluster-id", "domain": isWanted = false
            default: throw APIError("InvalidParameterValue", "Unrecognized filter name: \(filter)")
            }
        }
        let found = try page(isWanted ? [await instance()] : [], form) { _ in names.instance }
        return answer(found, "DBInstances", of: "DBInstance") { $0 }
    }

    /// Settings are the document's; what can change is what the machine really does.
    func instance() async -> [XML] {
        let (state, network) = (await database.state, await control.snapshot.1)
        let version = await database.engineVersion ?? ""
        return [
            .leaf("DBInstanceIdentifier", names.instance), .leaf("DBInstanceClass", "db.t3.micro"),
            .leaf("Engine", "postgres"), .leaf("DBInstanceStatus", state.status.rawValue),
            .leaf("MasterUsername", "lab"), .leaf("DBName", "items"),
            .element("Endpoint", [.leaf("Address", names.endpoint), .leaf("Port", 5432)]),
            .leaf("AllocatedStorage", 20),
            .date("InstanceCreateTime", database.clock.calendar(database.createdAt)),
            .leaf("PreferredBackupWindow", "20:00-20:30"), .leaf("BackupRetentionPeriod", 7),
            .list("DBSecurityGroups", []), .list("VpcSecurityGroups", []),
            .element(
                "DBParameterGroups",
                [
                    .element(
                        "DBParameterGroup",
                        [
                            .leaf("DBParameterGroupName", "default.postgres15"),
                            .leaf("ParameterApplyStatus", "in-sync"),
                        ])
                ]),
            .leaf("AvailabilityZone", state.primary), .element("DBSubnetGroup", subnetGroup(network)),
            .leaf("PreferredMaintenanceWindow", "sun:21:00-sun:21:30"), .list("PendingModifiedValues", []),
            .leaf("MultiAZ", true), .leaf("EngineVersion", version), .leaf("AutoMinorVersionUpgrade", true),
            .list("ReadReplicaDBInstanceIdentifiers", []), .leaf("LicenseModel", "postgresql-license"),
            .leaf("SecondaryAvailabilityZone", state.standby), .leaf("PubliclyAccessible", false),
            .leaf("StorageType", "gp3"), .leaf("DbInstancePort", 0), .leaf("StorageEncrypted", true),
            .leaf("DbiResourceId", names.resource), .leaf("CACertificateIdentifier", "rds-ca-rsa2048-g1"),
            .leaf("CopyTagsToSnapshot", false), .leaf("MonitoringInterval", 0),
            .leaf("DBInstanceArn", names.arn),
            .leaf("IAMDatabaseAuthenticationEnabled", false), .leaf("PerformanceInsightsEnabled", false),
            .leaf("DeletionProtection", false), .list("AssociatedRoles", []), tags("TagList"),
        ]
    }

    func describeSubnetGroups(_ form: FormParameters) async throws(APIError) -> [XML] {
        if let name = form["DBSubnetGroupName"], name != names.subnetGroup { throw subnetGroupNotFound(name) }
        let network = await control.snapshot.1
        let found = try page([subnetGroup(network)], form) { _ in names.subnetGroup }
        return answer(found, "DBSubnetGroups", of: "DBSubnetGroup") { $0 }
    }

    private func subnetGroup(_ network: VirtualNetwork) -> [XML] {
        let subnets = network.subnets.filter { $0.tier == "db" }.map { subnet in
            XML.element(
                "Subnet",
                [
                    .leaf("SubnetIdentifier", subnet.id),
                    .element("SubnetAvailabilityZone", [.leaf("Name", subnet.zone)]),
                    .list("SubnetOutpost", []), .leaf("SubnetStatus", "Active"),
                ])
        }
        return [
            .leaf("DBSubnetGroupName", names.subnetGroup),
            .leaf("DBSubnetGroupDescription", "Database subnets of \(names.project)"),
            .leaf("VpcId", network.vpc),
            .leaf("SubnetGroupStatus", "Complete"), .list("Subnets", subnets),
            .leaf("DBSubnetGroupArn", names.subnetGroupARN),
        ]
    }
}
