package import AWS
import Plan

/// `fail over database`: RDS RebootDBInstance with ForceFailover. The primary dies at once, the standby takes over.
package struct FailOverDatabase: FaultAction {
    package init() {}

    package func resolve(_ context: FaultContext) async throws(FaultProblem) -> any ResolvedFault {
        guard let name = context.system.database else {
            throw .noTarget("the system names no database: add `database NAME` to its .system file")
        }
        let before = try await asking { () async throws(AWSError) in
            try await context.platform.rds.describeDBInstance(name)
        }
        if let objection = Self.objection(to: before) { throw .noTarget(objection) }
        return Resolved(context: context, before: before)
    }

    /// nil: it can be failed over, and the harm can be told from its zones.
    package static func objection(to database: DBInstance) -> String? {
        guard database.isMultiAZ else {
            return "\(database.name) is not Multi-AZ: it has no standby to fail over to"
        }
        guard database.status == "available" else {
            return "\(database.name) is \(database.status), not available: wait until it is"
        }
        guard let zone = database.zone, let second = database.secondaryZone, zone != second else {
            return "RDS does not say in which zones \(database.name) and its standby are"
        }
        return nil
    }

    /// A fail-over with the instance as it was before.
    package struct Resolved: ResolvedFault {
        let context: FaultContext
        let before: DBInstance

        private var zone: String { before.zone ?? "" }
        private var second: String { before.secondaryZone ?? "" }

        package var targets: [String] { ["database \(before.name), from \(zone) to \(second)"] }
        package var guarded: [GuardedTarget] { [GuardedTarget(id: before.arn, tags: before.tags)] }
        package func strikes() async throws(FaultProblem) -> [Strike] { [] }
        package var calls: [String] {
            ["rds RebootDBInstance DBInstanceIdentifier=\(before.name) ForceFailover=true"]
        }
        /// The old zone is as good as the new one: nothing is changed back.
        package var undo: Undo { .nothing }

        package func inject(
            tagged _: [String: String], made: @Sendable ([String: String]) throws -> Void
        ) async throws(FaultProblem) -> [String: String] {
            try await asking { () async throws(AWSError) in
                try await context.platform.rds.rebootDBInstance(before.name, forceFailover: true)
            }
            return [:]
        }

        /// RDS saying that it reboots is not enough, unless clients notice.
        package func effect(_ applied: [String: String], harm: String?) async throws(FaultProblem)
            -> Observation
        {
            let now = try await look()
            if now.zone == second { return .proved("\(now.name) is in \(second) now, and \(now.status)") }
            guard now.status != "available" else {
                return .notYet("\(now.name) is still available in \(zone)")
            }
            guard let harm else { return .notYet("\(now.name) is \(now.status), but no client notices") }
            return .proved("\(now.name) is \(now.status), and \(harm)")
        }

        package func healing(_ applied: [String: String]) async throws(FaultProblem) -> Observation {
            let now = try await look()
            guard now.status == "available" else { return .notYet("\(now.name) is \(now.status)") }
            guard now.zone == second, now.secondaryZone == zone else {
                let zones = "\(now.zone ?? "no zone") with its standby in \(now.secondaryZone ?? "none")"
                return .notYet("\(now.name) is in \(zones), not in \(second) with its standby in \(zone)")
            }
            return .proved("\(now.name) is available in \(second), its standby in \(zone)")
        }

        private func look() async throws(FaultProblem) -> DBInstance {
            try await asking { () async throws(AWSError) in
                try await context.platform.rds.describeDBInstance(before.name)
            }
        }
    }
}

extension FailOverDatabase {
    package static let about = FaultDescription(
        syntax: "at TIME  fail over database",
        what: "Kills the primary of a Multi-AZ database instance; its standby takes over.",
        calls: ["rds RebootDBInstance (ForceFailover)"],
        effect:
            "The instance's zones are swapped; or it is not available, and clients see failures.",
        undo: "None: the database stays where it failed over to.",
        healed: "The instance is available, its two zones swapped.",
        limits: """
            RDS says 60 to 120 s until the endpoint answers again. The standby is rebuilt after it is available: \
            a second fail-over straight after the first may be refused by RDS.
            """,
        permissions: FaultDescription.reads + ["rds:DescribeDBInstances", "rds:RebootDBInstance"])
}
