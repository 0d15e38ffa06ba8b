/// What RDS says happened, in the words and with the numbers of "Amazon RDS event categories and event messages".
enum DatabaseEventKind: String, Hashable, Sendable, CaseIterable {
    case shutdown = "RDS-EVENT-0004"
    case restarted = "RDS-EVENT-0006"
    case failoverStarted = "RDS-EVENT-0013"
    case failoverAbandoned = "RDS-EVENT-0034"
    case failoverCompleted = "RDS-EVENT-0049"
    case stopped = "RDS-EVENT-0087"
    case started = "RDS-EVENT-0088"

    var message: String {
        switch self {
        case .shutdown: "DB instance shutdown"
        case .restarted: "DB instance restarted"
        case .failoverStarted: "Multi-AZ instance failover started."
        case .failoverAbandoned:
            "Abandoning user requested failover since a failover recently occurred on the database instance."
        case .failoverCompleted: "Multi-AZ instance failover completed"
        case .stopped: "DB instance stopped"
        case .started: "DB instance started"
        }
    }

    var categories: [String] {
        switch self {
        case .shutdown, .restarted: ["availability"]
        case .failoverStarted, .failoverAbandoned, .failoverCompleted: ["failover"]
        case .stopped, .started: ["notification"]
        }
    }
}

struct DatabaseEvent: Hashable, Sendable {
    /// Counts from 1, so that a page can go on where the one before ended.
    let number: Int
    let at: Duration
    let kind: DatabaseEventKind
}
