/// What the machine's counters stand at. They only grow, so that two readings give the mean of the time between them,
/// and what is read once in a metric's period misses nothing of it.
package struct MachineReading: Hashable, Sendable {
    package struct Task: Hashable, Sendable {
        package var id: TaskID
        /// CPU seconds used, and those its quota gave it, since it first passed its health check.
        package var used: Double
        package var allowed: Double
        /// Resident bytes of its processes; pages they share count for each.
        package var memory: Int

        package init(id: TaskID, used: Double, allowed: Double, memory: Int) {
            self.id = id
            self.used = used
            self.allowed = allowed
            self.memory = memory
        }
    }

    /// One node of the balancer.
    package struct Node: Hashable, Sendable {
        package var zone: String
        package var requests = 0
        /// Answers of targets by the first digit of their status, `2` to `5`; and those the node gave itself, 5xx only.
        package var targetAnswers: [Int: Int] = [:]
        package var ownErrors = 0
        /// Seconds from a request's last byte to its answer's first, mean of the node's last 1,024.
        package var responseTime = 0.0

        package init(zone: String) { self.zone = zone }
    }

    package struct Database: Hashable, Sendable {
        /// Of the primary.
        package var zone: String
        /// CPU seconds of all its processes, and the cores an instance of its class would have.
        package var used: Double
        package var cores: Double
        package var connections: Int

        package init(zone: String, used: Double, cores: Double, connections: Int) {
            self.zone = zone
            self.used = used
            self.cores = cores
            self.connections = connections
        }
    }

    /// Tasks that have been healthy, also those of a zone that is cut off: their agents do not report through it.
    package var tasks: [Task] = []
    /// Those that answered.
    package var nodes: [Node] = []
    /// Nil when there is none.
    package var database: Database?

    package init() {}
}
