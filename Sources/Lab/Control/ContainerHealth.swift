/// What the container health checks of one task have said so far (Docker's rules).
struct ContainerHealth: Hashable, Sendable {
    enum Status: String, Sendable {
        case unknown = "UNKNOWN"
        case healthy = "HEALTHY"
        case unhealthy = "UNHEALTHY"
    }

    var status = Status.unknown
    /// Failures in a row.
    var failures = 0
    var isChecking = false
    /// Nil until the task runs.
    var nextCheck: Duration?

    /// One success makes it healthy; `retries` failures in a row unhealthy. Failures before `countsFrom` are
    /// not counted.
    mutating func record(_ passed: Bool, at now: Duration, countsFrom: Duration, retries: Int, next: Duration)
    {
        isChecking = false
        nextCheck = next
        if passed {
            failures = 0
            status = .healthy
        } else if now >= countsFrom || status == .healthy {
            failures += 1
            if failures >= retries { status = .unhealthy }
        }
    }
}
