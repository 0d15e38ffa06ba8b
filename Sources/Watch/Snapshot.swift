package import AWS

/// What the platform said at one moment.
package struct Snapshot: Hashable, Sendable {
    package struct Task: Hashable, Sendable {
        package var id: String
        package var service: String
        package var zone: String?
        package var lastStatus: String
        package var desiredStatus: String
        package var healthStatus: String
        package var address: String?
        package var stoppedReason: String?

        package init(_ task: ECSTask, service: String, zone: String?) {
            id = task.id
            self.service = service
            self.zone = zone
            lastStatus = task.lastStatus
            desiredStatus = task.desiredStatus
            healthStatus = task.healthStatus
            address = task.address
            stoppedReason = task.stoppedReason
        }

        var isRunning: Bool { lastStatus == "RUNNING" && desiredStatus == "RUNNING" }
        /// On its way up.
        var isPending: Bool { ["PROVISIONING", "PENDING", "ACTIVATING"].contains(lastStatus) }
    }

    package var services: [ECSService]
    /// Those that run or are to run, and those seen before that have stopped since.
    package var tasks: [Task]
    /// Of the balanced service; without those that drain.
    package var targets: [TargetHealth]
    /// Addresses of the balancer's nodes, sorted; empty where AWS does not tell them.
    package var nodes: [String]

    /// The system's database, if it names one.
    package var database: Database?

    package init(
        services: [ECSService], tasks: [Task], targets: [TargetHealth], nodes: [String],
        database: Database? = nil
    ) {
        self.services = services
        self.tasks = tasks
        self.targets = targets
        self.nodes = nodes
        self.database = database
    }

    /// The database instance and what RDS told of it lately.
    package struct Database: Hashable, Sendable {
        package var instance: DBInstance
        package var events: [DBEvent]

        package init(instance: DBInstance, events: [DBEvent]) {
            self.instance = instance
            self.events = events
        }
    }
}
